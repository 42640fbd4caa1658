/** Who may import whom: a copy of the rules judges a folder in which every file breaks one of them. */
import { deepEqual } from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";

const root = resolve(__dirname, "..");

type Arrow = readonly [from: string, to: string, how?: (name: string) => string];

const typeOnly = (name: string) => `import type { X } from "${name}";\nexport type Y = X;\n`;
const dynamic = (name: string) => `export const load = () => import("${name}");\n`;
const required = (name: string) => `export const load = () => require("${name}");\n`;
const exported = (name: string) => `export * from "${name}";\n`;

const refused: readonly Arrow[] = [
  ["firehose/seed.ts", "processors/index.ts"],
  ["firehose/seed.ts", "local/clock.ts"],
  ["firehose/seed.ts", "yaml"],
  ["firehose/seed.ts", "@pulumi/pulumi", typeOnly],
  ["processors/seed.ts", "infra/settings.ts"],
  ["processors/seed.ts", "local/clock.ts", dynamic],
  ["processors/seed.ts", "publisher/errors.ts", required],
  ["processors/seed.ts", "index.ts"],
  ["processors/seed.ts", "processors/dev/emit.ts"],
  ["processors/seed.ts", "@pulumi/pulumi"],
  ["processors/seed.ts", "@aws-sdk/client-firehose"],
  ["processors/json/seed.ts", "processors/index.ts"],
  ["processors/json/seed.ts", "yaml", required],
  ["processors/dev/seed.ts", "infra/settings.ts"],
  ["processors/dev/seed.ts", "local/clock.ts"],
  ["infra/seed.ts", "index.ts"],
  ["infra/seed.ts", "local/plan/plan.ts", typeOnly],
  ["infra/seed.ts", "publisher/errors.ts"],
  ["infra/seed.ts", "processors/dev/emit.ts"],
  ["infra/seed.ts", "yaml"],
  ["infra/domain/seed.ts", "local/clock.ts", dynamic],
  ["infra/domain-call/seed.ts", "infra/settings.ts"],
  ["infra/domain-call/seed.ts", "firehose/limits.ts"],
  ["infra/domain-call/seed.ts", "@pulumi/pulumi"],
  ["index.ts", "processors/index.ts"],
  ["index.ts", "local/run.ts"],
  ["publisher/seed.ts", "processors/index.ts"],
  ["publisher/seed.ts", "infra/settings.ts"],
  ["publisher/seed.ts", "local/clock.ts"],
  ["publisher/seed.ts", "publisher/replay/main.ts"],
  ["publisher/seed.ts", "hono"],
  ["publisher/wire/seed.ts", "publisher/records/lines.ts"],
  ["publisher/wire/seed.ts", "publisher/publish.ts"],
  ["publisher/records/seed.ts", "publisher/target.ts"],
  ["publisher/records/seed.ts", "commander"],
  ["publisher/replay/seed.ts", "publisher/publish.ts"],
  ["publisher/replay/seed.ts", "local/clock.ts", exported],
  ["local/seed.ts", "local/run.ts"],
  ["local/seed.ts", "local/pipeline.ts", typeOnly],
  ["local/seed.ts", "local/search/embedded-index.ts"],
  ["local/seed.ts", "processors/index.ts"],
  ["local/sqlite/seed.ts", "local/buffer/queue.ts"],
  ["local/run.ts", "processors/index.ts"],
  ["local/pipeline.ts", "infra/settings.ts"],
  ["local/main.ts", "publisher/target.ts"],
  ["local/receive/seed.ts", "local/buffer/queue.ts"],
  ["local/buffer/seed.ts", "local/pipeline.ts"],
  ["local/transform/seed.ts", "processors/handler/index.ts"],
  ["local/transform/seed.ts", "local/plan/evaluate.ts"],
  ["local/deliver/seed.ts", "local/search/embedded-index.ts", typeOnly],
  ["local/backup/seed.ts", "local/run.ts"],
  ["local/backup/seed.ts", "hono"],
  ["local/remote/seed.ts", "local/deliver/deliver.ts"],
  ["local/dashboard/seed.ts", "local/search/embedded-index.ts"],
  ["local/dashboard/seed.ts", "local/dashboard/page/app.js"],
  ["local/dashboard/page/seed.js", "local/rooms.ts"],
  ["local/dashboard/page/seed.js", "node:fs"],
  ["local/plan/seed.ts", "index.ts", dynamic],
  ["local/plan/seed.ts", "local/receive/server.ts"],
  ["local/search/documents/seed.ts", "local/search/query/parse.ts"],
  ["local/search/query/seed.ts", "local/search/embedded-index.ts"],
  ["local/search/file/seed.ts", "local/search/writing/writer.ts"],
  ["local/search/reading/seed.ts", "local/search/writing/writer.ts"],
  ["local/search/writing/seed.ts", "local/search/threads/worker-call.ts"],
  ["local/search/reading/seed.ts", "local/dashboard/server.ts"],
  ["local/newroom/seed.ts", "local/clock.ts"],
  ["engines/seed.ts", "local/clock.ts"],
  ["bench/seed.ts", "test/fakes.ts"],
  ["bench/seed.ts", "test/real/needs.ts"],
  ["docs/seed.ts", "local/run.ts"],
  ["newfolder/seed.ts", "firehose/limits.ts"],
  ["test/seed.ts", "test/real/needs.ts"],
];

const allowed: readonly Arrow[] = [
  ["firehose/good.ts", "node:crypto"],
  ["processors/good.ts", "firehose/limits.ts"],
  ["processors/payloads/put-call.ts", "@aws-sdk/client-firehose", required],
  ["infra/good.ts", "processors/index.ts"],
  ["index.ts", "infra/pipeline.ts"],
  ["publisher/records/good.ts", "publisher/wire/budget.ts"],
  ["local/run.ts", "local/search/embedded-index.ts"],
  ["local/search/writing/good.ts", "local/search/documents/tokens.ts"],
  ["local/deliver/good.ts", "local/plan/plan.ts", typeOnly],
  ["local/deliver/good.ts", "local/clock.ts"],
  ["bench/good.ts", "engines/opensearch/node.ts"],
  ["test/real/good.ts", "test/fakes.ts"],
];

const isPackage = (name: string) => name.includes(":") || !/\.(ts|js)$/.test(name);

/** Writes the files of all arrows, what they point to, and a circle. */
function plant(folder: string): void {
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const texts = new Map<string, string>();
  const dependencies: Record<string, string> = {};
  for (const [from, to, how = (name: string) => `import "${name}";\n`] of [...refused, ...allowed]) {
    const path = relative(dirname(from), to).replace(from.endsWith(".ts") ? /\.ts$/ : "", "");
    const name = isPackage(to) ? to : path.startsWith(".") ? path : `./${path}`;
    texts.set(from, (texts.get(from) ?? "") + how(name));
    if (!isPackage(to)) texts.set(to, texts.get(to) ?? "");
    else if (!to.startsWith("node:")) {
      dependencies[to] = "1.0.0";
      write(
        `node_modules/${to}/package.json`,
        JSON.stringify({ name: to, version: "1.0.0", main: "index.js" }),
      );
      write(`node_modules/${to}/index.js`, "");
    }
  }
  for (const [file, text] of texts) write(file, `${text}export {};\n`);
  write("firehose/circle-a.ts", 'import type { B } from "./circle-b";\nexport type A = B;\n');
  write("firehose/circle-b.ts", 'import type { A } from "./circle-a";\nexport type B = A;\n');
  write("package.json", JSON.stringify({ name: "seeds", dependencies }));
  for (const file of [".dependency-cruiser.cjs", "tsconfig.json"]) {
    copyFileSync(join(root, file), join(folder, file));
  }
}

interface Cruise {
  readonly summary: { readonly violations: { from: string; to: string; rule: { name: string } }[] };
}

function judge(folder: string): Promise<Cruise> {
  const command = join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const args = [command, "--config", ".dependency-cruiser.cjs", "-T", "json", "."];
  return new Promise((done, fail) => {
    // Its exit code is the number of what it refuses.
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 26 }, (error, out) => {
      try {
        done(JSON.parse(out) as Cruise);
      } catch {
        fail(error);
      }
    });
  });
}

describe("the arrows between the folders", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "arrows-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it(`are refused where none is allowed, ${refused.length} of them and a circle, and no other`, async () => {
    plant(folder);
    const { violations } = (await judge(folder)).summary;
    const resolved = (to: string) =>
      to.startsWith("node:") ? to.slice(5) : isPackage(to) ? `node_modules/${to}/index.js` : to;
    const seen = violations
      .filter(({ rule }) => rule.name === "not-in-allowed")
      .map(({ from, to }) => `${from} -> ${to}`);
    deepEqual(seen.sort(), refused.map(([from, to]) => `${from} -> ${resolved(to)}`).sort());
    const others = violations.filter(({ rule }) => rule.name !== "not-in-allowed");
    deepEqual(
      others.map(({ from, rule }) => `${rule.name} ${from}`),
      ["no-circle firehose/circle-a.ts"],
    );
  });
});
