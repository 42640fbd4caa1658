/** The blocks of docs/sources.md of commands for each source: the program takes their settings, and the sources their names. */
import assert from "node:assert/strict";
import { documentOf } from "../processors/emitted";
import { type Evaluation, evaluate, readRoot } from "./evaluate";

const readme = readRoot("docs/sources.md");
const part = readme.slice(readme.indexOf("<!-- sources: begin"), readme.indexOf("<!-- sources: end"));
const blocks = [...part.matchAll(/\n([A-Z][\w ]+)[^\n]*\n\n```\n([\s\S]*?)```/g)].map(
  ([, title, commands]) => ({
    source: title!.split(/ (?:of|from) /)[0]!,
    commands: commands!,
  }),
);

/** What the block's `pulumi config set` leave in the configuration. */
function settingsOf(commands: string): Record<string, string | string[]> {
  const settings: Record<string, string | string[]> = {};
  for (const [, item, key, value] of commands.matchAll(
    /pulumi config set (?:--path '(\w+)\[0\]'|(\w+)) (\S+)/g,
  )) {
    if (item) settings[item] = [value!];
    else settings[key!] = value!;
  }
  return settings;
}

const programOf = (source: string): Promise<Evaluation> =>
  evaluate(settingsOf(blocks.find((block) => block.source === source)!.commands));

describe("the sources of docs/sources.md", () => {
  it("are seven, of three commands each", () => {
    assert.deepEqual(
      blocks.map(({ source }) => source),
      [
        "CloudWatch Logs",
        "CloudTrail",
        "API Gateway",
        "WAF",
        "VPC flow logs",
        "Route 53 Resolver query logs",
        "EventBridge",
      ],
    );
    for (const { source, commands } of blocks) {
      // A line that is indented goes on with the command above it.
      assert.equal(commands.trimEnd().split(/\n(?! )/).length, 3, source);
      assert.match(commands, /npx pulumi up\n/, source);
    }
  });

  for (const [source, processor, logGroup] of [
    ["CloudWatch Logs", "cloudwatch-logs", "/aws/lambda/shop"],
    ["CloudTrail", "cloudtrail", "aws-cloudtrail-logs"],
    ["Route 53 Resolver query logs", "cloudwatch-logs", "/route53/resolver"],
  ] as const) {
    it(`subscribe the stream to the log group of ${source}`, async () => {
      const program = await programOf(source);
      assert.equal(program.outputs["processor"], processor);
      const { inputs } = program.one("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter");
      assert.deepEqual(
        [inputs["logGroup"], inputs["destinationArn"]],
        [logGroup, program.outputs["streamArn"]],
      );
    });
  }

  it("take in the objects of the VPC flow logs' bucket", async () => {
    const program = await programOf("VPC flow logs");
    assert.equal(program.outputs["processor"], "vpc-flow");
    const { inputs } = program.one("aws:cloudwatch/eventRule:EventRule");
    assert.deepEqual(JSON.parse(inputs["eventPattern"]).detail, {
      bucket: { name: ["flow-logs"] },
      object: { key: [{ prefix: "AWSLogs/" }] },
    });
  });

  it("read EventBridge's events, which are JSON", async () => {
    const { outputs } = await programOf("EventBridge");
    assert.equal(outputs["processor"], "json-events");
  });

  for (const [source, start] of [
    ["API Gateway", "amazon-apigateway-"],
    ["WAF", "aws-waf-logs-"],
  ] as const) {
    it(`name the stream as ${source} demands, and hand out its ARN`, async () => {
      const { outputs } = await programOf(source);
      assert.ok(outputs["streamName"].startsWith(start));
      assert.ok(outputs["streamArn"].endsWith(`:deliverystream/${outputs["streamName"]}`));
    });
  }

  it("give API Gateway a format that access-log reads to its request id", async () => {
    const { commands } = blocks.find(({ source }) => source === "API Gateway")!;
    const operations: { path: string; value: string }[] = JSON.parse(
      /'(\[[\s\S]*\])'/.exec(commands.replace(/'\$\(.*?\)'/, "ARN"))![1]!,
    );
    const { value } = operations.find(({ path }) => path === "/accessLogSettings/format")!;
    const request: Record<string, string> = {
      "identity.sourceIp": "192.0.2.3",
      "identity.caller": "-",
      "identity.user": "jane",
      requestTime: "01/Mar/2026:00:00:00 +0000",
      httpMethod: "GET",
      path: "/prod/a",
      protocol: "HTTP/1.1",
      status: "200",
      responseLength: "5",
      requestId: "11111111-2222-3333-4444-555555555555",
    };
    const line = value.replace(/\$context\.([\w.]+)/g, (_, name: string) => request[name]!);
    const document = await documentOf("access-log", line);
    assert.deepEqual(document.http, {
      version: "1.1",
      request: { method: "GET", id: request["requestId"] },
      response: { status_code: 200, body: { bytes: 5 } },
    });
    assert.deepEqual(
      [document["@timestamp"], document.source.ip, document.user.name, document.url.path],
      ["2026-03-01T00:00:00.000Z", "192.0.2.3", "jane", "/prod/a"],
    );
  });
});
