import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { problemsOf } from "../../infra/log-bucket-checks";
import { Pipeline } from "../../infra/pipeline";
import { accountId, evaluate, evaluateAnew, evaluateProgram } from "./evaluate";
import { statementsOf } from "./policies";

const key = `arn:aws:kms:eu-west-1:${accountId}:key/1234abcd`;
const program = () =>
  evaluate({
    logBuckets: ["alb-logs/AWSLogs/", "trail"],
    logBucketKeyArns: [key],
    alarmEmail: "ops@example.com",
  });

describe("infra/log-buckets", () => {
  it("is not there where no bucket is named", async () => {
    const { all } = await evaluate();

    for (const type of ["sqs/queue:Queue", "cloudwatch/eventRule:EventRule"])
      assert.deepEqual(all(`aws:${type}`), []);
  });

  it("takes S3's events of the named buckets and prefixes alone", async () => {
    const { all, one } = await program();
    const patterns = all("aws:cloudwatch/eventRule:EventRule").map(({ inputs }) =>
      JSON.parse(inputs["eventPattern"]),
    );
    const event = (bucket: object) => ({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: bucket,
    });

    assert.deepEqual(patterns, [
      event({ bucket: { name: ["alb-logs"] }, object: { key: [{ prefix: "AWSLogs/" }] } }),
      event({ bucket: { name: ["trail"] } }),
    ]);
    assert.equal(all("aws:cloudwatch/eventTarget:EventTarget").length, 2);
    const [sender] = statementsOf(
      one("aws:sqs/queuePolicy:QueuePolicy", "-events-policy").inputs["policy"],
    ).filter(({ Effect }) => Effect === "Allow");
    assert.deepEqual(sender?.Principal, { Service: "events.amazonaws.com" });
    assert.match(
      JSON.stringify(sender?.Condition),
      new RegExp(`arn:aws:events:eu-west-1:${accountId}:rule/`),
    );
  });

  it("reads these objects, and writes to nothing but its notes, its queues and the stream", async () => {
    const { one } = await program();
    const statements = statementsOf(
      one("aws:iam/rolePolicy:RolePolicy", "log-buckets-role-policy").inputs["policy"],
    );
    const of = (action: string) => statements.filter(({ Action }) => [Action].flat().includes(action));

    assert.deepEqual(of("s3:GetObjectVersion")[0]?.Resource, [
      "arn:aws:s3:::alb-logs/AWSLogs/*",
      "arn:aws:s3:::trail/*",
    ]);
    assert.equal(of("s3:PutObject").length, 1);
    assert.match(String(of("s3:PutObject")[0]?.Resource), /\/notes\/\*$/);
    assert.deepEqual(of("kms:Decrypt")[0]?.Resource, [key]);
    assert.equal(of("sqs:SendMessage")[0]?.Resource?.length, 2);
  });

  it("gives a message back to the queue after six timeouts, and five times at the most", async () => {
    const { one } = await program();
    const { inputs } = one("aws:sqs/queue:Queue", "-events");
    const { timeout } = one("aws:lambda/function:Function", "log-buckets").inputs;

    assert.equal(inputs["visibilityTimeoutSeconds"], 6 * timeout);
    assert.equal(JSON.parse(inputs["redrivePolicy"]).maxReceiveCount, 5);
    const mapping = one("aws:lambda/eventSourceMapping:EventSourceMapping").inputs;
    assert.deepEqual([mapping["batchSize"], mapping["scalingConfig"]], [1, { maximumConcurrency: 2 }]);
  });

  it("stays below the stream's quota in each region", async () => {
    for (const [region, mebibytes] of [
      ["eu-west-1", 5],
      ["eu-north-1", 1],
    ] as const) {
      const { one } = await evaluate({ logBuckets: ["trail"] }, "dev", region);
      const { variables } = one("aws:lambda/function:Function", "log-buckets").inputs["environment"];

      assert.equal(variables.BYTES_PER_SECOND, String(Math.floor((mebibytes * 1024 * 1024 * 0.8) / 2)));
    }
  });

  it("raises an alarm where an object could not be read", async () => {
    const { one } = await program();
    const { inputs } = one("aws:cloudwatch/metricAlarm:MetricAlarm", "-log-objects");

    assert.deepEqual([inputs["namespace"], inputs["threshold"]], ["AWS/SQS", 0]);
    assert.match(inputs["dimensions"].QueueName, /log-buckets-failed/);
  });

  it("has nothing but its text in the archive", async () => {
    const { archive } = await program();

    assert.deepEqual(Object.keys(await archive("log-buckets")), ["__index.js"]);
  });

  const wrong: readonly (readonly [value: object, message: RegExp])[] = [
    [{ logBuckets: ["s3://trail/x"] }, /logBuckets is .*allowed: bucket or bucket\/prefix/],
    [{ logBuckets: ["trail/*.gz"] }, /logBuckets is .*without wildcards/],
    [{ logBuckets: ["trail", "trail/AWSLogs"] }, /trail\/AWSLogs is within another of them/],
    [{ logBuckets: ["trail/a", "trail/a"] }, /is within another of them/],
    [{ logBuckets: ["mine/raw/"], existingBucketName: "mine" }, /logBuckets is .*buckets of others/],
    [{ logBuckets: ["trail"], logBucketKeyArns: ["alias/trail"] }, /logBucketKeyArns is .*ARNs of KMS keys/],
  ];
  for (const [value, message] of wrong) {
    it(`refuses ${JSON.stringify(value)}`, async () => {
      await assert.rejects(evaluate(value), message);
    });
  }

  it("takes two buckets whose names begin alike", async () => {
    const { all } = await evaluate({ logBuckets: ["trail", "trail-old"] });

    assert.equal(all("aws:cloudwatch/eventRule:EventRule").length, 2);
  });

  it("tells what AWS says against each bucket in one error, before anything of it is made", async () => {
    const logBuckets = ["gone", "far/a", "silent", "own-logs"];

    await assert.rejects(evaluate({ logBuckets }), ({ message }: Error) => {
      assert.match(
        message,
        /gone: AWS answers ".*couldn't find resource.*"; allowed: .* that is there already/,
      );
      assert.match(message, /far\/a is in us-east-2; allowed: eu-west-1, the stack's region/);
      assert.match(message, /silent does not tell EventBridge of new objects; .* Amazon EventBridge/);
      assert.match(message, /own-logs gets the bucket's own access logs, below "access\/"/);
      return true;
    });
  });

  it("knows the part of a bucket that its access logs are in", () => {
    const of = (logBucket: string, bucket = "logs", prefix = "access/") =>
      problemsOf(
        logBucket,
        { bucket: "logs", region: "eu-west-1", tellsEventBridge: true, accessLogs: { bucket, prefix } },
        "eu-west-1",
      ).length;

    assert.deepEqual(
      [of("logs"), of("logs/"), of("logs/acc"), of("logs/access/2026/"), of("logs/alb/", "logs", "")],
      [1, 1, 1, 1, 1],
    );
    assert.deepEqual([of("logs/alb/"), of("logs", "others")], [0, 0]);
  });

  it("takes a part of a bucket that its own access logs are beside, and where nobody may ask for them", async () => {
    const { all } = await evaluate({ logBuckets: ["own-logs/alb/", "closed"] });

    assert.equal(all("aws:cloudwatch/eventRule:EventRule").length, 2);
  });

  it("refuses the same by an argument of the component, and the stack's own bucket that is made with it", async () => {
    const pipeline = (logBuckets: string[]) => () => {
      const bucket = new aws.s3.Bucket("keeps", { bucket: "keeps-all" });
      return { stream: new Pipeline("web", { logBuckets, bucket }).streamArn };
    };

    await assert.rejects(evaluateProgram(pipeline(["silent"])), /The log buckets of web cannot be taken/);
    await assert.rejects(
      evaluateProgram(pipeline(["keeps-all/x"])),
      /keeps-all\/x is the stack's own; allowed/,
    );
  });

  it("tells a preview one error, without what hangs on it", async () => {
    const preview = evaluateAnew({ logBuckets: ["silent"] }, "dev", "eu-west-1", undefined, true);

    await assert.rejects(preview, (error: Error) =>
      /^The log buckets of \S+ cannot be taken/.test(error.message),
    );
  });
});
