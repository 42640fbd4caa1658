/** `npm run build`: what a program imports from this package, as JavaScript with types, in dist/. */
const { execFileSync } = require("node:child_process");
const { appendFileSync, readdirSync, rmSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const dist = join(root, "dist");

/** Folders whose functions a closure captures: the text of a Lambda function is made of them. */
const captured = ["firehose", "processors", "log-objects", "infra/domain-call"];

/** How a module says to Pulumi that closures hold what they use of it, and not a `require` of it. */
const byValue = "exports.deploymentOnlyModule = true;\n";

const compile = (...options) =>
  execFileSync(
    process.execPath,
    [require.resolve("typescript/lib/tsc.js"), "-p", join(root, "tsconfig.build.json"), ...options],
    { cwd: root, stdio: "inherit" },
  );

rmSync(dist, { recursive: true, force: true });
// The code as the checkout compiles it, and thus the same text in Lambda; the types with their sentences.
compile();
compile("--declaration", "--emitDeclarationOnly", "--removeComments", "false");
for (const folder of captured) {
  for (const file of readdirSync(join(dist, folder), { recursive: true })) {
    if (file.endsWith(".js")) appendFileSync(join(dist, folder, file), byValue);
  }
}
