import assert from "node:assert/strict";
import { deflateRawSync } from "node:zlib";
import { processorChain, processors } from "../../processors";
import type { Processor } from "../../processors/processor";
import { invoke } from "../infra/run-closure";
import { emitted, eventOf, serialize, text } from "./serialize";

const chainOf = (value: string) => processorChain(value) as Processor[];

describe("processors/identity and map, as emitted", () => {
  it("identity hands on to the letter what is no object, as Ok [B11]", async () => {
    const handler = await emitted(chainOf("identity"));
    const event = eventOf("hello\n", "aGVsbG8=", "");
    const answer = (await invoke(handler, event)) as { records: { data: string; result: string }[] };
    assert.deepEqual(
      answer.records,
      event.records.map(({ recordId, data }) => ({ recordId, result: "Ok", data })),
    );
  });

  it("map answers with a message of its own for each record", async () => {
    const handler = await emitted(chainOf("map"));
    const answer = (await invoke(handler, eventOf("hello", "hello"))) as { records: { data: string }[] };
    const documents = answer.records.map(({ data }) => text(data));
    for (const document of documents)
      assert.match(document, /^\{"@timestamp":"[^"]+","message":"bye world! [0-9a-f-]{36}"\}$/);
    assert.notEqual(documents[0], documents[1]);
  });

  for (const [name, most] of [
    ["identity", 5_000],
    ["map", 5_000],
    ["identity,map", 10_000],
  ] as const) {
    it(`${name} is below ${most / 1000} kB, the same bytes at each run, and requires Node's modules only [B74] [B86]`, async () => {
      const code = await serialize(chainOf(name));
      const required: string[] = [];
      await invoke(await emitted(chainOf(name), { required }), eventOf("a"));
      assert.ok(Buffer.byteLength(code) < most, `${code.length} bytes`);
      assert.equal(await serialize(chainOf(name)), code);
      assert.deepEqual(required, name === "identity" ? [] : ["crypto"]);
      assert.doesNotMatch(code, /__awaiter|tslib|__importStar/, "compiled for an old target [B80]");
      assert.doesNotMatch(code, new RegExp(process.cwd().replaceAll("/", "\\/")), "a path of this machine");
    });
  }

  /** Texts in bytes, a little above what they are: a text grows with what its chain can reach, no more. */
  const limits: Readonly<Record<string, number>> = {
    identity: 5_000,
    map: 5_000,
    "access-log": 103_000,
    "json-events": 34_500,
    "cloudwatch-logs": 44_000,
    cloudtrail: 41_000,
    text: 35_000,
    "vpc-flow": 33_000,
    unpack: 20_500,
    redact: 82_500,
    "redact,access-log": 174_500,
  };
  for (const name of new Set([...Object.keys(processors), ...Object.keys(limits)])) {
    it(`${name} is below ${limits[name]! / 1000} kB, a third of that as it is uploaded, and the same bytes at each run`, async () => {
      const code = await serialize(chainOf(name));
      assert.ok(Buffer.byteLength(code) < limits[name]!, `${code.length} bytes`);
      assert.ok(deflateRawSync(code).length < Math.max(limits[name]! / 3, 3_500));
      assert.equal(await serialize(chainOf(name)), code);
    });
  }

  it("refuses an unknown name, alone or in a chain, and lists the known ones", () => {
    for (const value of ["identiy", "map,identiy", "", "constructor"]) {
      const problem = processorChain(value);
      assert.equal(typeof problem, "string");
      assert.match(problem as string, /no processor; known are .*identity.*map/);
    }
  });

  it("takes names with blanks around them", () => {
    assert.equal(chainOf(" identity , map ").length, 2);
  });
});
