/**
 * Who may import whom: what stands here is allowed, all else is refused (`npm run check:arrows`). Packages count, and so
 * do type imports, `import()` and `require`. A new folder or package stands here first.
 */
const packages = (...names) => names.map((name) => `^node_modules/${name}/`);

/** What joins the rooms of local/; every other file at its top is a leaf that the rooms share. */
const joining =
  "(main|demo|flags|run|reload|watch-program|invoke-once|inspection|testing|test-faults|not-here|object-events|open-probes|dashboard-stream|open-stream|open-search-api|streams|pipeline|stream-destination|outbox|replay-documents|retention)";
const leaves = [`^local/(?!${joining}\\.ts$)[^/]+\\.ts$`, "^local/sqlite/"];

/** The floors of local/search, the lowest first. */
const searchFloors = {
  documents: [],
  file: ["documents"],
  query: ["documents"],
  reading: ["documents", "file", "query"],
  writing: ["documents", "file", "query", "reading"],
  repair: ["documents", "file", "writing"],
  threads: ["documents", "file", "reading", "writing"],
};

/** Files, what of their own project they may import, and which packages. */
const floors = [
  // The service's rules: a leaf.
  ["^firehose/", ["^firehose/"]],

  // What people type: a leaf.
  ["^typed/", ["^typed/"]],
  ["^(infra|publisher|local)/(?!domain-call/|dashboard/page/)", ["^typed/"]],

  // What happens to one record.
  ["^processors/[^/]+\\.ts$", ["^processors/(?!dev/)", "^firehose/"]],
  ["^processors/[^/]+/", ["^processors/(?!dev/|index\\.ts$)", "^firehose/"]],
  // Lambda's runtime has the SDK; it is loaded when the first document goes.
  ["^processors/payloads/put-call\\.ts$", packages("@aws-sdk/client-firehose")],
  ["^processors/dev/", ["^processors/", "^firehose/", ...packages("@pulumi/pulumi")]],

  // The program.
  ["^index\\.ts$", ["^infra/", ...packages("@pulumi/pulumi")]],
  [
    "^infra/(?!domain-call/)",
    ["^infra/", "^processors/(?!dev/)", "^firehose/"],
    packages("@pulumi/(pulumi|aws|random)"),
  ],
  ["^infra/domain-call/", ["^infra/domain-call/"]],
  ["^infra/log-buckets\\.ts$", ["^log-objects/handler\\.ts$"]],
  ["^log-objects/", packages("@aws-sdk/client-(firehose|s3|sqs)")],
  ["^log-objects/", ["^log-objects/", "^processors/payloads/put-(batches|call)\\.ts$", "^firehose/"]],

  // What is packed for programs of others.
  ["^package/", ["^package\\.json$", "^register\\.cjs$", ...packages("typescript")]],

  // The commands that send.
  ["^publisher/[^/]+\\.ts$", ["^publisher/(?!replay/)", "^firehose/"]],
  ["^publisher/[^/]+\\.ts$", packages("commander", "cli-progress", "yaml")],
  ["^publisher/replay/", ["^publisher/(?!(main|publish)\\.ts$|records/)", "^firehose/"]],
  ["^publisher/replay/", packages("commander")],
  ["^publisher/bucket/", ["^publisher/(bucket|wire)/", "^publisher/errors\\.ts$"]],
  ["^publisher/bucket/", packages("@aws-sdk/client-s3")],
  [
    "^publisher/records/",
    ["^publisher/(records|wire)/", "^publisher/(bucket/time-in-name|errors)\\.ts$", "^firehose/"],
  ],
  ["^publisher/wire/", ["^publisher/wire/", "^publisher/(errors|target)\\.ts$", "^firehose/"]],
  ["^publisher/wire/", packages("@aws-sdk/client-firehose")],

  // One machine: rooms do not know each other.
  [`^local/${joining}\\.ts$`, ["^local/", "^firehose/", ...packages("commander")]],
  ["^local/testing\\.ts$", packages("@aws-sdk/client-firehose")],
  [leaves, [...leaves, "^register\\.cjs$"]],
  ["^local/web-server\\.ts$", packages("@hono/node-server")],
  [
    "^local/(receive|buffer|transform|deliver|backup|objects|probe|search|rest|remote|plan|dashboard(?!/page/))/",
    [...leaves, "^local/plan/plan\\.ts$", "^firehose/"],
  ],
  ["^local/(receive|buffer|transform|deliver|backup|objects|probe|remote|plan)/", ["^local/$1/"]],
  ["^local/backup/", packages("snappy", "yazl")],
  ["^local/transform/", packages("tar", "yauzl")],
  ["^local/plan/", packages("@pulumi/pulumi", "yaml")],
  ["^local/plan/kept-compiling\\.ts$", ["^compiled-files\\.cjs$"]],
  ["^local/remote/", packages("@opensearch-project/opensearch")],
  ["^local/dashboard/(?!page/)", ["^local/dashboard/(?!page/)", ...packages("hono", "@hono/node-server")]],
  ["^local/rest/", ["^local/rest/", ...packages("hono", "@hono/node-server")]],
  ["^local/dashboard/page/", ["^local/dashboard/page/", "^/vendor/", "^/commands\\.js$"]],
  ["^local/search/[^/]+\\.ts$", ["^local/search/"]],
  ...Object.entries(searchFloors).map(([floor, below]) => [
    `^local/search/${floor}/`,
    [floor, ...below].map((one) => `^local/search/${one}/`),
  ]),

  // Beside the product.
  ["^register\\.cjs$", ["^compiled-files\\.cjs$", ...packages("@swc/core", "peggy")]],
  [
    "^register-program\\.cjs$",
    ["^compiled-files\\.cjs$", "^tsconfig\\.json$", ...packages("ts-node", "typescript")],
  ],
  ["^program-transpiler\\.cjs$", ["^compiled-files\\.cjs$", ...packages("typescript")]],
  ["^engines/", ["^engines/"]],
  ["^engines/pulumi-protocol\\.ts$", packages("@grpc/grpc-js", "google-protobuf")],
  ["^bench/", ["^(bench|engines|typed|firehose|processors|log-objects|infra|publisher|local)/"]],
  ["^bench/", packages("@aws-sdk/client-firehose", "@pulumi/pulumi", "playwright-core")],
  ["^[^/]+\\.mjs$", ["^[^/]+\\.mjs$", ...packages("typescript-eslint")]],
  // The pictures of the page are taken as its tests look at it.
  [
    "^docs/",
    [
      "^(docs|firehose|processors|test/real)/",
      "^engines/local-run\\.ts$",
      ...packages("yaml", "playwright-core"),
    ],
  ],
  [
    "^test/",
    [
      "^test/(?!real/)",
      "^(typed|firehose|processors|log-objects|infra|publisher|local|bench|docs)/",
      "^engines/local-run\\.ts$",
      "^[^/]+$",
      "^node_modules/",
    ],
  ],
  // How the stand-in of AWS compares, asked without an engine too.
  ["^test/infra/updates\\.test\\.ts$", "^test/real/engine/(compare|aws-types)\\.ts$"],
  ["^test/real/", ["^test/real/", "^engines/"]],
];

const list = (value) => (Array.isArray(value) ? value : [value]);

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  allowedSeverity: "error",
  allowed: [
    { from: { pathNot: "^local/dashboard/page/" }, to: { dependencyTypes: ["core"] } },
    ...floors.map(([from, ...to]) => ({ from: { path: list(from) }, to: { path: to.flat() } })),
  ],
  forbidden: [
    { name: "no-circle", severity: "error", from: {}, to: { circular: true } },
    {
      name: "thread-without-compiler",
      comment: "Each thread loads all that its file imports; what starts threads and compiles is not for it.",
      severity: "error",
      from: { path: "-worker\\.ts$", pathNot: "^local/typescript-worker\\.ts$" },
      to: { path: "^register\\.cjs$", reachable: true },
    },
    {
      name: "declared",
      comment: "What is imported is in package.json.",
      severity: "error",
      // The stand-ins for a provider and for the engine speak as Pulumi's own packages do.
      from: { pathNot: "^engines/pulumi-protocol\\.ts$" },
      to: {
        dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown"],
        pathNot: "^/(vendor/|commands\\.js$)",
      },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    parser: "tsc",
    doNotFollow: { path: "^node_modules/" },
    exclude: { path: "^dist/|^\\.cache/|/target/|/fixtures/|^test/programs/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "types", "default"],
    },
  },
};
