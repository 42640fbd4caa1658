/** The life of the dev stack on the real Pulumi engine: each test goes on where the one before it ended. */
import { strict as assert } from "node:assert";
import { textOf } from "./engine/functions";
import { suiteStack } from "./engine/suite";
import type { Run } from "./engine/workspace";

const types = {
  bucket: "aws:s3/bucket:Bucket",
  domain: "aws:opensearch/domain:Domain",
  function: "aws:lambda/function:Function",
  stream: "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
} as const;
const base = "firehose-opensearch-dev";
const streamUpdate = `update ${base}-stream`;

describe("the dev stack on the real Pulumi engine", () => {
  const outputs: string[] = [];

  const stack = suiteStack("dev");

  const record = async (run: Promise<Run>): Promise<Run> => {
    const done = await run;
    outputs.push(done.output);
    return done;
  };
  const up = () => record(stack.workspace.up());
  const password = (): string => {
    const { advancedSecurityOptions } = stack.cloud.one(types.domain).state;
    return advancedSecurityOptions.masterUserOptions.masterUserPassword;
  };
  /** Sends one record through the function as it was uploaded. */
  const transform = async (message: string): Promise<string> => {
    const data = Buffer.from(JSON.stringify({ message })).toString("base64");
    const event = { invocationId: "i", records: [{ recordId: "1", approximateArrivalTimestamp: 1, data }] };
    const fn = stack.cloud.one(types.function, "-processor").state;
    const answer = (await stack.cloud.functions.run(fn, event)) as {
      records: { result: string; data: string }[];
    };
    assert.equal(answer.records[0]!.result, "Ok");
    return JSON.parse(Buffer.from(answer.records[0]!.data, "base64").toString()).message;
  };

  it("stops at wrong settings before anything is created, with all problems in one message", async () => {
    const wrong = { processor: "identiy", backupMode: "All", indexName: "Web" };
    for (const [key, value] of Object.entries(wrong)) await stack.workspace.set(key, value);
    const message = await stack.workspace.up().then(
      () => assert.fail("the settings were taken"),
      (error: Error) => error.message,
    );
    assert.match(message, /3 problems, nothing was changed/);
    for (const [key, value] of Object.entries(wrong))
      assert.match(message, new RegExp(`${key} is "${value}"`));
    assert.doesNotMatch(message, /at readSettings/, "no stack trace");
    assert.deepEqual(stack.cloud.calls, []);
    for (const key of Object.keys(wrong))
      await stack.workspace.stack.removeConfig(`firehose-opensearch:${key}`);
  });

  it("shows in a preview what it would create, and creates nothing", async () => {
    const { changes } = await record(stack.workspace.preview());
    assert.ok(changes.includes(`create ${base}-stream`));
    assert.deepEqual(
      changes.filter((change) => !change.startsWith("create ")),
      [],
    );
    assert.deepEqual(stack.cloud.calls, []);
  });

  it("creates every resource, and prepares the domain by the uploaded function", async () => {
    const steps = (await up()).steps.filter(({ type }) => /^(aws|random):/.test(type));
    assert.deepEqual([...new Set(steps.map(({ op }) => op))], ["create"]);
    const made = steps.map(({ name }) => name);
    assert.deepEqual(made.sort(), [...stack.cloud.things.values()].map(({ name }) => name).sort());
    assert.ok(made.length > 25, `${made.length} resources`);
    const [domain] = stack.cloud.functions.domains.values();
    assert.deepEqual(stack.cloud.functions.events.map(({ kind }) => kind).sort(), [
      "index-template",
      "retention",
      "role",
      "role-mapping",
      "saved-objects",
    ]);
    assert.ok(domain!.objects.has("dashboard/totals"), [...domain!.objects.keys()].join());
    assert.match(await transform("hello world 1"), /^bye world! /);
  });

  it("creates role policy, role mapping and index template before the stream [B88] [B89]", () => {
    const made = stack.cloud.calls.map(({ name }) => name.replace(`${base}-`, ""));
    const stream = made.indexOf("stream");
    for (const earlier of [
      "delivery-role-policy",
      "domain-objects-role-mapping",
      "domain-objects-index-template",
      "domain-objects-retention",
      "backup-policy",
      "backup-encryption",
    ]) {
      const at = made.indexOf(earlier);
      assert.ok(at >= 0 && at < stream, `${earlier} is number ${at}, the stream ${stream}`);
    }
    assert.ok(made.indexOf("processor-role-policy") < made.indexOf("processor"));
    assert.ok(made.indexOf("domain-objects-role") < made.indexOf("domain-objects-role-mapping"));
  });

  it("exports addresses and names, and the password as a secret", async () => {
    const exported = await stack.workspace.stack.outputs();
    const { endpoint } = stack.cloud.one(types.domain).state;
    const secrets = Object.keys(exported).filter((key) => exported[key]!.secret);
    assert.deepEqual(secrets, ["dashboardPassword"]);
    assert.equal(exported["dashboardPassword"]!.value, password());
    assert.equal(exported["domainEndpoint"]!.value, endpoint);
    assert.equal(exported["streamName"]!.value, base);
    assert.equal(exported["streamArn"]!.value, stack.cloud.one(types.stream).state["arn"]);
    assert.match(exported["streamArn"]!.value, /^arn:aws:firehose:eu-west-1:/);
  });

  it("changes nothing at all the second time [B87] [B100]", async () => {
    const before = stack.cloud.calls.length;
    const { changes, steps } = await up();
    assert.deepEqual(changes, []);
    assert.ok(steps.length > 25);
    assert.equal(stack.cloud.calls.length, before);
  });

  it("finds no change when it reads everything back", async () => {
    const { counts } = await record(stack.workspace.refresh());
    assert.deepEqual(Object.keys(counts), ["same"]);
    assert.deepEqual((await up()).changes, []);
  });

  it("changes the function in place and the stream's pointer to it when the processor changes, nothing else", async () => {
    await stack.workspace.set("processor", "identity");
    const preview = await record(stack.workspace.preview());
    const { changes } = await up();
    assert.deepEqual([...changes].sort(), [`update ${base}-processor`, streamUpdate].sort());
    assert.deepEqual([...preview.changes].sort(), [...changes].sort(), "the preview tells the same");
    assert.equal(await transform("hello world 1"), "hello world 1");
    const { version, qualifiedArn } = stack.cloud.one(types.function, "-processor").state;
    assert.equal(version, "2");
    const [{ parameters }] = stack.cloud.one(types.stream).state["opensearchConfiguration"]
      .processingConfiguration.processors;
    assert.equal(parameters[0].parameterValue, qualifiedArn);
    assert.equal((await stack.workspace.stack.outputs())["processor"]!.value, "identity");
    assert.deepEqual((await up()).changes, []);
  });

  it("changes buffers, retries and rotation of the live stream in place [B101]", async () => {
    await stack.workspace.set("bufferIntervalSeconds", "300");
    await stack.workspace.set("retryDurationSeconds", "600");
    assert.deepEqual((await up()).changes, [streamUpdate]);
    const { bufferingInterval, retryDuration, processingConfiguration } = stack.cloud.one(types.stream).state[
      "opensearchConfiguration"
    ];
    assert.deepEqual([bufferingInterval, retryDuration], [300, 600]);
    assert.equal(processingConfiguration.processors[0].parameters[1].parameterValue, "300");
    await stack.workspace.set("bufferIntervalSeconds", "60");
    assert.deepEqual((await up()).changes, [streamUpdate], "a default is taken out again");
    assert.deepEqual((await up()).changes, []);
  });

  it("puts back what somebody changed by hand", async () => {
    stack.cloud.drift(types.stream, (state) => ({
      ...state,
      opensearchConfiguration: { ...state["opensearchConfiguration"], retryDuration: 0 },
    }));
    assert.equal((await record(stack.workspace.refresh())).counts["update"], 1);
    assert.deepEqual((await up()).changes, [streamUpdate]);
    assert.equal(stack.cloud.one(types.stream).state["opensearchConfiguration"].retryDuration, 600);
  });

  it("shows another backup mode as a replacement, and deletes the stream before it makes the new one [B49] [B101]", async () => {
    await stack.workspace.set("backupMode", "FailedDocumentsOnly");
    const preview = await record(stack.workspace.preview());
    const replaced = preview.changes.filter((change) => !change.startsWith("update "));
    assert.ok(
      replaced.every((change) => change.endsWith(` ${base}-stream`)) && replaced.length > 0,
      replaced.join(),
    );
    const from = stack.cloud.calls.length;
    await up();
    assert.deepEqual(
      stack.cloud.calls.slice(from).map(({ operation, name }) => `${operation} ${name}`),
      [`delete ${base}-stream`, `create ${base}-stream`],
    );
    assert.deepEqual((await up()).changes, []);
  });

  it("has the password in no output, in no text of a function, and only encrypted in the state [B81]", () => {
    const secret = password();
    assert.match(secret, /^[\w.~-]{32}$/);
    const state = stack.workspace.stateText();
    assert.ok(state.includes('"ciphertext"') && state.includes(`${base}-domain`));
    assert.ok(!state.includes(secret), "state");
    const login = Buffer.from(`master:${secret}`).toString("base64");
    assert.ok(!state.includes(login), "login in the state");
    assert.ok(outputs.length > 8);
    for (const output of outputs) assert.ok(!output.includes(secret), "output");
    for (const end of ["-processor", "-domain-objects"]) {
      const text = textOf(stack.cloud.one(types.function, end).state);
      assert.ok(text.length > 500 && !text.includes(secret), end);
    }
  });

  it("leaves nothing behind, and takes the stream away before all that it uses [B92] [B93]", async () => {
    const from = stack.cloud.calls.length;
    await record(stack.workspace.destroy());
    assert.deepEqual([...stack.cloud.things.keys()], []);
    assert.equal(stack.cloud.functions.domains.size, 0);
    assert.equal(JSON.parse(stack.workspace.stateText()).checkpoint.latest.resources ?? undefined, undefined);
    const gone = stack.cloud.calls.slice(from).map(({ name }) => name.replace(`${base}-`, ""));
    for (const later of ["backup", "domain", "delivery-role", "delivery-role-policy", "processor"]) {
      assert.ok(gone.indexOf(later) > gone.indexOf("stream"), later);
    }
  });
});
