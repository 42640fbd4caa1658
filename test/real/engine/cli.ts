/** The Pulumi command line that cli/ pins, as build-cli.sh builds it. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";

const folder = resolve(__dirname, "../../../.cache/pulumi-cli");

/** Why it cannot be used, or `undefined`. */
export const cliMissing = (): string | undefined =>
  existsSync(join(folder, "bin/pulumi"))
    ? undefined
    : "The Pulumi command line is missing: run test/real/engine/build-cli.sh (it needs Go).";

export const pulumiCommand = (): Promise<PulumiCommand> => PulumiCommand.get({ root: folder });
