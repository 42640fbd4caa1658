// What Biome cannot see: lost promises, and what breaks in a serialized closure. Who imports whom: .dependency-cruiser.cjs
import tseslint from "typescript-eslint";
import { closureTraps, syntaxTraps } from "./eslint.closure-traps.mjs";

/** What these load, `npm run check:arrows` cannot see. */
const hiddenImports = [
  "ImportExpression[source.type!='Literal']",
  "CallExpression[callee.name='require'][arguments.0.type!='Literal']",
  "CallExpression[callee.name='createRequire']",
].map((selector) => ({
  selector,
  message: "Import by a name that stands there: who imports whom is checked.",
}));

export default tseslint.config(
  {
    ignores: [
      "node_modules/**",
      ".local/**",
      ".cache/**",
      "local/dashboard/page/**",
      "dist/**",
      "test/real/fixtures/**",
      "**/*.mjs",
      "**/*.cjs",
      "**/target/**",
      "test/programs/**",
    ],
  },
  {
    files: ["**/*.ts"],
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true } },
    plugins: { "@typescript-eslint": tseslint.plugin },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // Tests talk to servers whose handlers may be async, and await what may be no promise.
    files: ["test/**/*.ts"],
    rules: {
      "max-lines": "off",
      "max-lines-per-function": "off",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { arguments: false } }],
      "@typescript-eslint/await-thenable": "off",
    },
  },
  {
    // One factory holds all that is serialized with it: what stood outside would be built anew at each call.
    files: ["infra/domain-call/retention.ts"],
    rules: { "max-lines-per-function": "off" },
  },
  {
    files: ["{typed,firehose,processors,log-objects,infra,publisher,local,bench}/**/*.ts", "index.ts"],
    // What loads a program, and what loads a function as Lambda does.
    ignores: ["local/plan/run-program.ts", "local/transform/{lambda-worker,load-archive}.ts"],
    rules: { "no-restricted-syntax": ["error", ...hiddenImports] },
  },
  {
    // What a Lambda function's text is made of: the processors, the call into the domain, and what both import.
    files: ["processors/**/*.ts", "log-objects/**/*.ts", "infra/domain-call/**/*.ts", "firehose/**/*.ts"],
    ignores: ["processors/dev/**"],
    plugins: { closure: closureTraps },
    rules: {
      "no-restricted-syntax": ["error", ...hiddenImports, ...syntaxTraps],
      "closure/no-module-state": "error",
    },
  },
  {
    // What runs for each record. The others run once for a batch, or are a level deeper.
    files: ["processors/**/*.ts"],
    ignores: [
      "processors/dev/**",
      "processors/payloads/put-{again,batches}.ts",
      "processors/handler/{index,further}.ts",
    ],
    rules: {
      "closure/no-slow-name": "error",
    },
  },
);
