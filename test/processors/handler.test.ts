import assert from "node:assert/strict";
import { identity } from "../../processors/identity";
import type { Outcome, Processor, ProcessorFactory } from "../../processors/processor";
import { invoke } from "../infra/run-closure";
import { base64, emitted, eventOf, text } from "./serialize";

type Answer = { records: { recordId: string; result: string; data?: string }[] };

/** Ok, Dropped, ProcessingFailed or an exception, as the record's text says. */
const obey: ProcessorFactory = () => {
  return (record): Outcome => {
    const order = record.text();
    if (order === "drop") return { result: "Dropped" };
    if (order === "fail") return { result: "ProcessingFailed", reason: "told so" };
    if (order === "throw") throw new TypeError(`cannot read ${order} secret`);
    return { result: "Ok", text: order.toUpperCase() };
  };
};
const exclaim: ProcessorFactory = () => (record) => ({ result: "Ok", text: `${record.text()}!` });
const quote: ProcessorFactory = () => (record) => ({ result: "Ok", text: JSON.stringify(record.text()) });
const later: ProcessorFactory = () => async (record) => {
  await null;
  return { result: "Ok", text: `${record.text()} later` };
};
const laterFails: ProcessorFactory = () => async () => {
  await null;
  throw new RangeError("late");
};
const split: ProcessorFactory = () => (record) => {
  const [first, ...again] = record.text().split("|");
  return again.length === 0 ? { result: "Ok" } : { result: "Ok", text: first!, again };
};

const run = async (chain: Processor[], event = eventOf("a"), log: string[] = []): Promise<Answer> =>
  (await invoke(await emitted(chain, { log }), event)) as Answer;

describe("processors/handler, as emitted", () => {
  it("answers every record once, under its id and in the order they came [B01] [B03]", async () => {
    const { records } = await run([{ create: obey }], eventOf("a", "drop", "fail", "b"));
    assert.deepEqual(records, [
      { recordId: "r1", result: "Ok", data: base64("A") },
      { recordId: "r2", result: "Dropped" },
      { recordId: "r3", result: "ProcessingFailed" },
      { recordId: "r4", result: "Ok", data: base64("B") },
    ]);
  });

  it("fails a record whose processor throws alone, and keeps the exception's message out of the log [B04] [B06]", async () => {
    const log: string[] = [];
    const { records } = await run([{ create: obey }], eventOf("a", "throw"), log);
    assert.deepEqual(
      records.map(({ result }) => result),
      ["Ok", "ProcessingFailed"],
    );
    assert.equal(log.length, 1);
    assert.match(log[0]!, /the processor threw TypeError at/);
    assert.doesNotMatch(log[0]!, /secret/);
  });

  it("counts equal reasons in one line of the log, with the ids of their records", async () => {
    const log: string[] = [];
    await run([{ create: obey }], eventOf("fail", "a", "fail"), log);
    assert.deepEqual(
      log.map((line) => JSON.parse(line)),
      [{ processingFailed: { reason: "told so", count: 2, recordIds: ["r1", "r3"] } }],
    );
  });

  it("logs a reason with at most 1,000 ids in a line", async () => {
    const log: string[] = [];
    await run([{ create: obey }], eventOf(...Array.from({ length: 2001 }, () => "fail")), log);
    const lines = log.map((line) => JSON.parse(line).processingFailed);
    assert.deepEqual(
      lines.map(({ count, recordIds }) => [count, recordIds.length, recordIds[0]]),
      [
        [1000, 1000, "r1"],
        [1000, 1000, "r1001"],
        [1, 1, "r2001"],
      ],
    );
  });

  it("logs an exception's message where the chain masks it, cut to 200 characters, and on the developer's machine", async () => {
    const long: ProcessorFactory = () => (record) => {
      throw new SyntaxError(`no ${record.text()}\n    at secret`);
    };
    const mask = () => (message: string) => message.replaceAll("secret", "[masked]");
    const reasonOf = async (processor: Processor, environment: Record<string, string>): Promise<string> => {
      const log: string[] = [];
      await invoke(await emitted([processor], { log, environment }), eventOf(`secret ${"x".repeat(500)}`));
      return JSON.parse(log[0]!).processingFailed.reason;
    };
    const plain = await reasonOf({ create: long }, {});
    assert.match(plain, /^the processor threw SyntaxError at /);
    assert.doesNotMatch(plain, /secret|xxx/);
    assert.match(await reasonOf({ create: long, mask }, {}), /: no \[masked\] x{188}$/);
    assert.match(await reasonOf({ create: long }, { PROCESSOR_MESSAGES: "all" }), /: no secret x{190}$/);
  });

  it("fails alone what a processor answers that is no outcome, or has no text", async () => {
    const odd: ProcessorFactory = () => (record) =>
      ({
        none: undefined,
        number: { result: "Ok", text: 5 },
        later: Promise.resolve(),
        fine: { result: "Ok" },
      })[record.text()] as Outcome;
    const { records } = await run(
      [{ create: odd }],
      eventOf("none", "number", "later", "fine", "constructor"),
    );
    assert.deepEqual(
      records.map(({ result }) => result),
      ["ProcessingFailed", "ProcessingFailed", "ProcessingFailed", "Ok", "ProcessingFailed"],
    );
  });

  it("counts a reason that is the name of a property of every object", async () => {
    const named: ProcessorFactory = () => () => ({ result: "ProcessingFailed", reason: "constructor" });
    const log: string[] = [];
    await run([{ create: named }], eventOf("a"), log);
    assert.equal(JSON.parse(log[0]!).processingFailed.reason, "constructor");
  });

  it("fails a record whose result is none of the three [B05]", async () => {
    const lower = (() => () => ({ result: "ok" })) as unknown as ProcessorFactory;
    assert.deepEqual((await run([{ create: lower }])).records, [
      { recordId: "r1", result: "ProcessingFailed" },
    ]);
  });

  it("gives the text without one line end, LF or CRLF, and no other [B16]", async () => {
    const event = eventOf("a\n", "b\r\n", "c\n\n", "d\r", "");
    const { records } = await run([{ create: quote }], event);
    assert.deepEqual(
      records.map(({ data }) => JSON.parse(text(data!))),
      ["a", "b", "c\n", "d\r", ""],
    );
  });

  it("hands the text from one processor to the next, and data unchanged through all", async () => {
    assert.equal(text((await run([{ create: obey }, { create: exclaim }])).records[0]!.data!), "A!");
    assert.equal(text((await run([{ create: identity }, { create: exclaim }])).records[0]!.data!), "a!");
    const event = eventOf("a\n");
    event.records[0]!.data = "YQo"; // without padding, which decoding and encoding would add
    assert.equal((await run([{ create: identity }, { create: identity }], event)).records[0]!.data, "YQo");
  });

  it("stops a record's way at the first processor that drops or fails it", async () => {
    const { records } = await run([{ create: obey }, { create: exclaim }], eventOf("drop", "fail", "a"));
    assert.deepEqual(
      records.map(({ result }) => result),
      ["Dropped", "ProcessingFailed", "Ok"],
    );
  });

  it("waits for processors that need time, and fails alone what they reject", async () => {
    const { records } = await run(
      [{ create: exclaim }, { create: later }, { create: exclaim }],
      eventOf("a", "b"),
    );
    assert.deepEqual(
      records.map(({ data }) => text(data!)),
      ["a! later!", "b! later!"],
    );
    assert.equal((await run([{ create: laterFails }])).records[0]!.result, "ProcessingFailed");
  });

  it("puts further documents into the stream again, and fails the records whose documents it does not take [B09] [B15]", async () => {
    const takesAllButX: Processor = {
      create: split,
      putAgain: () => async (_stream, documents) => documents.map((document) => !document.includes("x")),
    };
    const { records } = await run([takesAllButX], eventOf("a|b|c", "d|x", "e"));
    assert.deepEqual(
      records.map(({ result, data }) => [result, data === undefined ? "" : text(data)]),
      [
        ["Ok", "a"],
        ["ProcessingFailed", ""],
        ["Ok", "e"],
      ],
    );
  });

  it("fails the record, not the batch, when putting again throws or is not there [B09]", async () => {
    const throws: Processor = {
      create: split,
      putAgain: () => async () => Promise.reject(new Error("down")),
    };
    for (const processor of [throws, { create: split }]) {
      const { records } = await run([processor], eventOf("a|b", "c"));
      assert.deepEqual(
        records.map(({ result }) => result),
        ["ProcessingFailed", "Ok"],
      );
    }
  });

  it("puts the further documents of a record again that a later processor drops, and none of a failed one", async () => {
    const log: string[] = [];
    const puts: Processor = {
      create: split,
      putAgain: () => async (_stream, documents) => {
        console.warn(documents.join(","));
        return documents.map(() => true);
      },
    };
    const { records } = await run([puts, { create: obey }], eventOf("drop|b", "fail|c"), log);
    assert.deepEqual(
      records.map(({ result }) => result),
      ["Dropped", "ProcessingFailed"],
    );
    assert.equal(log[0], "b");
  });

  it("keeps the answer below Lambda's limit by failing what has no room [B07]", async () => {
    const grow: ProcessorFactory = () => (record) => ({ result: "Ok", text: record.text().repeat(4.5) });
    const answer = await run(
      [{ create: grow }],
      eventOf(...Array.from({ length: 8 }, () => "x".repeat(225_000))),
    );
    const bytes = Buffer.byteLength(JSON.stringify(answer));
    assert.ok(bytes <= 6_291_456, `${bytes} bytes`);
    const results = answer.records.map(({ result }) => result);
    assert.deepEqual(results, [...Array(5).fill("Ok"), ...Array(3).fill("ProcessingFailed")]);
  });

  it("counts the room of many small records exactly enough [B07]", async () => {
    const texts = Array.from({ length: 60_000 }, () => "x".repeat(60));
    const answer = await run([{ create: exclaim }], eventOf(...texts));
    assert.ok(Buffer.byteLength(JSON.stringify(answer)) <= 6_291_456);
    assert.ok(answer.records.some(({ result }) => result === "ProcessingFailed"));
  });

  it("answers for a processor that reads nothing to the byte as for one that might, where there is no room too", async () => {
    const odd = [
      '{"@timestamp":null}',
      '{"a":"x\ny"}\r\n',
      "no object\n\n",
      "",
      '\ufeff{"\\u0040timestamp":1}',
    ];
    const large = Array.from({ length: 8 }, () => JSON.stringify({ a: "x".repeat(600_000) }));
    for (const texts of [odd, large]) {
      const [log, sameLog]: [string[], string[]] = [[], []];
      const answer = await run([{ create: identity }], eventOf(...texts), log);
      const same = await run([{ create: identity, readsNothing: true }], eventOf(...texts), sameLog);
      assert.equal(JSON.stringify(same), JSON.stringify(answer));
      assert.deepEqual(sameLog, log);
      assert.equal(log.length, texts === large ? 2 : 0);
    }
  });
});
