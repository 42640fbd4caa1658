/** Log events of CloudWatch and CloudTrail as they come in practice, each with the value that is right. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { emitted, eventOf, read, run, warnings } from "./emitted";
import { withFirehose } from "./firehose";

const requestId = "0a1b2c3d-0000-4000-8000-000000000001";
const payload = (...messages: (string | object)[]) =>
  JSON.stringify({
    messageType: "DATA_MESSAGE",
    owner: "111122223333",
    logGroup: "/aws/lambda/shop",
    logStream: "s",
    logEvents: messages.map((message, i) =>
      typeof message === "string" ? { id: `e${i}`, timestamp: 1_772_323_200_000 + i, message } : message,
    ),
  });
// biome-ignore lint/suspicious/noExplicitAny: documents of any shape
async function documentsOf(chain: string, ...records: (string | Buffer)[]): Promise<any[]> {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const documents: any[] = [];
  await withFirehose([], async (firehose) => {
    const { handler } = await emitted(chain);
    const first = read(await handler(eventOf(records)));
    const further = firehose.taken();
    const rest = further.length > 0 ? read(await handler(eventOf(further))) : [];
    for (const answer of [...first, ...rest]) documents.push("document" in answer ? answer.document : answer);
    equal(firehose.calls.flat().length, further.length, "a further document is put once");
  });
  return documents;
}
const logOf = async (message: string | object) => (await documentsOf("cloudwatch-logs", payload(message)))[0];

describe("log events of CloudWatch", () => {
  it("have the account and the region where they were written, and all that CloudWatch extracted [C09]", async () => {
    const event = (extractedFields: unknown) => ({ id: "1", timestamp: 1, message: "bye", extractedFields });
    const central = await logOf(event({ "@aws.account": "444455556666", "@aws.region": "eu-central-1" }));
    deepEqual(central.cloud, { account: { id: "444455556666" }, region: "eu-central-1" });
    equal(central.aws.cloudwatch.extracted_fields, undefined);
    const flow = await logOf(event({ version: "2", srcaddr: "10.0.0.1", dstport: 443 }));
    deepEqual(flow.aws.cloudwatch.extracted_fields, ["version=2", "srcaddr=10.0.0.1", "dstport=443"]);
    deepEqual(flow.cloud, { account: { id: "111122223333" } });
    for (const odd of ["text", 7, [1], null])
      equal((await logOf(event(odd))).cloud.account.id, "111122223333");
    const both = await logOf(event({ "@aws.account": 5, "@aws.region": "x", a: { b: 1 } }));
    deepEqual([both.cloud.region, both.aws.cloudwatch.extracted_fields], ["x", ["a.b=1"]]);
  });

  for (const [message, level] of [
    [`2026-03-01T00:00:00.400Z\t${requestId}\tERROR\t{"level":"error","msg":"boom"}\n`, "error"],
    ['2026-03-01 00:00:00 INFO shop - {"level":"info"}', "info"],
    ['[ERROR] {"level":"fatal"} \r\n', "fatal"],
    ['{"level":"warn"}', "warn"],
  ] as const) {
    it(`have their JSON read behind a prefix: ${JSON.stringify(message)} [C11]`, async () => {
      const document = await logOf(message);
      deepEqual([document.json.level, document.log.level], [level, level]);
      equal(document.message, message.replace(/\r?\n$/, ""));
    });
  }

  for (const message of ["a {b", "a {b}", 'x {"a":1} y', "}{", '{"a":1', "[1]"]) {
    it(`are text alone where no object ends them: ${message} [C11]`, async () => {
      const document = await logOf(message);
      deepEqual([document.json, document.message], [undefined, message]);
    });
  }

  it("have Lambda's request and level where Lambda wrote them", async () => {
    const node = await logOf(`2026-03-01T00:00:00.400Z\t${requestId}\tWARN\tslow`);
    deepEqual([node.aws.lambda, node.log], [{ request_id: requestId }, { level: "WARN" }]);
    const python = await logOf(`[ERROR]\t2026-03-01T00:00:00.400Z\t${requestId}\tslow`);
    deepEqual([python.aws.lambda, python.log], [{ request_id: requestId }, { level: "ERROR" }]);
    for (const other of ["plain", "2026-03-01T00:00:00Z\tx\tWARN\ty", "REPORT of the day", "START here"])
      deepEqual([(await logOf(other)).aws.lambda, (await logOf(other)).log], [undefined, undefined]);
  });

  it("have the figures of Lambda's reports as numbers, with their units", async () => {
    const report = await logOf(
      `REPORT RequestId: ${requestId}\tDuration: 12.34 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\tMax Memory Used: 80 MB\tInit Duration: 150.10 ms\t\nXRAY TraceId: 1-2\tSegmentId: 3\n`,
    );
    deepEqual(report.aws.lambda, {
      request_id: requestId,
      duration_ms: 12.34,
      billed_duration_ms: 13,
      memory_size_mb: 512,
      max_memory_used_mb: 80,
      init_duration_ms: 150.1,
    });
    const late = await logOf(`REPORT RequestId: ${requestId}\tDuration: 3000.00 ms\tStatus: timeout`);
    deepEqual(late.aws.lambda, { request_id: requestId, duration_ms: 3000, status: "timeout" });
    const json = await logOf(
      JSON.stringify({
        type: "platform.report",
        record: { requestId, status: "success", metrics: { durationMs: 1.5, maxMemoryUsedMB: 70 } },
      }),
    );
    deepEqual(json.aws.lambda, {
      request_id: requestId,
      duration_ms: 1.5,
      max_memory_used_mb: 70,
      status: "success",
    });
    const odd = await logOf(
      `REPORT RequestId: ${requestId}\tDuration: 1.2.3 ms\tOther: 5 ms\tMemory Size: x MB`,
    );
    deepEqual(odd.aws.lambda, { request_id: requestId });
  });

  it("larger than a record with text and JSON keep the text, once, and their neighbours [C12]", async () => {
    const big = JSON.stringify({ level: "info", body: "x".repeat(600 * 1024) });
    const documents = await documentsOf("cloudwatch-logs", gzipSync(payload("b1", big, "b3")));
    deepEqual(
      documents.map(({ message }) => message),
      ["b1", big, "b3"],
    );
    deepEqual([documents[1].json, documents[1].log.level], [undefined, "info"]);
  });

  for (const [title, unit] of [
    ["words", "0123456789 "],
    ["quotes, which are escaped", '"'],
    ["control characters, six bytes each", "\u0001"],
    ["characters of two units", "😀"],
    ["lone surrogates", "\ud83d"],
  ] as const) {
    it(`larger than a record may be are cut and marked: ${title} [C12]`, async () => {
      const message = unit.repeat((1000 * 1024) / unit.length);
      const documents = await documentsOf("cloudwatch-logs", gzipSync(payload("b1", message, "b3")));
      deepEqual(
        documents.map(({ message }) => message.length > 10),
        [false, true, false],
      );
      const [, cut] = documents;
      ok(message.startsWith(cut.message));
      equal(cut.event.cut_bytes, Buffer.byteLength(message) - Buffer.byteLength(cut.message));
      const bytes = Buffer.byteLength(JSON.stringify(cut));
      ok(bytes <= 1_024_000 && bytes > 900_000, `${bytes} bytes`);
    });
  }

  it("of another shape are their text, and leave their neighbours alone", async () => {
    const odd = [null, 7, [1], { message: { a: 1 } }, {}].map((event) => event as object);
    const text = payload("first").replace(
      "}]}",
      `},${odd.map((event) => JSON.stringify(event)).join(",")}]}`,
    );
    const documents = await documentsOf("cloudwatch-logs", text);
    deepEqual(
      documents.map(({ message }) => message),
      ["first", "null", "7", "[1]", '{"a":1}', ""],
    );
  });
});

describe("payloads that unpack to more than a function can hold", () => {
  const bomb = (event: string, count: number, around = "") =>
    gzipSync(
      `{"messageType":"DATA_MESSAGE",${around}"logEvents":[${`${event},`.repeat(count - 1)}${event}]}`,
    );
  for (const [title, record, reason] of [
    ["four million empty events", bomb("{}", 4_000_000), /neither gzip nor JSON|unpacks/],
    ["20,001 events", bomb("{}", 20_001), /more than 20000 log events/],
    ["a gigabyte's start of blanks", gzipSync(Buffer.alloc(33 * 1024 * 1024, " ")), /unpacks to more than/],
    ["two million values in a field", bomb("{}", 1, `"a":[${"0,".repeat(2_000_000)}0],`), /neither/],
    ["20,000 levels", gzipSync(`${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`), /neither/],
  ] as const) {
    for (const chain of ["cloudwatch-logs", "cloudtrail"]) {
      it(`fail alone in ${chain}: ${title}`, async () => {
        warnings.length = 0;
        const good = chain === "cloudtrail" ? '{"eventName":"a","eventVersion":"1"}' : payload("a");
        const answers = await run(chain, good, record, good);
        deepEqual(
          answers.map(({ result }) => result),
          ["Ok", "ProcessingFailed", "Ok"],
        );
        ok(reason.test(warnings.join()), warnings.join());
      });
    }
  }

  it("are not taken for what packs well: an event of 600 kB of one character", async () => {
    const message = "x".repeat(600_000);
    equal((await documentsOf("cloudwatch-logs", gzipSync(payload(message))))[0].message, message);
  });
});

describe("events of CloudTrail", () => {
  const event = (fields: object) => ({
    eventVersion: "1.08",
    eventID: "1",
    eventTime: "2026-03-01T00:00:00Z",
    eventName: "ConsoleLogin",
    ...fields,
  });
  const trailOf = async (fields: object) =>
    (await documentsOf("cloudtrail", JSON.stringify(event(fields))))[0];

  for (const [fields, outcome, error] of [
    [
      { errorMessage: "Failed authentication", responseElements: { ConsoleLogin: "Failure" } },
      "failure",
      { message: "Failed authentication" },
    ],
    [{ responseElements: { ConsoleLogin: "Failure" } }, "failure", undefined],
    [{ eventName: "SwitchRole", responseElements: { SwitchRole: "Failure" } }, "failure", undefined],
    [
      {
        eventName: "CheckMfa",
        responseElements: { CheckMfa: "Failure" },
        additionalEventData: { MfaType: "U2F" },
      },
      "failure",
      undefined,
    ],
    [{ errorMessage: "Denied" }, "failure", { message: "Denied" }],
    [{ errorCode: "AccessDenied" }, "failure", { code: "AccessDenied" }],
    [{ errorCode: "AccessDenied", errorMessage: "no" }, "failure", { code: "AccessDenied", message: "no" }],
    [{ eventType: "AwsServiceEvent", serviceEventDetails: { state: "FAILED" } }, "failure", undefined],
    [{ responseElements: { ConsoleLogin: "Success" } }, "success", undefined],
    [{ responseElements: null, requestParameters: { onFailure: "Failure" } }, "success", undefined],
  ] as const) {
    it(`fail where they say so: ${JSON.stringify(fields)} [C06]`, async () => {
      const document = await trailOf(fields);
      deepEqual([document.event.outcome, document.error], [outcome, error]);
    });
  }

  const insight = {
    eventVersion: "1.09",
    eventTime: "2026-03-01T00:00:00Z",
    eventID: "i1",
    eventType: "AwsCloudTrailInsight",
    insightDetails: {
      state: "Start",
      eventSource: "ec2.amazonaws.com",
      eventName: "DescribeRegions",
      insightType: "ApiErrorRateInsight",
      errorCode: "Client.RequestLimitExceeded",
    },
  };

  it("are Insights too, with the action and the provider that they are about [C07]", async () => {
    const [document] = await documentsOf("cloudtrail", JSON.stringify(insight));
    deepEqual(document.event, {
      dataset: "cloudtrail",
      id: "i1",
      action: "DescribeRegions",
      provider: "ec2.amazonaws.com",
      outcome: "unknown",
    });
    equal(document.error.code, "Client.RequestLimitExceeded");
    ok(document.aws.cloudtrail.insight_details.includes("insightType=ApiErrorRateInsight"));
  });

  it("are opened where EventBridge put them into an envelope [C07]", async () => {
    const envelope = {
      version: "0",
      "detail-type": "AWS API Call via CloudTrail",
      source: "aws.ec2",
      detail: event({ eventName: "RunInstances" }),
    };
    equal((await documentsOf("cloudtrail", JSON.stringify(envelope)))[0].event.action, "RunInstances");
  });

  for (const [title, odd] of [
    ["an Insights event", JSON.stringify(insight)],
    ["plain words", "plain words"],
    ["a number", "7"],
    ["half of an object", '{"eventName":'],
    ["an object of something else", '{"hello":1}'],
  ] as const) {
    it(`do not suffer from a neighbour in their payload that is ${title} [C07]`, async () => {
      const messages = [event({ eventName: "RunInstances" }), odd, event({ eventName: "StopInstances" })].map(
        (each) => (typeof each === "string" ? each : JSON.stringify(each)),
      );
      const documents = await documentsOf("cloudtrail", gzipSync(payload(...messages)));
      deepEqual([documents[0].event.action, documents[2].event.action], ["RunInstances", "StopInstances"]);
      if (odd.startsWith('{"eventVersion"')) equal(documents[1].event.action, "DescribeRegions");
      else deepEqual([documents[1].event.kind, documents[1].message], ["pipeline_error", odd]);
    });
  }

  it("larger than a record may be go as finished documents [C12]", async () => {
    const large = event({
      eventName: "Big",
      requestParameters: { body: "x".repeat(1_000_000) },
      note: "y".repeat(23_900),
    });
    const documents = await documentsOf(
      "cloudtrail",
      gzipSync(JSON.stringify({ Records: [event({}), large, event({})] })),
    );
    deepEqual(
      documents.map((document) => document.event?.action),
      ["ConsoleLogin", "Big", "ConsoleLogin"],
    );
  });
});
