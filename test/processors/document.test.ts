/** The time and the single line that the handler gives to every document. */
import assert from "node:assert/strict";
import { maxInvocationBytes } from "../../firehose/limits";
import { processorChain } from "../../processors";
import { identity } from "../../processors/identity";
import type { Processor, ProcessorFactory } from "../../processors/processor";
import { type Handler, invoke } from "../infra/run-closure";
import { oneOf } from "../property-runs";
import { base64, emitted, eventOf } from "./serialize";

const arrivalMs = 1_772_323_200_000;
const time = '"2026-03-01T00:00:00.000Z"';
const own = '"2020-01-01T00:00:00Z"';

type Answer = { records: { recordId: string; result: string; data?: string }[] };

describe("processors/handler, the documents as they leave", () => {
  let handler: Handler;
  const log: string[] = [];

  before(async () => {
    handler = await emitted([{ create: identity }], { log });
  });

  const through = async (data: string | Buffer): Promise<string> => {
    const event = eventOf("");
    event.records[0]!.data = Buffer.from(data as string).toString("base64");
    const answer = (await invoke(handler, event)) as Answer;
    return Buffer.from(answer.records[0]!.data!, "base64").toString("latin1");
  };
  const bytes = (text: string): string => Buffer.from(text).toString("latin1");

  for (const [source, document] of [
    ['{"message":"a"}', `{"@timestamp":${time},"message":"a"}`],
    ["{}", `{"@timestamp":${time}}`],
    ["{ \t}", `{"@timestamp":${time} \t}`],
    [' \t{ "a":1 }', ` \t{"@timestamp":${time}, "a":1 }`],
    ['\ufeff{"a":"é"}', `\ufeff{"@timestamp":${time},"a":"é"}`],
    ["\ufeff {}", `\ufeff {"@timestamp":${time}}`],
    [
      '{"a":{"@timestamp":1},"b":[{"@timestamp":2}]}',
      `{"@timestamp":${time},"a":{"@timestamp":1},"b":[{"@timestamp":2}]}`,
    ],
    ['{"a":"}{\\"@timestamp\\":1,","b":1}', `{"@timestamp":${time},"a":"}{\\"@timestamp\\":1,","b":1}`],
    ['{"a":"@timestamp"}', `{"@timestamp":${time},"a":"@timestamp"}`],
    ['{"@timestamp ":1,"@Timestamp":2}', `{"@timestamp":${time},"@timestamp ":1,"@Timestamp":2}`],
    ['{"a":"caf\\u00e9","\\u0041":1}', `{"@timestamp":${time},"a":"caf\\u00e9","\\u0041":1}`],
  ] as const) {
    it(`get the arrival as @timestamp behind the first brace, and nothing else is rewritten: ${source}`, async () => {
      assert.equal(await through(source), bytes(document));
    });
  }

  for (const source of [
    `{"@timestamp":${own}}`,
    `{"a":{"b":[1,"]"]},"@timestamp" : ${own}}`,
    `{"\\u0040timestamp":${own},"a":1}`,
    `{"a":"\\\\","\\u0040\\u0074ime\\u0073tamp":${own}}`,
    '{"@timestamp":1772323200000}',
    '{"@timestamp":""}',
    '{"@timestamp":{"a":null}}',
  ]) {
    it(`keep a time of their own to the letter: ${source}`, async () => {
      assert.equal(await through(source), source);
    });
  }

  for (const [source, document] of [
    ['{"@timestamp":null}', `{"@timestamp":${time}}`],
    [
      '{"a":1,"@timestamp" :  null,"b":{"@timestamp":null}}',
      `{"a":1,"@timestamp" :  ${time},"b":{"@timestamp":null}}`,
    ],
    ['{"\\u0040timestamp":null}', `{"\\u0040timestamp":${time}}`],
  ] as const) {
    it(`get the arrival in place of null, which is no time, and no second field: ${source}`, async () => {
      assert.equal(await through(source), document);
    });
  }

  for (const source of ["hello", "[1]", '"{}"', "{hello}", "", "{", "null", "\ufeff", '{,"a":1}', "7 {}"]) {
    it(`stay as they are where they are no object: ${JSON.stringify(source)}`, async () => {
      assert.equal(await through(source), bytes(source));
    });
  }

  for (const [source, document] of [
    ['{\n  "a": 1,\r\n  "b": [\n1]\n}\n', `{"@timestamp":${time},   "a": 1,    "b": [ 1] }\n`],
    ['\n{"a":1}', ` {"@timestamp":${time},"a":1}`],
    ["[1,\n2]\r\n", "[1, 2]\r\n"],
    ["no\njson\n\n", "no json\n\n"],
    ["\n \r\n", "\n \r\n"],
    ["\n", "\n"],
  ] as const) {
    it(`have a blank for a raw line break within: ${JSON.stringify(source)}`, async () => {
      assert.equal(await through(source), document);
    });
  }

  it("have their time and their line whatever processor wrote them, a user's own too", async () => {
    const pretty: ProcessorFactory = () => (record) => ({
      result: "Ok",
      text: `{\n"n": "${record.text()} é\ud83d"}`,
    });
    const answer = (await invoke(await emitted([{ create: pretty }]), eventOf("x"))) as Answer;
    const text = Buffer.from(answer.records[0]!.data!, "base64").toString("utf8");
    assert.equal(text, `{"@timestamp":${time}, "n": "x é\ufffd"}`);
  });

  for (const characters of [1, 2_960, 2_961, 20_000])
    it(`are whole where a processor wrote ${characters} characters of three bytes`, async () => {
      const text = JSON.stringify({ a: "€".repeat(characters) });
      const create: ProcessorFactory = () => (record) => ({ result: "Ok", text: record.text() });
      const event = eventOf(text, "{}");
      const answer = (await invoke(await emitted([{ create }]), event)) as Answer;
      const documents = answer.records.map(({ data }) => Buffer.from(data!, "base64").toString());
      assert.equal(documents[0], text.replace("{", `{"@timestamp":${time},`));
      assert.match(documents[1]!, /^\{"@timestamp":"[^"]+"\}$/);
    });

  it("keep bytes that are not UTF-8", async () => {
    const source = Buffer.from([...Buffer.from('{"a":"'), 0xff, 0xc3, ...Buffer.from('"}')]);
    assert.equal(await through(source), `{"@timestamp":${time},${source.toString("latin1").slice(1)}`);
  });

  it("have the time of their own record", async () => {
    const event = eventOf("{}", "{}", "{}");
    event.records[1]!.approximateArrivalTimestamp = arrivalMs;
    const answer = (await invoke(handler, event)) as Answer;
    const times = answer.records.map(
      ({ data }) => JSON.parse(Buffer.from(data!, "base64").toString())["@timestamp"],
    );
    assert.deepEqual(times, [
      "2026-03-01T00:00:00.000Z",
      "2026-03-01T00:00:00.000Z",
      "2026-03-01T00:00:00.002Z",
    ]);
  });

  it("are looked through once, however their quotes, braces and line ends stand", async () => {
    // Each of these takes minutes where a part is looked through again from each of its characters.
    for (const unit of [
      '\\"',
      '"',
      "{",
      "[",
      "\n",
      " ",
      '"@timestamp',
      '{"@timestamp":1,',
      "\\",
      '"\\u00',
      "null",
    ]) {
      const text = unit.repeat(200_000 / unit.length);
      for (const source of [
        text,
        `{"${text}`,
        `{"@timestamp ${text}`,
        `{"a":"@timestamp",${text}`,
        `{${text}\n`,
      ])
        await through(source);
    }
  });

  it("find room before their times do in full invocations of records of 2, 27 and 50 bytes", async () => {
    const chains = { identity: processorChain("identity"), map: processorChain("map") };
    const recordId = "4".repeat(56);
    for (const [name, chain] of Object.entries(chains)) {
      const run = await emitted(chain as Processor[], { log });
      for (const size of oneOf([2, 27, 50])) {
        const text = size === 2 ? "{}" : `{"message":"${"x".repeat(size - 14)}"}`;
        const record = { recordId, approximateArrivalTimestamp: arrivalMs, data: base64(text) };
        const most = Math.floor(maxInvocationBytes / (JSON.stringify(record).length + 1)) - 3;
        const count = Math.min(most, Math.floor((0.5 * 1024 * 1024) / size));
        log.length = 0;
        const answer = (await run({
          ...eventOf(),
          records: Array.from({ length: count }, () => record),
        })) as Answer;
        assert.ok(JSON.stringify(answer).length <= maxInvocationBytes);
        const timeless = answer.records.filter(
          ({ data }) => data && !atob(data).includes("@timestamp"),
        ).length;
        const failed = answer.records.filter(({ result }) => result !== "Ok").length;
        if (name === "identity") assert.equal(failed, 0, `${size} bytes`);
        if (size > 2) assert.deepEqual([failed, timeless, log], [0, 0, []], `${name}, ${size} bytes`);
        else assert.equal(JSON.parse(log.at(-1)!).withoutTime, timeless);
      }
    }
  });
});
