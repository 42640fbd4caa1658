/** Programs that know nothing of this project, after what public ones do: each is evaluated as it is, and delivers. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  cpSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { pathToFileURL } from "node:url";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { ZipFile } from "yazl";
import { startRun } from "../../engines/local-run";
import { evaluateApart } from "../../local/plan/evaluate-apart";
import { keptFile, readKept } from "../../local/plan/kept-plan";
import type { Plan } from "../../local/plan/plan";
import { planOfProgram } from "../../local/plan/plan-of-program";
import { startPipeline, type TestPipeline } from "../../local/testing";
import { aDebugger } from "../a-debugger";
import { atOurVersion } from "./packed";

const root = join(__dirname, "../..");
const programs = join(root, "test/programs");

interface Delivers {
  readonly folder: string;
  /** Of the index, or start of the object's key: of each stream. */
  readonly index: string | readonly string[];
  /** What is in the document beside what was sent. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly standIns?: readonly string[];
  /** What is said at the start. */
  readonly notes?: readonly RegExp[];
  /** Packages of its own, at our versions of Pulumi. @default this checkout's */
  readonly packages?: readonly string[];
}

const delivering: readonly Delivers[] = [
  { folder: "nearest", index: "events", more: { seen: true } },
  { folder: "policy-document", index: "logs" },
  { folder: "folder-function", index: "clicks", more: { team: "web" } },
  { folder: "zip-function", index: "orders", more: { packed: "zip" } },
  { folder: "classes", index: "greetings", notes: [/the output text of greeting is not known here/] },
  {
    folder: "existing-domain",
    index: "web",
    standIns: ['getOrganization={"masterAccountName":"acme"}'],
    notes: [/the parameter \/web\/key is not known here/],
  },
  {
    folder: "stack-reference",
    index: "audit",
    standIns: ['acme/search/prod={"domainArn":"arn:aws:es:eu-west-1:1:domain/shared"}'],
    notes: [
      /the output vpcId of the stack organization\/network\/dev/,
      /the output bucketArn of the stack acme/,
    ],
  },
  {
    folder: "settings",
    index: "metrics",
    notes: [/settings:user is encrypted/, /settings:tags is encrypted/],
  },
  { folder: "es-module", index: "modules" },
  { folder: "vpc", index: "requests", packages: ["@pulumi/awsx@3.9.0"] },
  { folder: "workspace", index: ["carts", "visits"], more: { team: "shop" } },
  { folder: "archive", index: ["requests/year=", "metrics/year="] },
];

/** Each says in one line a cause why it does not run here. */
const refusing: readonly { readonly folder: string; readonly why: readonly RegExp[] }[] = [
  { folder: "python-function", why: [/transform runs on python3\.12; allowed here is nodejs/] },
  {
    folder: "broken",
    why: [
      /^The program fails: Cannot read properties of undefined.*\(index\.js:6\), which bucket .* waits for$/,
    ],
  },
  {
    folder: "unknown-answer",
    why: [
      /getZone\(\{"name":"example\.com"\}\).*--stand-in/,
      /getCertificate\(\{"domain":"logs\.example\.com"\}\)/,
    ],
  },
];

/** What a run says beside its output, and where it lets a debugger in, once it has said that. */
function saidBy({ child }: ReturnType<typeof startRun>): { text(): string; inspectPort(): number } {
  let said = "";
  child.stderr!.on("data", (chunk) => {
    said += chunk;
  });
  const place = /inspect: transform\S* of the stream \S+ is at 127\.0\.0\.1:(\d+)/;
  return { text: () => said, inspectPort: () => Number(place.exec(said)![1]) };
}

describe("a program that nobody here wrote", () => {
  let base: string;
  let run: TestPipeline | undefined;
  before(() => {
    base = mkdtempSync(join(tmpdir(), "programs-"));
  });
  afterEach(async () => {
    await run?.close();
    run = undefined;
  });
  after(() => rmSync(base, { recursive: true, force: true }));

  /** Nothing is written into the checkout; its packages are the program's. */
  const copy = (name: string, as = name, packages?: readonly string[]): string => {
    const folder = join(base, as);
    cpSync(join(programs, name), folder, { recursive: true });
    if (packages) installInto(folder, [...["@pulumi/pulumi", "@pulumi/aws"].map(atOurVersion), ...packages]);
    else if (existsSync(join(folder, "packages"))) linkWorkspace(folder);
    else symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
    return folder;
  };

  /** What comes of one record in each stream: a document in an index, or in an object, of a name that begins so. */
  const delivered = async (folder: string, plan: Plan, places: readonly string[]): Promise<unknown[]> => {
    run = await startPipeline({ program: folder, plan });
    assert.equal(plan.streams.length, places.length);
    const found = [];
    for (const [i, { deliveryStreamName, destination }] of plan.streams.entries()) {
      const stream = run.stream(deliveryStreamName);
      await stream.put([{ message: "hello" }]);
      await stream.settled();
      assert.deepEqual(await stream.failed(), []);
      const objects = (await stream.objects()).filter(({ key }) => key.startsWith(places[i]!));
      const documents = objects.map(({ text }) => JSON.parse(text) as unknown);
      if (destination.kind === "search") documents.push(...(await stream.documents(`_index:${places[i]}*`)));
      found.push(...documents);
    }
    return found;
  };

  for (const { folder: name, index, more = {}, standIns = [], notes = [], packages } of delivering) {
    it(`runs here and delivers: ${name}`, async () => {
      const copied = copy(name, name, packages);
      if (name === "zip-function") await zipFunction(join(copied, "transform.zip"));
      const folder = name === "workspace" ? join(copied, "infra") : copied;
      const plan = await evaluateApart({ folder, standIns });
      for (const note of notes) assert.match(plan.notes.join("\n"), note);
      const places = [index].flat();
      const document = { message: "hello", ...more };
      assert.deepEqual(
        await delivered(folder, plan, places),
        places.map(() => document),
      );
    });
  }

  for (const { folder: name, why } of refusing) {
    it(`says in a line why it does not run here: ${name}`, async () => {
      await assert.rejects(evaluateApart({ folder: copy(name) }), (error: Error) => {
        const lines = error.message.split("\n");
        assert.equal(error.name, "UserError");
        assert.equal(lines.length, why.length, error.message);
        for (const one of why)
          assert.ok(
            lines.some((line) => one.test(line)),
            error.message,
          );
        return true;
      });
    });
  }

  it("has its function replaced when it is saved, and keeps it where what was saved cannot be evaluated", async () => {
    const folder = copy("nearest", "watched");
    const file = join(folder, "index.ts");
    const text = readFileSync(file, "utf8");
    const dataFolder = join(base, "watched-data");
    const child = startRun({ data: dataFolder, program: folder, flags: ["--watch", "--search-port", "0"] });
    const said = saidBy(child);
    try {
      const { firehose, dashboard, streamName } = await child.ready;
      const client = clientOf(firehose);
      const seen = async (messages: number): Promise<unknown> => {
        const Data = Buffer.from('{"message":"hello"}');
        await client.send(new PutRecordBatchCommand({ DeliveryStreamName: streamName, Records: [{ Data }] }));
        type Found = { total: number; hits: { _source: { seen: unknown } }[] };
        const ask = async () => (await (await fetch(`${dashboard}/api/search`)).json()) as Found;
        await untilTrue(async () => (await ask()).total === messages);
        return (await ask()).hits[0]!._source.seen;
      };
      await untilTrue(() => said.text().includes("watch: functions are replaced"));
      assert.equal(await seen(1), true);
      writeFileSync(file, text.replace("seen: true", "seen: false"));
      await untilTrue(() => /watch: .*: the function transform\S* is the saved one/.test(said.text()));
      assert.equal(await seen(2), false);
      writeFileSync(file, "throw new Error('half saved');");
      await untilTrue(() => /cannot be evaluated.*\nThe program fails: half saved/.test(said.text()));
      assert.equal(await seen(3), false);
    } finally {
      child.child.kill("SIGTERM");
      assert.equal((await child.ended).code, 0);
    }
  });

  it("lets a debugger stop in the TypeScript of its function", async () => {
    const folder = copy("nearest", "inspected");
    const file = join(folder, "index.ts");
    const lines = readFileSync(file, "utf8").split("\n");
    const line = lines.findIndex((one) => one.includes("const document ="));
    lines.splice(line, 0, "      debugger;");
    writeFileSync(file, lines.join("\n"));
    const flags = ["--inspect=0", "--search-port", "0"];
    const child = startRun({ data: join(base, "inspected-data"), program: folder, flags });
    const said = saidBy(child);
    try {
      const { firehose, streamName } = await child.ready;
      const port = said.inspectPort();
      const watching = await aDebugger(port);
      const Data = Buffer.from('{"message":"hello"}');
      await clientOf(firehose).send(
        new PutRecordBatchCommand({ DeliveryStreamName: streamName, Records: [{ Data }] }),
      );
      assert.deepEqual((await watching.paused()).source, { url: pathToFileURL(file).href, line });
      watching.resume();
      watching.close();
    } finally {
      child.child.kill("SIGTERM");
      assert.equal((await child.ended).code, 0);
    }
  });

  it("has breakpoints of an editor bound before the function is loaded, and again when it was replaced", async () => {
    const folder = copy("nearest", "breakpoints");
    const file = join(folder, "index.ts");
    const { href } = pathToFileURL(file);
    const lineOf = (): number =>
      readFileSync(file, "utf8")
        .split("\n")
        .findIndex((one) => one.includes("const document ="));
    const flags = ["--inspect-wait=0", "--watch", "--search-port", "0"];
    const child = startRun({ data: join(base, "breakpoints-data"), program: folder, flags });
    const said = saidBy(child);
    try {
      const { firehose, streamName } = await child.ready;
      const port = said.inspectPort();
      const Records = [{ Data: Buffer.from('{"message":"hello"}') }];
      const stopsThere = async (): Promise<void> => {
        const editor = await aDebugger(port);
        const line = lineOf();
        await editor.breakAt(href, line);
        await clientOf(firehose).send(new PutRecordBatchCommand({ DeliveryStreamName: streamName, Records }));
        assert.deepEqual((await editor.paused()).source, { url: href, line });
        editor.resume();
        editor.close();
      };
      await stopsThere();
      writeFileSync(
        file,
        `// A line more.\n${readFileSync(file, "utf8").replace("seen: true", "seen: false")}`,
      );
      await untilTrue(() => /watch: .*: the function transform\S* is the saved one/.test(said.text()));
      await stopsThere();
    } finally {
      child.child.kill("SIGTERM");
      assert.equal((await child.ended).code, 0);
    }
  });

  it("says where a TypeScript program fails, compiled now or at an earlier start", async () => {
    const folder = copy("nearest", "failing");
    const file = join(folder, "index.ts");
    const text = `${readFileSync(file, "utf8")}\ninterface Nothing { readonly name: string }\n`;
    writeFileSync(file, `${text}throw new Error("no more");\n`);
    const place = `index.ts:${text.split("\n").length}`;
    for (let start = 1; start <= 2; start++) {
      await assert.rejects(evaluateApart({ folder }), (error: Error) => {
        assert.equal(error.message, `The program fails: no more (${place})`);
        return true;
      });
    }
  });

  it("has the plan of an earlier start, equal to one that is evaluated, until a file of it changes", async () => {
    const folder = copy("nearest", "warm");
    const kept = keptFile({ folder })!;
    const first = await planOfProgram({ folder });
    assert.doesNotMatch(first.notes.join("\n"), /evaluated at each start/);
    await untilTrue(() => existsSync(kept));
    assert.deepEqual(readKept(kept), first);
    assert.deepEqual(await planOfProgram({ folder }, true), first);
    const file = join(folder, "index.ts");
    writeFileSync(file, readFileSync(file, "utf8").replace('indexName: "events"', 'indexName: "others"'));
    assert.equal(readKept(kept), undefined);
    const [stream] = (await planOfProgram({ folder })).streams;
    assert.ok(stream?.destination.kind === "search" && stream.destination.indexName === "others");
  });

  it("evaluates a program that reads other files at each start, and says so", async () => {
    const folder = copy("es-module", "reading");
    const file = join(folder, "index.js");
    writeFileSync(join(folder, "data.json"), "{}");
    const reading = 'import { readFileSync } from "node:fs";\nreadFileSync("data.json");\n';
    writeFileSync(file, reading + readFileSync(file, "utf8"));
    const { notes } = await planOfProgram({ folder });
    assert.match(notes.join("\n"), /The program reads .*data\.json: it is evaluated at each start/);
    assert.equal(existsSync(keptFile({ folder })!), false);
  });

  it("runs no code of a dynamic provider", () => {
    assert.equal(existsSync(join(base, "classes/created.txt")), false);
    assert.equal(existsSync(join(base, "classes/program/created.txt")), false);
  });

  it("runs with the versions of Pulumi and the provider that it brings, without a TypeScript of its own", async () => {
    const folder = join(base, "older");
    cpSync(join(programs, "nearest"), folder, { recursive: true });
    installInto(folder, ["@pulumi/pulumi@3.150.0", "@pulumi/aws@6.83.0"]);
    assert.equal(existsSync(join(folder, "node_modules/typescript")), false);
    const plan = await evaluateApart({ folder }, keptFile({ folder }));
    assert.doesNotMatch(plan.notes.join("\n"), /evaluated at each start/);
    assert.deepEqual(await delivered(folder, plan, ["events"]), [{ message: "hello", seen: true }]);
  });
});

function installInto(folder: string, packages: readonly string[]): void {
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"];
  execFileSync("npm", ["install", ...flags, ...packages], { cwd: folder, stdio: "ignore" });
}

/** As npm lays out a workspace: its own packages are links among all others. */
function linkWorkspace(folder: string): void {
  const packages = join(folder, "node_modules");
  mkdirSync(join(packages, "@acme"), { recursive: true });
  symlinkSync(join(folder, "packages/streams"), join(packages, "@acme/streams"), "junction");
  for (const name of readdirSync(join(root, "node_modules")))
    symlinkSync(join(root, "node_modules", name), join(packages, name), "junction");
}

async function untilTrue(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((wake) => setTimeout(wake, 20));
}

const clientOf = (endpoint: string, region = "eu-west-1"): FirehoseClient =>
  new FirehoseClient({
    endpoint,
    region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });

async function zipFunction(file: string): Promise<void> {
  const code = `const { more } = require("../more.json");
    exports.transform = async ({ records }) => ({ records: records.map(({ recordId, data }) => {
      const document = { ...JSON.parse(Buffer.from(data, "base64")), ...more };
      return { recordId, result: "Ok", data: Buffer.from(JSON.stringify(document)).toString("base64") };
    }) });`;
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(code), "dist/app.js");
  zip.addBuffer(Buffer.from('{"more":{"packed":"zip"}}'), "more.json");
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
}
