import { deepEqual, equal, ok } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { maxInvocationBytes } from "../../firehose/limits";
import type { TransformAnswer } from "../../firehose/transform";
import { processors } from "../../processors/index";
import { usualFields } from "../../processors/redaction/configuration";
import { sampleKinds, sampleLines } from "../../publisher/records/samples";
import { numRuns, oneOf } from "../property-runs";
import { emitted, eventOf, warnings, withoutArrival } from "./emitted";
import { withFirehose } from "./firehose";

const samples = sampleKinds.flatMap((kind) => [...sampleLines(kind, 40, 3, 1_772_366_400_000)]);

/** As fc.string of unit "binary", which takes a second to make. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0x10ffff }))
  .map((codePoints) => String.fromCodePoint(...codePoints));

/** A real record with a part of it replaced: what nearly parses finds more than what never does. */
const damaged = fc
  .tuple(fc.constantFrom(...samples), fc.nat(), fc.nat(30), fc.oneof(anyText, fc.uint8Array()))
  .map(([line, at, length, inserted]) => {
    const start = at % (line.length + 1);
    return Buffer.concat([
      line.subarray(0, start),
      Buffer.from(inserted as string),
      line.subarray(start + length),
    ]);
  });
const long = fc
  .tuple(
    fc.constantFrom('"', "\\", "é", " ", "{", "[", "\t", "1", "%", "a.", "a@b.", "1 ", "4111 "),
    fc.nat(300_000),
  )
  .map(([unit, count]) => Buffer.from(unit.repeat(count / unit.length)));
/** Valid JSON of more levels than a recursion may have, in the fields that processors look into. */
const deep = fc
  .tuple(fc.constantFrom('{"a":', "["), fc.nat(60_000), fc.constantFrom("", "message", "requestParameters"))
  .map(([open, levels, field]) => {
    const value = `${open.repeat(levels)}1${(open === "[" ? "]" : "}").repeat(levels)}`;
    if (field === "") return Buffer.from(`{"a":${value}}`);
    if (field === "requestParameters") return Buffer.from(`{"eventName":"x","requestParameters":${value}}`);
    return Buffer.from(
      JSON.stringify({ messageType: "DATA_MESSAGE", logEvents: [{ id: "1", message: value }] }),
    );
  });
const json = fc.json({ maxDepth: 6 }).map((text) => Buffer.from(text));
const message = fc.oneof(fc.string(), fc.json(), fc.constantFrom(...samples.map(String)));
const payload = fc
  .record(
    {
      messageType: fc.constantFrom("DATA_MESSAGE", "CONTROL_MESSAGE", "x"),
      owner: fc.string(),
      logGroup: fc.anything(),
      logEvents: fc.array(
        fc.record({ id: fc.string(), timestamp: fc.double(), message }, { requiredKeys: [] }),
        { maxLength: 4 },
      ),
    },
    { requiredKeys: ["messageType"] },
  )
  .map((object) => {
    try {
      return Buffer.from(JSON.stringify(object));
    } catch {
      return Buffer.from("{}");
    }
  });
/** A counterexample is shown by its start and a base64 that fits a terminal, not byte by byte. */
const shown = (bytes: Buffer): Buffer =>
  Object.assign(bytes, {
    [fc.toStringMethod]: () =>
      `${bytes.length} bytes, ${JSON.stringify(bytes.toString("utf8", 0, 200))}, base64 ${bytes.toString("base64", 0, 900)}`,
  });
const any = fc
  .oneof(
    damaged,
    damaged,
    json,
    deep,
    payload,
    payload.map((bytes) => gzipSync(bytes)),
    long,
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  )
  .map(shown);
const batch = fc.array(any, { maxLength: 8 });

/** Every id once and in order, within Lambda's answer, each document an object on a single line. */
function assess(chain: string, records: readonly Buffer[], answer: TransformAnswer): void {
  deepEqual(
    answer.records.map(({ recordId }) => recordId),
    records.map((_, i) => `r${i}`),
  );
  // The handler would turn an exception into a failed record; no processor may need that.
  deepEqual(
    warnings.splice(0).filter((warning) => warning.includes("threw")),
    [],
  );
  ok(Buffer.byteLength(JSON.stringify(answer)) <= maxInvocationBytes);
  for (const { result, data } of answer.records) {
    ok(result === "Ok" || (data === undefined && /^(Dropped|ProcessingFailed)$/.test(result)));
    // Without a processor that writes documents the text may be any.
    if (result !== "Ok" || chain.split(",").every((name) => /^(identity|redact|unpack)$/.test(name)))
      continue;
    const text = Buffer.from(data ?? "", "base64").toString("utf8");
    ok(!/[\n\r]/.test(text.trimEnd()), "one line");
    equal(typeof JSON.parse(text), "object");
  }
}

const names = Object.keys(processors);
const chains = [...names, "redact,access-log", "cloudwatch-logs,redact", "json-events,redact"];

describe("every processor", () => {
  for (const chain of chains) {
    it(`${chain} answers any batch: no throw, no id lost or invented, at most 6 MB [B07]`, async () => {
      const { handler } = await emitted(chain);
      await withFirehose([], async () => {
        await fc.assert(
          fc.asyncProperty(batch, async (records) => assess(chain, records, await handler(eventOf(records)))),
          numRuns(150),
        );
      });
    });

    it(`${chain} keeps its answer within 6 MB where documents grow [B07]`, async () => {
      const { handler } = await emitted(chain);
      const backslashes = "\\".repeat(400_000);
      const line = `192.0.2.1 - - [01/Mar/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "${backslashes}"`;
      const object = JSON.stringify({
        messageType: "DATA_MESSAGE",
        logEvents: [{ message: `{"a":"${backslashes}"}` }],
      });
      for (const record of oneOf([line, object])) {
        const records = Array.from({ length: 7 }, () => Buffer.from(record));
        assess(chain, records, await handler(eventOf(records)));
      }
    });
  }

  it("in a chain with any others answers any batch", async () => {
    const chain = fc
      .array(fc.constantFrom(...names), { minLength: 2, maxLength: 4 })
      .map((several) => several.join(","));
    await withFirehose([], async () => {
      await fc.assert(
        fc.asyncProperty(chain, batch, async (value, records) => {
          const { handler } = await emitted(value);
          assess(value, records, await handler(eventOf(records)));
        }),
        numRuns(60),
      );
    });
  });
});

describe("processor redact", () => {
  it("leaves none of the fields and shapes it knows in any object, and takes away no other field", async () => {
    // Where a shell is it calls `pwd` too, and a folder stays: doubtful-names has the tests of both.
    const secrets = usualFields.filter((name) => name !== "pwd");
    const secret = fc.constantFrom(...secrets, "Password", "COOKIE");
    // Names that are written apart, such as "CV v", count as well: what is no secret's name has none in it.
    const squeezed = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
    const names = usualFields.map(squeezed);
    const other = fc.string().filter((name) => !names.some((one) => squeezed(name).includes(one)));
    const key = fc.oneof(secret, other);
    const shape = fc.constantFrom("jane@example.org", "4111 1111 1111 1111", "AKIAIOSFODNN7EXAMPLE");
    const text = fc.oneof(
      shape,
      fc.tuple(fc.string(), shape, fc.string()).map(([a, b, c]) => `${a} ${b} ${c}`),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.dictionary(
        key,
        fc.oneof({ depthSize: "small" }, text, fc.double(), tie("list"), tie("tree"), tie("written")),
      ),
      written: tie("tree").map((object) => JSON.stringify(object)),
      list: fc.array(fc.oneof({ depthSize: "small" }, text, tie("tree")), { maxLength: 3 }),
    }));
    const { handler } = await emitted("redact");
    const isSecret = (name: string) => (secrets as readonly string[]).includes(name.toLowerCase());
    /** Keys of a value with those of its parts; below a field that is dropped there is nothing. */
    const keysOf = (value: unknown): string[] =>
      typeof value !== "object" || value === null
        ? []
        : Object.entries(value).flatMap(([name, part]) => (isSecret(name) ? [] : [name, ...keysOf(part)]));
    await fc.assert(
      fc.asyncProperty(tree, async (object) => {
        const { records } = await handler(eventOf([JSON.stringify(object)]));
        const redacted = withoutArrival(Buffer.from(records[0]!.data ?? "", "base64").toString("utf8"));
        deepEqual(redacted.match(/jane@example\.org|4111 1111 1111 1111|AKIAIOSFODNN7EXAMPLE/g), null);
        const renamed = keysOf(object).map((name) => (name === "__proto__" ? "__proto___" : name));
        deepEqual(keysOf(JSON.parse(redacted)), renamed);
        deepEqual(redacted.match(new RegExp(`"(?:${secrets.join("|")})\\\\*":`, "gi")), null);
      }),
      numRuns(300),
    );
  });
});
