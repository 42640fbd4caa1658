import { strict as assert } from "node:assert";
import { fatesOf } from "../../../local/plan/emulation";
import type { FunctionPlan } from "../../../local/plan/plan";
import { readObjectFunctions } from "../../../local/plan/read-object-functions";
import type { EvaluatedResource } from "../../../local/plan/stand-ins";

const arn = (name: string): string => `arn:aws:sqs:eu-west-1:000000000000:${name}`;
const queue = (name: string, inputs: object = {}): EvaluatedResource => ({
  type: "aws:sqs/queue:Queue",
  name,
  inputs,
  state: { arn: arn(name), url: `https://sqs.eu-west-1.amazonaws.com/0/${name}` },
});
const rule = (name: string, detail: object, more: object = {}): EvaluatedResource[] => [
  {
    type: "aws:cloudwatch/eventRule:EventRule",
    name,
    inputs: {
      eventPattern: JSON.stringify({
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail,
        ...more,
      }),
    },
    state: { name },
  },
  {
    type: "aws:cloudwatch/eventTarget:EventTarget",
    name,
    inputs: { rule: name, arn: arn("events") },
    state: {},
  },
];
const mapping: EvaluatedResource = {
  type: "aws:lambda/eventSourceMapping:EventSourceMapping",
  name: "mapping",
  inputs: { eventSourceArn: arn("events"), functionName: "read" },
  state: {},
};
const lambda = "arn:aws:lambda:eu-west-1:000000000000:function:read";
const fn = { name: "read", arn: `${lambda}:1` } as FunctionPlan;
const program = (...rules: EvaluatedResource[][]): EvaluatedResource[] => [
  queue("failed"),
  queue("events", {
    redrivePolicy: JSON.stringify({ deadLetterTargetArn: arn("failed"), maxReceiveCount: 3 }),
  }),
  mapping,
  ...rules.flat(),
];

describe("readObjectFunctions", () => {
  it("finds the function behind a queue that S3's events of buckets go to, and the queue of what failed", () => {
    const detail = { bucket: { name: ["a", "b"] }, object: { key: [{ prefix: "x/" }] } };
    const resources = program(rule("one", detail), rule("two", { bucket: { name: ["c"] } }));
    const { objectFunctions, notes } = readObjectFunctions(resources, new Map([[lambda, fn]]));

    assert.deepEqual(notes, []);
    assert.equal(objectFunctions.length, 1);
    const [{ sources, queue: events, failedQueue, maxReceiveCount, batchSize }] = objectFunctions as [
      (typeof objectFunctions)[number],
    ];
    assert.deepEqual(sources, [
      { bucketName: "a", prefix: "x/" },
      { bucketName: "b", prefix: "x/" },
      { bucketName: "c", prefix: "" },
    ]);
    assert.deepEqual([events.arn, failedQueue?.arn], [arn("events"), arn("failed")]);
    assert.deepEqual([maxReceiveCount, batchSize], [3, 10]);
  });

  it("leaves rules alone that ask for something else", () => {
    const resources = program(
      rule("suffix", { bucket: { name: ["a"] }, object: { key: [{ suffix: ".gz" }] } }),
      rule("any", { bucket: { name: [{ prefix: "a" }] } }),
      rule("ec2", { bucket: { name: ["a"] } }, { source: ["aws.ec2"] }),
      rule("deleted", { bucket: { name: ["a"] } }, { "detail-type": ["Object Deleted"] }),
    );

    assert.deepEqual(readObjectFunctions(resources, new Map([[lambda, fn]])).objectFunctions, []);
    assert.deepEqual(
      fatesOf(resources).notEmulated.map(({ count }) => count),
      [4, 4, 1, 2],
    );
  });

  it("counts what the function hangs on as emulated, the bucket that its environment names too", () => {
    const named = (type: string, inputs: object, state: object): EvaluatedResource => ({
      type,
      name: "n",
      inputs,
      state,
    });
    const { notEmulated } = fatesOf([
      ...program(rule("one", { bucket: { name: ["a"] } })),
      named(
        "aws:lambda/function:Function",
        { environment: { variables: { NOTES: "notes" } } },
        { name: "read" },
      ),
      named("aws:s3/bucket:Bucket", {}, { bucket: "notes" }),
    ]);

    assert.deepEqual(notEmulated, []);
  });

  it("says which function is not called as it cannot run here", () => {
    const elsewhere = { name: "read", why: "runs on python3.13; allowed here is nodejs" };
    const { objectFunctions, notes } = readObjectFunctions(
      program(rule("one", { bucket: { name: ["a"] } })),
      new Map([[lambda, elsewhere]]),
    );

    assert.deepEqual(objectFunctions, []);
    assert.deepEqual(notes, [
      "The function read is not called for new objects here: it runs on python3.13; allowed here is nodejs.",
    ]);
  });
});
