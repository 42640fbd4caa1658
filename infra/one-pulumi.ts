/** A program and this package use one Pulumi: of two, one knows nothing of the stack, and says so in ways that mislead. */
import { RunError } from "@pulumi/pulumi";

const entry = /^(.*[\\/]node_modules[\\/]@pulumi[\\/](pulumi|aws))[\\/]index\.js$/;

/**
 * @param loaded paths of all modules that are loaded
 * @throws RunError where a package of Pulumi's is among them twice
 */
export function refuseCopies(loaded: readonly string[]): void {
  for (const name of ["pulumi", "aws"]) {
    const copies = loaded.flatMap((file) => {
      const [, folder, found] = entry.exec(file) ?? [];
      return found === name ? [folder!] : [];
    });
    if (copies.length < 2) continue;
    throw new RunError(
      `The program loads ${copies.length} copies of @pulumi/${name}, and they do not know of each other: ${copies.join(", ")}. ` +
        `firehose-opensearch takes the program's own, of the versions in its peerDependencies. Run: npm ls @pulumi/${name}, give both the same version, and npm dedupe`,
    );
  }
}
