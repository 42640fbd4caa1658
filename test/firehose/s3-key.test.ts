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

  it("refuses the pairs that AWS refuses [B46]", () => {
    assert.match(prefixProblems("!{timestamp:yyyy}/", "").join(), /errorOutputPrefix must be set/);
    assert.match(
      prefixProblems("", "err/!{timestamp:yyyy}/").join(),
      /must have !\{firehose:error-output-type\}/,
    );
    assert.match(prefixProblems("!{firehose:error-output-type}/", typed).join(), /prefix must not have/);
    assert.match(prefixProblems("!{nonsense}/", typed).join(), /unknown expression/);
  });

  it("refuses the week-based year and says what is allowed [B30]", () => {
    const [problem = ""] = prefixProblems("!{timestamp:YYYY}/", typed);
    assert.match(problem, /!\{timestamp:YYYY\} of prefix YYYY is not taken; allowed are y yy yyy yyyy/);
  });

  it("takes the pairs that AWS takes", () => {
    assert.deepEqual(prefixProblems("", ""), []);
    assert.deepEqual(prefixProblems("raw/", "failed/"), []);
    assert.deepEqual(prefixProblems("!{timestamp:yyyy/MM}/!{firehose:random-string}/", typed), []);
  });
});
