// What Biome cannot see: lost promises, the arrows between the rooms, and what breaks in a serialized closure.
import tseslint from "typescript-eslint";
import { closureTraps, syntaxTraps } from "./eslint.closure-traps.mjs";

const forbid = (regex, message) => ({ regex, message });
const arrows = (files, ...patterns) => ({
  files: [files],
  rules: { "no-restricted-imports": ["error", { patterns }] },
});

const rooms = [
  "receive",
  "buffer",
  "transform",
  "deliver",
  "backup",
  "search",
  "remote",
  "dashboard",
  "plan",
];
const outside = forbid(
  "^(\\.\\./)+(infra|processors|publisher|index)(/|$)",
  "local/ knows the program only through the evaluated plan.",
);

export default tseslint.config(
  {
    ignores: [
      "node_modules/**",
      ".local/**",
      ".cache/**",
      "local/dashboard/page/**",
      "**/*.mjs",
      "**/*.cjs",
      "**/target/**",
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
      "max-lines": ["error", { max: 320, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // Tests talk to servers whose handlers may be async, and await what may be no promise.
    files: ["test/**/*.ts"],
    rules: {
      "max-lines": "off",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { arguments: false } }],
      "@typescript-eslint/await-thenable": "off",
    },
  },
  arrows(
    "firehose/**/*.ts",
    forbid("^\\.\\./", "firehose/ is a leaf: it imports node:* only."),
    forbid("^@", "firehose/ is a leaf."),
  ),
  arrows(
    "processors/*.ts",
    forbid("^(\\.\\./)+(infra|local|publisher|index)(/|$)", "processors/ imports firehose/ and node:* only."),
    forbid("^@pulumi/", "processors/ knows nothing of Pulumi."),
  ),
  arrows(
    "infra/**/*.ts",
    forbid("^(\\.\\./)+(local|publisher)(/|$)", "infra/ knows neither the local run nor the publisher."),
  ),
  arrows(
    "publisher/**/*.ts",
    forbid("^(\\.\\./)+(infra|local|index)(/|$)", "publisher/ imports firehose/ only."),
  ),
  ...rooms.map((room) =>
    arrows(
      `local/${room}/**/*.ts`,
      outside,
      forbid(
        `^(\\.\\./)+(?!plan/plan$)(${rooms.filter((other) => other !== room).join("|")})/`,
        "Rooms of local/ do not import each other; pipeline.ts joins them.",
      ),
    ),
  ),
  arrows("local/*.ts", outside),
  {
    // What a Lambda function's text is made of: the processors, the call into the domain, and what both import.
    files: ["processors/**/*.ts", "infra/domain-call/**/*.ts", "firehose/**/*.ts"],
    ignores: ["processors/dev/**"],
    plugins: { closure: closureTraps },
    rules: { "no-restricted-syntax": ["error", ...syntaxTraps], "closure/no-module-state": "error" },
  },
);
