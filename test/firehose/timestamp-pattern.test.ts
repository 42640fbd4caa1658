import { strict as assert } from "node:assert";
import { formatTimestamp, parseTimestampPattern } from "../../firehose/timestamp-pattern";

const ms = Date.parse("2026-03-01T09:08:07.042Z");
const evening = Date.parse("2026-12-31T21:00:00.900Z");
const midnight = Date.parse("2026-01-01T00:00:00Z");

describe("formatTimestamp", () => {
  // What java.time.format.DateTimeFormatter 17 prints for the same patterns and times in UTC.
  const answers: readonly [string, number, string][] = [
    ["yyyy/MM/dd/HH/", ms, "2026/03/01/09/"],
    ["y-M-d H:m:s", ms, "2026-3-1 9:8:7"],
    ["yy", ms, "26"],
    ["yyy", ms, "2026"],
    ["uuuu", ms, "2026"],
    ["DDD", ms, "060"],
    ["D", evening, "365"],
    ["SSS", ms, "042"],
    ["S", evening, "9"],
    ["hh", evening, "09"],
    ["h", midnight, "12"],
    ["KK", evening, "09"],
    ["K", midnight, "0"],
    ["kk", midnight, "24"],
    ["'it''s 'yyyy", ms, "it's 2026"],
    ["yy'T'HHmmss", ms, "26T090807"],
    ["''yyyy''", ms, "'2026'"],
    ["'year='yyyy'/'", ms, "year=2026/"],
    ["'{[#]'", ms, "{[#]"],
    ["'é 日'é日", ms, "é 日é日"],
    ["", ms, ""],
  ];
  for (const [pattern, at, text] of answers) {
    it(`evaluates ${JSON.stringify(pattern)} as Java does`, () =>
      assert.equal(formatTimestamp(pattern, at), text));
  }

  it("refuses to evaluate what is no pattern", () =>
    assert.throws(() => formatTimestamp("MMM", ms), /!\{timestamp:MMM\}: MMM is not taken/));
});

describe("parseTimestampPattern", () => {
  const refused =
    "MMM MMMM EEE e hh a ww W YYYY YY DD DDDD ddd HHH mmm sss SSSS G Q q L n N A B z VV x X Z O p yyyyy t";
  it("refuses words of a locale, weeks, zones, widths that Java refuses, and letters that it keeps", () => {
    for (const pattern of refused.split(" ").filter((one) => one !== "hh")) {
      assert.match(
        String(parseTimestampPattern(pattern)),
        new RegExp(`^${pattern} is not taken; allowed are`),
      );
    }
    assert.match(String(parseTimestampPattern("hh a")), /^a is not taken/);
  });

  it("refuses an open quote and the characters that Java keeps", () => {
    assert.match(String(parseTimestampPattern("yyyy'T")), /quote that is not closed/);
    assert.match(String(parseTimestampPattern("'it's'")), /not closed|not taken/);
    for (const kept of "[]{}#")
      assert.match(String(parseTimestampPattern(`yyyy${kept}`)), /kept for Java's own use/);
  });
});
