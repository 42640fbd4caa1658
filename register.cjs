/**
 * The compiler of this project's own commands: ts-node with swc, and compiled code kept for the next start.
 * The program itself (index.ts) is compiled as Pulumi does it, see local/plan/evaluate-apart.ts.
 */
const { join } = require("node:path");
require("node:module").enableCompileCache?.(join(__dirname, "node_modules/.cache/node"));
require("ts-node").register({ swc: true });
