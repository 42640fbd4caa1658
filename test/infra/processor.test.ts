/** What the chain of processors decides about its function: environment, rights, key. */
import assert from "node:assert/strict";
import { accountId, type Evaluation, evaluate } from "./evaluate";
import { refusals } from "./provider-rules";
import { loadHandler } from "./run-closure";

const functionType = "aws:lambda/function:Function";
const kmsKeyArn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd";

interface Statement {
  readonly Effect: string;
  readonly Action: string[];
  readonly Resource: string[];
  readonly Condition?: unknown;
}
const statementsOf = (program: Evaluation): Statement[] =>
  JSON.parse(program.one("aws:iam/rolePolicy:RolePolicy", "processor-role-policy").inputs["policy"])
    .Statement;

describe("the settings of redact", () => {
  it("reach the emitted function through its environment", async () => {
    const program = await evaluate({
      processor: "redact",
      redactFields: ["user.name"],
      redactPatterns: ["card"],
    });
    const { variables } = program.one(functionType, "processor").inputs["environment"];
    const { "__index.js": code } = await program.archive("processor");
    const handler = loadHandler(code!, { environment: variables });
    const record = '{"user":{"name":"jane","id":1},"password":"jane@example.org","card":"4111111111111111"}';
    const { records } = await handler({
      records: [{ recordId: "r1", data: Buffer.from(record).toString("base64") }],
    });
    assert.equal(
      Buffer.from(records[0].data, "base64").toString(),
      '{"user":{"id":1},"password":"jane@example.org","card":"[card]"}',
    );
  });

  it("are no part of a function without redact", async () => {
    const program = await evaluate({ processor: "access-log" });
    assert.equal(program.one(functionType, "processor").inputs["environment"], undefined);
  });
});

describe("the rights of the function", () => {
  const streamArn = `arn:aws:firehose:eu-west-1:${accountId}:deliverystream/firehose-opensearch-dev`;

  for (const processor of ["cloudwatch-logs", "cloudtrail", "redact,cloudwatch-logs"]) {
    it(`let ${processor} put records into its own stream and no other [B09]`, async () => {
      const program = await evaluate({ processor });
      const puts = statementsOf(program).filter(({ Action }) =>
        Action.some((action) => /^firehose:|\*/.test(action)),
      );
      assert.deepEqual(puts, [
        { Effect: "Allow", Action: ["firehose:PutRecordBatch"], Resource: [streamArn] },
      ]);
    });
  }

  it("are nothing but its log where no processor puts anything", async () => {
    const statements = statementsOf(await evaluate({ processor: "redact,access-log" }));
    assert.deepEqual(
      statements.map(({ Action }) => Action),
      [["logs:CreateLogStream", "logs:PutLogEvents"]],
    );
  });

  for (const [processor, actions] of [
    ["redact", [["kms:Decrypt"]]],
    ["cloudwatch-logs", [["kms:Decrypt", "kms:GenerateDataKey"]]],
    ["cloudwatch-logs,redact", [["kms:Decrypt", "kms:GenerateDataKey"], ["kms:Decrypt"]]],
    ["map", []],
  ] as const) {
    it(`with a key of the account's own, ${processor} gets the rights it needs on it and no more [B99]`, async () => {
      const program = await evaluate({ processor, kmsKeyArn });
      const onKey = statementsOf(program).filter(({ Resource }) => Resource.includes(kmsKeyArn));
      assert.deepEqual(
        onKey.map(({ Action }) => Action),
        actions,
      );
      const through = { StringEquals: { "kms:ViaService": "firehose.eu-west-1.amazonaws.com" } };
      for (const { Action, Condition } of onKey) {
        assert.deepEqual(Condition, Action.includes("kms:GenerateDataKey") ? through : undefined);
      }
      assert.deepEqual(program.resources.flatMap(refusals), []);
      const isEncrypted = processor.includes("redact");
      assert.equal(
        program.one(functionType, "processor").inputs["kmsKeyArn"],
        isEncrypted ? kmsKeyArn : undefined,
      );
    });
  }
});
