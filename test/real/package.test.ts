/** The package as another program has it: packed, installed into an empty folder, imported, and its functions run. */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import * as ts from "typescript";
import { SearchDomain } from "../../infra/domain/search-domain";
import { Pipeline } from "../../infra/pipeline";
import { evaluateProgram } from "../infra/evaluate";
import { atOurVersion, folderWithPackage, install } from "./packed";

const run = promisify(execFile);
const sources = join(__dirname, "fixtures", "package");

type Files = Record<string, string | { readonly folder: string }>;
interface Evaluated {
  /** Files of the package that the evaluation has loaded. */
  readonly loaded: string[];
  readonly functions: Record<string, Files>;
  readonly resources: string[];
}

/** What a person without TypeScript would have written. */
function compiled(file: string, module: ts.ModuleKind): string {
  const source = ts.sys.readFile(join(sources, file))!;
  const compilerOptions = { module, target: ts.ScriptTarget.ES2020, esModuleInterop: true };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}

describe("the package in a program of others", function () {
  this.timeout(900_000);
  let folder: string;
  before(async () => {
    folder = await folderWithPackage();
    copyFileSync(join(sources, "evaluate.cjs"), join(folder, "evaluate.cjs"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const evaluate = async (program: string, ...flags: string[]): Promise<Evaluated> => {
    const { stdout } = await run(process.execPath, [...flags, "evaluate.cjs", program], {
      cwd: folder,
      maxBuffer: 2 ** 26,
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    return JSON.parse(stdout) as Evaluated;
  };

  /** What the function answers, alone in an empty folder as in Lambda; without a text, that it loads. */
  async function answerOf(files: Files, ...records: string[]): Promise<unknown> {
    const alone = mkdtempSync(join(tmpdir(), "alone-"));
    try {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(alone, path)), { recursive: true });
        if (typeof content === "string") writeFileSync(join(alone, path), content);
        else cpSync(content.folder, join(alone, path), { recursive: true });
      }
      const event = {
        invocationId: "i",
        deliveryStreamArn: "arn:aws:firehose:eu-west-1:111122223333:deliverystream/x",
        region: "eu-west-1",
        records: records.map((text, i) => ({
          recordId: `r${i}`,
          approximateArrivalTimestamp: 1_700_000_000_000,
          data: Buffer.from(text).toString("base64"),
        })),
      };
      const script = `
        const { handler } = require("./__index.js");
        const event = ${JSON.stringify(event)};
        (event.records.length ? handler(event) : Promise.resolve(typeof handler))
          .then((answer) => process.stdout.write(JSON.stringify(answer)));`;
      const { stdout } = await run(process.execPath, ["-e", script], {
        cwd: alone,
        env: { PATH: process.env["PATH"] },
      });
      const answer = JSON.parse(stdout);
      if (records.length === 0) return answer;
      return answer.records.map(({ data }: { data: string }) => {
        const { "@timestamp": _time, ...document } = JSON.parse(Buffer.from(data, "base64").toString());
        return document;
      });
    } finally {
      rmSync(alone, { recursive: true });
    }
  }

  async function works({ functions, loaded, resources }: Evaluated): Promise<void> {
    // The local run and the publisher have entries of their own.
    const rooms = new Set(loaded.map((file) => file.split("/")[0]));
    assert.deepEqual([...rooms].sort(), ["firehose", "infra", "log-objects", "processors", "typed"]);
    assert.equal(resources.filter((one) => one.startsWith("aws:opensearch/domain:")).length, 1);
    assert.equal(resources.filter((one) => one.startsWith("aws:kinesis/")).length, 3);
    const { "web-processor": web, "orders-processor": orders, "counts-processor": counts } = functions;
    assert.deepEqual(Object.keys(web!), ["__index.js"]);
    assert.deepEqual(Object.keys(orders!).sort(), ["__index.js", "node_modules/yaml"]);
    assert.deepEqual(Object.keys(counts!), ["__index.js"]);
    const line = '192.0.2.1 - - [10/Oct/2026:13:55:36 +0000] "GET /a HTTP/1.1" 200 5';
    const [document] = (await answerOf(web!, line)) as { source: { ip: string } }[];
    assert.equal(document!.source.ip, "192.0.2.1");
    assert.deepEqual(await answerOf(orders!, "a"), [{ is: "from A", hash: "ca97", yaml: "- 1\n" }]);
    assert.deepEqual(await answerOf(counts!, "a", "b"), [{ count: 1 }, { count: 2 }]);
    assert.equal(await answerOf(functions["logs-domain-objects"]!), "function");
  }

  it("makes three pipelines on one domain of JavaScript, where there is no TypeScript", async () => {
    assert.ok(!readdirSync(join(folder, "node_modules")).includes("typescript"));
    for (const name of ["main", "counter", "shout"]) {
      writeFileSync(join(folder, `${name}.js`), compiled(`${name}.ts`, ts.ModuleKind.CommonJS));
    }
    const evaluated = await evaluate("main.js");
    await works(evaluated);
    const here = await evaluateProgram(() => {
      const domain = new SearchDomain("logs");
      new Pipeline("web", { domain, processor: "access-log" });
    });
    for (const name of ["web-processor", "logs-domain-objects"]) {
      assert.deepEqual(
        evaluated.functions[name],
        await here.archive(name),
        `${name}: the checkout's own text`,
      );
    }
  });

  it("makes them of an ES module", async () => {
    copyFileSync(join(sources, "main.mjs"), join(folder, "main.mjs"));
    for (const name of ["counter", "shout"]) {
      writeFileSync(join(folder, `${name}.mjs`), compiled(`${name}.ts`, ts.ModuleKind.ESNext));
    }
    await works(await evaluate("main.mjs"));
  });

  it("makes them of TypeScript, whose types hold", async () => {
    await install(folder, ...["typescript", "ts-node", "@types/node"].map(atOurVersion));
    for (const name of ["main.ts", "counter.ts", "shout.ts", "kit.ts"])
      copyFileSync(join(sources, name), join(folder, name));
    // As \`pulumi new\` writes it, which reads no \`exports\`, and as Node resolves.
    for (const compilerOptions of [
      { module: "commonjs", moduleResolution: "node", ignoreDeprecations: "6.0" },
      { module: "nodenext", moduleResolution: "nodenext", skipLibCheck: true },
    ]) {
      const options = { ...compilerOptions, target: "es2020", strict: true, types: ["node"], noEmit: true };
      writeFileSync(
        join(folder, "tsconfig.json"),
        JSON.stringify({ compilerOptions: options, files: ["main.ts", "kit.ts"] }),
      );
      await run(process.execPath, [join("node_modules", "typescript", "lib", "tsc.js"), "-p", "."], {
        cwd: folder,
      });
    }
    await works(await evaluate("main.ts", "-r", "ts-node/register/transpile-only"));
  });

  it("is refused in one sentence where the program loads another Pulumi than the package", async () => {
    const own = join(folder, "node_modules/firehose-opensearch/node_modules/@pulumi");
    mkdirSync(own, { recursive: true });
    cpSync(join(folder, "node_modules/@pulumi/pulumi"), join(own, "pulumi"), { recursive: true });
    try {
      await assert.rejects(evaluate("main.js"), /loads 2 copies of @pulumi\/pulumi.*npm dedupe/);
    } finally {
      rmSync(join(own, "pulumi"), { recursive: true });
    }
  });

  it("has its commands, which say what there is", async () => {
    const command = join(folder, "node_modules/.bin/firehose-opensearch");
    const { stdout } = await run(command, ["--help"], { cwd: folder });
    const { stdout: version } = await run(command, ["--version"], { cwd: folder });
    assert.equal(version, `${require("../../package.json").version}\n`);
    await assert.rejects(run(command, ["strat"], { cwd: folder }), {
      code: 2,
      stderr: /There is no command "strat"\.\nUsage: .*\n +start /,
    });
    assert.match(stdout, /start .*\n.*demo .*\n.*publish .*\n.*replay /);
    for (const [name, flag] of [
      ["start", /Usage: npx firehose-opensearch start .*--program/s],
      ["demo", /Usage: npx firehose-opensearch demo .*--set/s],
      ["publish", /Usage: npx firehose-opensearch publish .*--stream/s],
      ["replay", /Usage: npx firehose-opensearch replay .*--send/s],
    ] as const) {
      const { stdout: help } = await run(command, [name, "--help"], { cwd: folder });
      assert.match(help, flag);
    }
  });

  it("starts the program of the folder it is called in, and its publish finds that run", async () => {
    const command = join(folder, "node_modules/.bin/firehose-opensearch");
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\nmain: shop.js\n");
    writeFileSync(join(folder, "Pulumi.dev.yaml"), "{}\n");
    writeFileSync(join(folder, "order.log"), '{"message":"one order"}\n');
    writeFileSync(
      join(folder, "shop.js"),
      `const { Pipeline, SearchDomain } = require("firehose-opensearch");
const domain = new SearchDomain("logs");
const shout = (record) => ({ result: "Ok", text: record.text().toUpperCase() });
new Pipeline("orders", { domain, bufferIntervalSeconds: 0, backupIntervalSeconds: 0, processor: shout });
new Pipeline("web", { domain, processor: "access-log" });
`,
    );
    const ports = ["--firehose-port", "0", "--dashboard-port", "0", "--search-port", "0"];
    const child = spawn(command, ["start", "--json", ...ports], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    try {
      const [line] = (await once(child.stdout, "data")) as [Buffer];
      const { search, streams } = JSON.parse(line.toString()) as { search: string; streams: string[] };
      assert.deepEqual(streams, ["shop-dev-orders", "shop-dev-web"]);
      const file = ["--stream", "shop-dev-orders", "--file", "order.log"];
      await run(command, ["publish", ...file], { cwd: folder });
      let text = "";
      while (!text.includes("ONE ORDER")) text = await (await fetch(`${search}/orders-*/_search`)).text();
    } finally {
      child.kill("SIGINT");
      await ended;
    }
    const { stdout } = await run(command, ["demo", "7", "--json"], { cwd: folder });
    const { indexed, backedUp } = JSON.parse(stdout);
    assert.deepEqual([indexed, backedUp], [7, 7]);
  });
});
