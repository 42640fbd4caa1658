/** Pipelines and domains as another program makes them. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { parse, stringify } from "yaml";
import { ArgumentsSource } from "../../infra/arguments-source";
import type { SearchDomainArgs } from "../../infra/component-args";
import { SearchDomain } from "../../infra/domain/search-domain";
import { Pipeline, type PipelineArgs } from "../../infra/pipeline";
import { readOwn } from "../../infra/read-domain-settings";
import { settingDefaults } from "../../infra/settings";
import { ValueReader } from "../../infra/value-reader";
import { accountId, type Evaluation, evaluateProgram } from "./evaluate";
import { statementsOf } from "./policies";
import { refusals } from "./provider-rules";
import { invoke, loadHandler } from "./run-closure";

const types = {
  stream: "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
  domain: "aws:opensearch/domain:Domain",
  bucket: "aws:s3/bucket:Bucket",
  function: "aws:lambda/function:Function",
  invocation: "aws:lambda/invocation:Invocation",
} as const;
const kmsKeyArn = `arn:aws:kms:eu-west-1:${accountId}:key/1234abcd`;

/** The documents that the pipeline's emitted text makes of these records. */
async function documents(program: Evaluation, pipeline: string, ...records: string[]): Promise<unknown[]> {
  const { "__index.js": code } = await program.archive(`${pipeline}-processor`);
  const event = {
    invocationId: "i",
    deliveryStreamArn: "arn:aws:firehose:eu-west-1:111122223333:deliverystream/x",
    region: "eu-west-1",
    records: records.map((data, i) => ({
      recordId: `r${i}`,
      approximateArrivalTimestamp: 1_700_000_000_000,
      data: Buffer.from(data).toString("base64"),
    })),
  };
  // biome-ignore lint/suspicious/noExplicitAny: an answer of the transform
  const answer: any = await invoke(loadHandler(code!), event);
  return answer.records.map(({ result, data }: { result: string; data?: string }) => {
    if (result !== "Ok") return result;
    const { "@timestamp": _time, ...document } = JSON.parse(Buffer.from(data!, "base64").toString());
    return document;
  });
}

async function problemsOf(program: () => unknown): Promise<string> {
  try {
    await evaluateProgram(program);
  } catch (error) {
    assert.ok(pulumi.RunError.isInstance(error), `${error}`);
    return (error as Error).message;
  }
  throw new Error("The program accepted the arguments.");
}

describe("a pipeline in a program of others", () => {
  it("needs nothing but a name, and has a domain and a bucket of its own, named by project, stack and itself", async () => {
    const program = await evaluateProgram(() => {
      const { streamName, dashboardUrl } = new Pipeline("web");
      return { streamName, dashboardUrl };
    });
    assert.equal(program.outputs["streamName"], "firehose-opensearch-dev-web");
    assert.match(program.outputs["dashboardUrl"], /\/_dashboards\/app\/dashboards\?.*#\/view\/totals$/);
    const { domainName, engineVersion } = program.one(types.domain).inputs;
    assert.deepEqual(
      [domainName, engineVersion],
      ["firehose-opensearch-dev-web", settingDefaults.engineVersion],
    );
    const { indexName, s3Configuration } = program.one(types.stream).inputs["opensearchConfiguration"];
    assert.deepEqual([indexName, s3Configuration.prefix], ["web", "raw/"]);
    assert.equal(program.one(types.bucket).name, "web-backup");
    assert.deepEqual(program.resources.flatMap(refusals), []);
  });

  it("reads no configuration: a stack's values are the program's own", async () => {
    const previous = pulumi.Config.prototype.get;
    const asked: string[] = [];
    pulumi.Config.prototype.get = function (this: pulumi.Config, key: string) {
      asked.push(key);
      return previous.call(this, key);
    } as typeof previous;
    try {
      await evaluateProgram(() => new Pipeline("web", { domain: new SearchDomain("logs") }));
    } finally {
      pulumi.Config.prototype.get = previous;
    }
    assert.deepEqual(asked, []);
  });

  it("takes every setting of the stack as an argument of the same name", () => {
    type Missing = Exclude<keyof typeof settingDefaults, keyof PipelineArgs>;
    // The compiler's to say: `npm run check:types`.
    const isComplete: [Missing] extends [never] ? true : Missing = true;
    assert.ok(isComplete);
  });

  it("tells all that is wrong in one error: argument, got, allowed, what to do", async () => {
    const message = await problemsOf(() => {
      new Pipeline("web", {
        processor: "identiy",
        bufferIntervalSeconds: 901,
        indexRetentionDays: 1.5,
        indexName: "Web",
        vpcSubnetIds: ["subnet-1"],
        kmsKeyArn: "alias/mine",
      });
    });
    assert.match(message, /^The pipeline web has 6 problems, nothing was changed:\n/);
    assert.match(message, /processor is "identiy"; allowed: identity, map/);
    assert.match(
      message,
      /bufferIntervalSeconds is 901; allowed: a whole number of seconds, 0 to 900\. Change the argument/,
    );
    assert.match(message, /indexRetentionDays is 1\.5; allowed: a whole number of days/);
    assert.doesNotMatch(message, /pulumi config/);
  });

  for (const [title, args, rule] of [
    ["a name that is too long", undefined, /name is "a{37}"; allowed: 1 to 36 letters/],
    ["a processor that is none", { processor: 5 }, /processor is 5; allowed: a processor's name, a function/],
    ["no processor", { processor: [] }, /processor is "\[\]"; allowed: at least one processor/],
    ["numbers among the panels", { panels: [1] }, /panels is "\[1\]"; allowed: a list of texts/],
    [
      "two buckets",
      { bucket: "mine", existingBucketName: "theirs" },
      /existingBucketName is "theirs"; allowed: nothing, as the argument bucket is given/,
    ],
  ] as const) {
    it(`refuses ${title}`, async () => {
      const name = args ? "web" : "a".repeat(37);
      assert.match(await problemsOf(() => new Pipeline(name, args as unknown as PipelineArgs)), rule);
    });
  }

  it("refuses arguments that there are not, which JavaScript lets pass, with the name that was meant", async () => {
    const args = { bufferIntervalSecs: 5, password: "secret-1", left: undefined } as PipelineArgs;
    const message = await problemsOf(() => new Pipeline("web", args));
    assert.match(message, /^The pipeline web has 2 problems/);
    assert.match(message, /bufferIntervalSecs is no argument here; did you mean bufferIntervalSeconds\?/);
    assert.match(message, /password is no argument here; there are processor, .*, domain, bucket/);
    assert.doesNotMatch(message, /secret-1|pulumi config/);
  });

  it("tells which component has an argument that was given to the domain", async () => {
    const args = { processor: "map", instanceCuont: 2 } as SearchDomainArgs;
    const message = await problemsOf(() => new SearchDomain("logs", args));
    assert.match(message, /processor is no argument here; a Pipeline has it/);
    assert.match(message, /instanceCuont is no argument here; did you mean instanceCount\?/);
  });

  it("takes values that are known only when the program is deployed", async () => {
    const program = await evaluateProgram(() => {
      const key = new aws.kms.Key("key");
      const network = pulumi.output(["subnet-1", "subnet-2"]);
      new Pipeline("web", {
        kmsKeyArn: key.arn.apply(() => kmsKeyArn),
        instanceCount: 2,
        vpcSubnetIds: network,
        vpcSecurityGroupIds: [pulumi.output("sg-1")],
        readerRoleArns: [pulumi.output(`arn:aws:iam::${accountId}:role/reader`)],
      });
    });
    const { vpcOptions, encryptAtRest } = program.one(types.domain).inputs;
    assert.deepEqual(vpcOptions, { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] });
    assert.equal(encryptAtRest.kmsKeyId, kmsKeyArn);
    assert.equal(program.one(types.stream).inputs["serverSideEncryption"].keyArn, kmsKeyArn);
    const mapping = JSON.parse(program.one(types.invocation, "reader-role-mapping").inputs["input"]);
    assert.deepEqual(mapping.body.backend_roles, [`arn:aws:iam::${accountId}:role/reader`]);
    assert.deepEqual(program.resources.flatMap(refusals), []);
  });

  it("takes a start of names as long as it makes one: 48 characters in a domain that is given, else 28", async () => {
    const make = (baseName: string) => new Pipeline("web", { domain: new SearchDomain("logs"), baseName });
    await evaluateProgram(() => void make("a".repeat(48)));
    assert.match(await problemsOf(() => make("a".repeat(49))), /baseName is .*allowed: 3 to 48 lower-case/);
    assert.match(await problemsOf(() => new Pipeline("web", { baseName: "a".repeat(29) })), /3 to 28 lower/);
  });

  it("looks at such values once they are known", async () => {
    const args = { kmsKeyArn: pulumi.output("alias/mine") };
    const read = new ValueReader(new ArgumentsSource("The pipeline web", args));
    const { kmsKeyArn: later } = readOwn(read);
    read.stop();
    await assert.rejects(
      (later as unknown as { promise(): Promise<string> }).promise(),
      /The pipeline web has a problem.*kmsKeyArn is "alias\/mine"; allowed: the ARN of a KMS key/s,
    );
  });

  it("hands its options down: transforms reach every child, and so does the provider", async () => {
    const seen: string[] = [];
    const program = await evaluateProgram(() => {
      const provider = new aws.Provider("elsewhere", { region: "us-east-1" });
      new Pipeline(
        "web",
        { alarmEmail: "ops@example.com", logGroups: ["/app/web"], domainLogs: true },
        {
          provider,
          transformations: [
            ({ name, props, opts }) => {
              seen.push(name);
              return { props, opts };
            },
          ],
        },
      );
    });
    const made = program.resources.filter(({ name }) => name !== "elsewhere");
    assert.deepEqual(seen.sort(), made.map(({ name }) => name).sort());
    const onAws = made.filter(({ type }) => type.startsWith("aws:"));
    assert.ok(onAws.length > 30);
    for (const { name, options } of onAws) assert.match(options.provider, /::elsewhere::/, name);
  });

  it("hands down what it comes after, and its protection, to every resource that it is made of", async () => {
    const program = await evaluateProgram(() => {
      const dependsOn = new aws.sns.Topic("first");
      const domain = new SearchDomain("logs", {}, { dependsOn, protect: true });
      const args = { domain, alarmEmail: "ops@example.com", logGroups: ["/app/web"], probe: true };
      new Pipeline("web", args, { dependsOn: [dependsOn], protect: true });
    });
    const made = program.resources.filter(({ name, type }) => name !== "first" && type.includes("/"));
    assert.ok(made.length > 40);
    for (const { type, name, after, options } of made)
      assert.deepEqual([after.includes("first"), options.protect], [true, true], `${type} ${name}`);
  });

  it("may have another's name below another parent, with a base name of its own", async () => {
    const program = await evaluateProgram(() => {
      for (const [team, region] of Object.entries({ one: "eu-west-1", two: "us-east-1" })) {
        const parent = new pulumi.ComponentResource(`acme:teams:${team}`, team);
        const provider = new aws.Provider(team, { region });
        new Pipeline("web", { baseName: `${team}-web` }, { parent, provider });
      }
    });
    const names = program.all(types.stream).map(({ inputs }) => inputs["name"]);
    assert.deepEqual(names.sort(), ["one-web", "two-web"]);
    assert.deepEqual(program.resources.flatMap(refusals), []);
  });

  it("has its backup in a bucket of the program, with keys of its own there", async () => {
    const program = await evaluateProgram(() => {
      const bucket = new aws.s3.Bucket("shared");
      const domain = new SearchDomain("logs");
      new Pipeline("web", { bucket, domain });
      new Pipeline("orders", { bucket: "by-name", domain, backupPrefix: "all/" });
    });
    assert.equal(program.all(types.bucket).length, 1);
    const s3Of = (pipeline: string) =>
      program.one(types.stream, `${pipeline}-stream`).inputs["opensearchConfiguration"].s3Configuration;
    const { bucketArn, prefix, errorOutputPrefix } = s3Of("web");
    assert.equal(bucketArn, "arn:aws:s3:::shared-1a2b3c4");
    assert.deepEqual([prefix, errorOutputPrefix], ["web/raw/", `web/${settingDefaults.errorPrefix}`]);
    assert.deepEqual([s3Of("orders").bucketArn, s3Of("orders").prefix], ["arn:aws:s3:::by-name", "all/"]);
  });
});

const logsDomain: SearchDomainArgs = { instanceType: "m7g.large.search", instanceCount: 2 };
const three = (names = ["web", "web-errors", "orders"]) => {
  const domain = new SearchDomain("logs", logsDomain);
  for (const name of names) new Pipeline(name, { domain });
};

describe("pipelines on one domain", () => {
  let program: Evaluation;
  before(async () => {
    program = await evaluateProgram(() => three());
  });
  const inputOf = (name: string, of = program) => JSON.parse(of.one(types.invocation, name).inputs["input"]);

  it("share the domain and the function that prepares it", () => {
    assert.equal(program.all(types.domain).length, 1);
    assert.deepEqual(
      program
        .all(types.function)
        .map(({ name }) => name)
        .sort(),
      ["logs-domain-objects", "orders-processor", "web-errors-processor", "web-processor"],
    );
    const names = new Set(program.all(types.invocation).map(({ inputs }) => inputs["functionName"]));
    assert.deepEqual([...names], [program.one(types.function, "logs-domain-objects").inputs["name"]]);
    assert.deepEqual(program.resources.flatMap(refusals), []);
  });

  it("have a stream each, to the one domain, with documents kept twice as it has two nodes", () => {
    const targets = program.all(types.stream).map(({ inputs }) => inputs["opensearchConfiguration"]);
    assert.deepEqual(targets.map(({ indexName }) => indexName).sort(), ["orders", "web", "web-errors"]);
    assert.equal(new Set(targets.map(({ domainArn }) => domainArn)).size, 1);
    assert.equal(new Set(program.all(types.stream).map(({ inputs }) => inputs["name"])).size, 3);
    const { template } = inputOf("-web-domain-objects-index-template".slice(1)).body;
    assert.equal(template.settings["index.number_of_replicas"], 1);
  });

  it("put objects there that do not collide: names, ids and patterns are each stream's own", () => {
    const inputs = program.all(types.invocation).map(({ inputs: { input } }) => JSON.parse(input));
    assert.equal(inputs.length, 15);
    const places = inputs.map(({ kind, path, name }) => `${kind} ${path} ${name}`);
    assert.equal(new Set(places).size, 15);
    const ids = inputs.flatMap(({ objects = [] }) =>
      objects.map(({ type, id }: Record<string, string>) => `${type} ${id}`),
    );
    assert.equal(new Set(ids).size, ids.length);
    const templates = inputs.filter(({ kind }) => kind === "index-template");
    const made = ["web-2026-03-01", "web-errors-2026-03-01", "orders-2026-03-01"];
    for (const index of made) {
      const takers = templates.filter(({ body }) =>
        body.index_patterns.some((pattern: string) =>
          new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(index),
        ),
      );
      assert.equal(takers.length, 1, index);
    }
  });

  it("take their objects out of the domain when they go, and not when the domain goes", () => {
    for (const { options } of program.all(types.invocation)) {
      assert.match(options.deletedWith, /logs-domain$/);
      assert.deepEqual([options.retainOnDelete, options.deleteBeforeReplace], [false, true]);
    }
  });

  it("do not change when one of them is taken away", async () => {
    const fewer = await evaluateProgram(() => three(["web-errors", "orders"]));
    for (const { urn, inputs, type, name } of fewer.resources) {
      const before = program.resources.find((one) => one.urn === urn);
      assert.ok(before, urn);
      if (type === types.function) {
        assert.deepEqual(await fewer.archive(name), await program.archive(name));
        assert.deepEqual({ ...inputs, code: 0 }, { ...before.inputs, code: 0 });
      } else assert.deepEqual(inputs, before.inputs);
    }
  });

  it("refuse an index name that the patterns of another one take in, or whose patterns take in another one's", async () => {
    for (const [first, second] of [
      ["web", "web"],
      ["web", "web-2024"],
      ["web-2024", "web"],
    ] as const) {
      const message = await problemsOf(() => {
        const domain = new SearchDomain("logs", logsDomain);
        new Pipeline("one", { domain, indexName: first });
        new Pipeline("two", { domain, indexName: second });
      });
      assert.match(
        message,
        new RegExp(
          `The pipeline two has a problem.*indexName is "${second}"; allowed: a name of its own.*pipeline one has ${first}`,
          "s",
        ),
      );
    }
  });

  it("refuse what is the domain's: it is chosen where the domain is", async () => {
    const message = await problemsOf(() => {
      new Pipeline("web", {
        domain: new SearchDomain("logs"),
        instanceCount: 2,
        existingDomainPassword: "x",
      });
    });
    assert.match(message, /2 problems/);
    assert.match(
      message,
      /instanceCount is 2; allowed: nothing, as the argument domain is given; give it to that SearchDomain/,
    );
    assert.match(message, /existingDomainPassword is "a secret"/);
  });

  it("are held to the nodes of their domain", async () => {
    const message = await problemsOf(() => {
      new Pipeline("web", { domain: new SearchDomain("logs"), bufferSizeMiB: 50 });
    });
    assert.match(message, /bufferSizeMiB is "?50"?; allowed: at most 10 MiB for t3\.small\.search/);
  });

  it("are counted together: the one that is too much for the domain is refused", async () => {
    const hourly = { indexRotation: "OneHour", indexRetentionDays: 30 } as const;
    const message = await problemsOf(() => {
      const domain = new SearchDomain("logs");
      for (const name of ["web", "orders"]) new Pipeline(name, { domain, ...hourly });
    });
    assert.match(
      message,
      /^The pipeline orders has a problem.*makes 720 shards, with those of web \(720\) 1440, .*takes at most 1000\. .*indexRetentionDays 11; indexRotation OneDay; instanceCount 3 of the domain\./s,
    );
  });

  it("are told once what their domain's nodes are advised to hold, however many they are", async () => {
    const warned: string[] = [];
    const { warn } = pulumi.log;
    pulumi.log.warn = async (text: string) => void warned.push(text);
    try {
      await evaluateProgram(() => {
        const domain = new SearchDomain("logs");
        for (const name of ["a", "b", "c"]) new Pipeline(name, { domain, indexRetentionDays: 10 });
      });
    } finally {
      pulumi.log.warn = warn;
    }
    assert.equal(warned.length, 1, warned.join("\n"));
    assert.match(warned[0]!, /10 shards, with those of b \(10\), c \(10\) 30, .*AWS advises at most 25/);
  });

  it("do not read the domain's own logs into itself", async () => {
    const message = await problemsOf(() => {
      const logGroups = ["/aws/OpenSearchService/domains/mine/x"];
      new Pipeline("web", { domain: new SearchDomain("logs", { baseName: "mine" }), logGroups });
    });
    assert.match(message, /logGroups is .*allowed: log groups of others/);
  });

  it("use a domain that was there before", async () => {
    const theirs = await evaluateProgram(() => {
      const domain = new SearchDomain("theirs", {
        existingDomainName: "theirs",
        existingDomainEndpoint: pulumi.output("search-theirs.eu-west-1.es.amazonaws.com"),
        existingDomainUser: "admin",
        existingDomainPassword: pulumi.secret("Their-Own-1"),
      });
      new Pipeline("web", { domain, bufferSizeMiB: 50 });
    });
    assert.equal(theirs.all(types.domain).length, 0);
    const { secretInputs, inputs } = theirs.one(types.function, "theirs-domain-objects");
    assert.equal(inputs["environment"].variables.PASSWORD, "Their-Own-1");
    assert.ok(secretInputs.includes("environment"));
    const { template } = inputOf("web-domain-objects-index-template", theirs).body;
    assert.equal(template.settings["index.auto_expand_replicas"], "0-1");
  });

  it("say what is wrong with the domain, all in one error", async () => {
    const message = await problemsOf(() => new SearchDomain("logs", { instanceCount: 5, volumeSizeGiB: 1 }));
    assert.match(message, /^The domain logs has 2 problems/);
  });
});

const prefix = "from ";
const shout = (text: string) => text.toUpperCase();

describe("a processor of the program's own", () => {
  it("is a function of one record, sync or async, with what it captures", async () => {
    const program = await evaluateProgram(() => {
      const domain = new SearchDomain("logs");
      new Pipeline("plain", {
        domain,
        processor: (record) => ({
          result: "Ok",
          text: JSON.stringify({ is: prefix + shout(record.text()) }),
        }),
      });
      new Pipeline("later", {
        domain,
        processor: async (record) => {
          const hash = createHash("sha256").update(record.bytes()).digest("hex");
          return hash.startsWith("2c")
            ? { result: "Dropped" }
            : { result: "Ok", text: `{"hash":"${hash.slice(0, 4)}"}` };
        },
      });
    });
    assert.deepEqual(await documents(program, "plain", "a", "b"), [{ is: "from A" }, { is: "from B" }]);
    // SHA-256 of "foo" begins with 2c26.
    assert.deepEqual(await documents(program, "later", "foo", "bar"), ["Dropped", { hash: "fcde" }]);
  });

  it("has the packages in its archive that it requires, and no others", async () => {
    const program = await evaluateProgram(() => {
      new Pipeline("web", {
        processor: (record) => ({ result: "Ok", text: stringify(parse(record.text())) }),
      });
    });
    assert.deepEqual(Object.keys(await program.archive("web-processor")), [
      "__index.js",
      "node_modules/yaml",
    ]);
    assert.deepEqual(Object.keys(await program.archive("web-domain-objects")), ["__index.js"]);
  });

  it("is a factory, or a function without a parameter", async () => {
    const program = await evaluateProgram(() => {
      const domain = new SearchDomain("logs");
      new Pipeline("factory", {
        domain,
        processor: () => {
          let count = 0;
          return () => ({ result: "Ok", text: JSON.stringify({ count: ++count }) });
        },
      });
      new Pipeline("none", { domain, processor: () => ({ result: "Dropped" }) });
    });
    assert.deepEqual(await documents(program, "factory", "a", "b"), [{ count: 1 }, { count: 2 }]);
    assert.deepEqual(await documents(program, "none", "a"), ["Dropped"]);
  });

  it("is a link of a chain, with the types of its fields", async () => {
    const program = await evaluateProgram(() => {
      const { processorName } = new Pipeline("web", {
        processor: [
          "identity",
          {
            create: () => (record) => ({ result: "Ok", text: `{"size":${record.text().length}}` }),
            fields: { size: "long" },
          },
        ],
      });
      return { processorName };
    });
    assert.equal(program.outputs["processorName"], "identity,inline");
    assert.deepEqual(await documents(program, "web", '{"a":1}'), [{ size: 7 }]);
    const { template } = JSON.parse(program.one(types.invocation, "index-template").inputs["input"]).body;
    assert.deepEqual(template.mappings.properties.size, { type: "long", ignore_malformed: true });
  });

  it("is a Lambda function as it is: called by its version, with alarms on what can be known of it", async () => {
    const program = await evaluateProgram(() => {
      const own = new aws.lambda.Function("own", {
        code: new pulumi.asset.AssetArchive({}),
        role: "r",
        runtime: "python3.13",
        handler: "x.y",
      });
      new Pipeline("web", { processor: own, alarmEmail: "ops@example.com" });
    });
    assert.deepEqual(
      program
        .all(types.function)
        .map(({ name }) => name)
        .sort(),
      ["own", "web-domain-objects"],
    );
    const { processors } = program.one(types.stream).inputs["opensearchConfiguration"]
      .processingConfiguration;
    const arn = `arn:aws:lambda:eu-west-1:${accountId}:function:own-1a2b3c4`;
    assert.deepEqual(processors, [
      { type: "Lambda", parameters: [{ parameterName: "LambdaArn", parameterValue: `${arn}:1` }] },
    ]);
    const rights = statementsOf(
      program.one("aws:iam/rolePolicy:RolePolicy", "delivery-role-policy").inputs["policy"],
    );
    const invokes = rights.find(({ Action }) => Action.includes("lambda:InvokeFunction"));
    assert.deepEqual(invokes!.Resource, [arn, `${arn}:*`]);
    assert.equal(program.all("aws:cloudwatch/logMetricFilter:LogMetricFilter").length, 0);
    const alarms = program.all("aws:cloudwatch/metricAlarm:MetricAlarm").map(({ name }) => name);
    assert.ok(alarms.includes("web-alarms-function-errors") && !alarms.includes("web-alarms-transform"));
  });
});
