import { deepEqual, ok } from "node:assert/strict";
import { run } from "./emitted";

/** Records with halves of characters and NULs within, and words that must be in their documents. */
const records: [string, string, string[]][] = [
  ["json-events", '{"m":"cut \\ud83d end","z":"a\\u0000b"}', ["cut", "end", "b"]],
  ["json-events", '{"m":"low \\udc00\\ud83d end","k\\u0000ey":["x\\ud800"]}', ["low", "end"]],
  ["redact,json-events", '{"m":"cut \\ud83d end","password":"\\ud83dhunter2"}', ["cut", "end"]],
  ["redact", '{"m":"password=\\ud83dhunter2 end"}', ["password", "end"]],
  ["access-log", '{"ip":"192.0.2.1","status":200,"path":"/\\ud83d","userAgent":"a\\u0000b"}', ["192.0.2.1"]],
  [
    "access-log",
    '192.0.2.1 - - [01/Mar/2026:00:00:00 +0000] "GET /\\xed\\xa0\\xbd\\x00 HTTP/1.1" 200 5',
    ["/\\\\xed"],
  ],
  ["text", "2026-02-28 17:00:00 ERROR cut \ud83d end \0 x", ["cut", "end"]],
];

describe("text that is cut within a character, or has NULs", () => {
  for (const [chain, record, words] of records) {
    it(`is in the document of ${chain}, beside its neighbours: ${JSON.stringify(record).slice(0, 50)} [C16]`, async () => {
      const neighbour =
        chain === "text" || record.startsWith("192") ? record.replace("cut", "near") : '{"ip":"192.0.2.9"}';
      const [before, answer, after] = await run(chain, neighbour, record, neighbour);
      deepEqual([before?.result, answer?.result, after?.result], ["Ok", "Ok", "Ok"]);
      ok(answer && "document" in answer && "text" in answer);
      const text = String(answer.text);
      deepEqual(
        words.filter((word) => !text.includes(word)),
        [],
      );
      ok(!text.includes("hunter2"));
      // Firehose and the index take UTF-8 only.
      ok(Buffer.from(text, "utf8").toString("utf8") === text);
    });
  }
});
