/** The settings of senders in docs/sources.md are what their formats take, and name what our endpoint needs. */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const page = readFileSync(join(__dirname, "../../docs/sources.md"), "utf8");
const blockBehind = (words: string): string => {
  const start = page.indexOf(words);
  assert.ok(start > 0, words);
  return page.slice(start).split("```")[1]!;
};

describe("the settings of senders in docs/sources.md", () => {
  it("are YAML of one sink for Vector, which loses nothing by them", () => {
    const { sinks } = parse(blockBehind("\nVector, in `vector.yaml`"));
    assert.equal(sinks.firehose.type, "aws_kinesis_firehose");
    assert.equal(sinks.firehose.request_retry_partial, true);
    assert.ok(URL.canParse(sinks.firehose.endpoint));
  });

  it("are JSON of one flow for the Kinesis Agent", () => {
    const settings = JSON.parse(blockBehind("\nKinesis Agent, in `/etc"));
    assert.equal(settings.flows[0].deliveryStream, "STREAM");
    assert.ok(URL.canParse(settings["firehose.endpoint"]));
  });

  it("are three commands for Fluent Bit, the last of which gives no chunk up", () => {
    const commands = blockBehind("\nFluent Bit. The output").trim().split("\n");
    assert.equal(commands.length, 3);
    assert.match(commands[2]!, /-o kinesis_firehose .*-p Retry_Limit=no_limits/);
  });
});
