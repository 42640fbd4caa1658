import { deepEqual, ok } from "node:assert/strict";
import { emitted, eventOf, withoutArrival } from "../emitted";
import { placeObjects, placeTexts } from "./innocent-places";
import { innocentRecords } from "./innocent-texts";
import { ownShapes, plainSecrets, secretShapes } from "./secret-shapes";
import { codeShapes } from "./value-shapes";

async function redacted(records: readonly string[], chain = "redact"): Promise<string[]> {
  const { handler } = await emitted(chain);
  const { records: answers } = await handler(eventOf(records));
  return answers.map(({ data }) => withoutArrival(Buffer.from(data ?? "", "base64").toString("utf8")));
}

const placed = secretShapes.flatMap(({ name, record, hidden = (secret) => secret }) =>
  plainSecrets.map((secret) => ({
    what: `${name}: ${secret}`,
    record: record(secret),
    hidden: hidden(secret),
  })),
);
const own = ownShapes.flatMap((secret) => [
  { what: `in a field: ${secret}`, record: JSON.stringify({ note: secret }), hidden: secret },
  {
    what: `in a sentence: ${secret}`,
    record: JSON.stringify({ note: `use ${secret}, please` }),
    hidden: secret,
  },
]);
const codes = codeShapes.map(({ name, record, hidden }) => ({
  what: name,
  record: record(""),
  hidden: hidden!(""),
}));
const secrets = [...placed, ...own, ...codes];

describe("redact, on a corpus", () => {
  it("has at least 1,000 secrets in 200 shapes, and 500 innocent records", () => {
    ok(secretShapes.length >= 200, `${secretShapes.length} shapes`);
    ok(secrets.length >= 1000, `${secrets.length} secrets`);
    ok(innocentRecords.length >= 500, `${innocentRecords.length} innocent records`);
    deepEqual(
      secrets.filter(({ record, hidden }) => !record.includes(hidden)),
      [],
    );
  });

  for (const chain of ["redact", "redact,json-events", "json-events,redact"]) {
    it(`leaves none of its secrets behind ${chain} [C17] [C19]`, async () => {
      const records = secrets.filter(({ record }) => chain === "redact" || record.endsWith("}"));
      const texts = await redacted(
        records.map(({ record }) => record),
        chain,
      );
      const left = records.filter(({ hidden }, i) => texts[i]!.includes(hidden) || texts[i] === "");
      deepEqual(
        left.map(({ what }, i) => [what, i]),
        [],
      );
    });
  }

  it("changes nothing that stands where secrets do and is none", async () => {
    const records = [...placeTexts.map((message) => ({ message })), ...placeObjects].map((one) =>
      JSON.stringify(one),
    );
    deepEqual(await redacted(records), records);
  });

  it("changes at most one in a hundred of its innocent records [C20]", async () => {
    const texts = await redacted(innocentRecords);
    const changed = texts.filter((text, i) => text !== innocentRecords[i]);
    ok(changed.length <= innocentRecords.length / 100, changed.join("\n"));
  });
});
