import { strict as assert } from "node:assert";
import { prefixProblems, s3Key } from "../../firehose/s3-key";

const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const oldestArrivalMs = Date.parse("2026-03-01T09:08:07Z");
const name = `web-1-2026-03-01-09-08-07-${uuid}`;

const check = (options: Partial<Parameters<typeof s3Key>[0]>, pattern: string): void =>
  assert.match(s3Key({ deliveryStreamName: "web", oldestArrivalMs, ...options }), new RegExp(`^${pattern}$`));

describe("s3Key", () => {
  it("has the UTC date after the prefix, no slash in front and none added [B44]", () => {
    check({}, `2026/03/01/09/${name}`);
    check({ prefix: "raw" }, `raw2026/03/01/09/${name}`);
    check({ prefix: "raw/" }, `raw/2026/03/01/09/${name}`);
  });

  it("has an extension only where the object is compressed [B44]", () => {
    check({ compression: "GZIP" }, `2026/03/01/09/${name}\\.gz`);
  });

  it("evaluates timestamp expressions and adds no date to them", () => {
    check({ prefix: "y=!{timestamp:yyyy}/m=!{timestamp:MM}/d=!{timestamp:dd}/" }, `y=2026/m=03/d=01/${name}`);
    check({ prefix: "!{timestamp:yy'T'HHmmss}-" }, `26T090807-${name}`);
  });

  it("puts the error type in front of the date, or where the expression says", () => {
    check(
      { errorOutputType: "processing-failed", prefix: "failed/" },
      `failed/processing-failed/2026/03/01/09/${name}`,
    );
    check(
      { errorOutputType: "processing-failed", prefix: "e/!{firehose:error-output-type}/!{timestamp:yyyy}/" },
      `e/processing-failed/2026/${name}`,
    );
  });

  it("makes a new random string each time", () => {
    check({ prefix: "!{firehose:random-string}/" }, `[a-z0-9]{11}/${name}`);
  });
});

describe("prefixProblems", () => {
  const typed = "err/!{firehose:error-output-type}/";
  const of = (prefix: string, errorOutputPrefix: string): string =>
    prefixProblems(prefix, errorOutputPrefix)
      .map((one) => `${one.of}: ${one.problem}`)
      .join();

  it("refuses the pairs that AWS refuses [B46]", () => {
    assert.match(of("!{timestamp:yyyy}/", ""), /^errorOutputPrefix: it must be set/);
    assert.match(
      of("", "err/!{timestamp:yyyy}/"),
      /^errorOutputPrefix: .*must have !\{firehose:error-output-type\}/,
    );
    assert.match(of("!{firehose:error-output-type}/", typed), /^prefix: it must not have/);
  });

  it("refuses expressions that are none", () => {
    for (const text of ["!{nonsense}/", "!{}", "!{firehose:}", "!{partitionKeyFromQuery:id}/"])
      assert.match(of(text, typed), /^prefix: it has the unknown expression/);
    assert.match(of("!{timestamp:yyyy/", typed), /^prefix: !\{timestamp:yyyy\/ has no \} at its end/);
    assert.match(of("!{timestamp:}/", typed), /^prefix: !\{timestamp:\} has no pattern/);
  });

  it("refuses the week-based year and says what is allowed, in either prefix [B30]", () => {
    assert.match(
      of("!{timestamp:YYYY}/", typed),
      /^prefix: in !\{timestamp:YYYY\} YYYY is not taken; allowed are y yy yyy yyyy/,
    );
    assert.match(of("", `${typed}!{timestamp:YYYY}/`), /^errorOutputPrefix: in !\{timestamp:YYYY\}/);
  });

  it("takes the pairs that AWS takes", () => {
    assert.deepEqual(prefixProblems("", ""), []);
    assert.deepEqual(prefixProblems("raw/", "failed/"), []);
    assert.deepEqual(prefixProblems("!{timestamp:yyyy/MM}/!{firehose:random-string}/", typed), []);
  });
});
