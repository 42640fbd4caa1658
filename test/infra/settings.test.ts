import assert from "node:assert/strict";
import { parse } from "yaml";
import { indexTemplate, retentionPolicy } from "../../infra/domain/object-bodies";
import { baseName } from "../../infra/names";
import { panelTexts } from "../../infra/read-settings";
import { settingDefaults } from "../../infra/settings";
import { processorChain, processors } from "../../processors";
import type { Processor } from "../../processors/processor";
import { evaluate, problemsOf, readRoot } from "./evaluate";

const streamType = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";

describe("settings", () => {
  it("have the defaults that Pulumi.yaml shows", () => {
    const declared: Record<string, { default: unknown }> = parse(readRoot("Pulumi.yaml")).config;
    assert.deepEqual(
      Object.fromEntries(Object.entries(declared).map(([key, value]) => [key, value.default])),
      settingDefaults,
    );
  });

  it("are described by one sentence each, with types that Pulumi knows", () => {
    const declared: Record<string, Record<string, unknown>> = parse(readRoot("Pulumi.yaml")).config;
    for (const [key, { type, description, items }] of Object.entries(declared)) {
      assert.match(String(description), /^[A-Z].{10,}/, key);
      assert.ok(["string", "integer", "boolean", "array"].includes(String(type)), key);
      assert.deepEqual(items, type === "array" ? { type: "string" } : undefined, key);
    }
  });

  it("show the processor's own panels where the setting is left alone, and those that are set", () => {
    const { panels } = settingDefaults;
    const shown = (processor: string, given: readonly string[]) =>
      panelTexts(given, processorChain(processor) as Processor[]);

    assert.deepEqual(shown("map", panels), panels);
    assert.deepEqual(shown("redact", panels), panels);
    assert.deepEqual(shown("redact,access-log", panels), processors["access-log"]!.panels);
    assert.deepEqual(shown("access-log,redact", panels), processors["access-log"]!.panels);
    assert.deepEqual(shown("access-log", ["all"]), ["all"]);
  });

  it("say of each key once what is allowed", async () => {
    for (const value of ["Not This", "-1", ".."]) {
      const keys = Object.keys(settingDefaults);
      const message = await problemsOf(Object.fromEntries(keys.map((key) => [key, value])));

      const [, ...problems] = message.split("\n");
      assert.ok(problems.length > 35, message);
      for (const problem of problems) assert.equal(problem.match(/allowed/g)?.length, 1, problem);
    }
  });

  it("stop the program with every problem in one error: key, got, allowed, what to do", async () => {
    const message = await problemsOf({
      processor: "identiy",
      bufferIntervalSeconds: "901",
      backupMode: "All",
      indexRetentionDays: "1.5",
      protect: "yes",
    });
    assert.match(message, /5 problems, nothing was changed/);
    assert.match(message, /processor is "identiy"; allowed: identity, map/);
    assert.match(
      message,
      /bufferIntervalSeconds is "901"; allowed: a whole number of seconds, 0 to 900\. Run: pulumi config set bufferIntervalSeconds VALUE/,
    );
    assert.match(message, /backupMode is "All"; allowed: one of AllDocuments, FailedDocumentsOnly/);
    assert.match(message, /indexRetentionDays is "1\.5"/);
    assert.match(message, /protect is "yes"; allowed: one of true, false/);
  });

  it("refuse what is none of them, with the one that was meant and without its value", async () => {
    const message = await problemsOf({ bufferIntervalSecs: "5", "secret:token": "secret-1" });
    assert.match(message, /2 problems/);
    assert.match(
      message,
      /bufferIntervalSecs is no setting; did you mean bufferIntervalSeconds\? Run: pulumi config rm bufferIntervalSecs/,
    );
    assert.match(message, /token is no setting; there are processor, /);
    assert.doesNotMatch(message, /secret-1/);
  });

  for (const [key, wrong, rule] of [
    ["indexRotation", "Hourly", /one of NoRotation, OneHour/],
    ["engineVersion", "OpenSearch_1.2", /OpenSearch_1\.3 or later/],
    ["engineVersion", "Elasticsearch_6.8", /Elasticsearch_7\.10/],
    ["instanceType", "t2.small.search", /not t2, m3, r3/],
    ["instanceType", "t3.small", /such as t3\.small\.search/],
    ["instanceType", "i3.large.search", /EBS/],
    ["instanceCount", "5", /multiple of 2 or 3/],
    ["instanceCount", "81", /1 to 80/],
    ["dedicatedMasterCount", "2", /one of 0, 3, 5/],
    ["volumeSizeGiB", "9", /10 to 16384/],
    ["bufferSizeMiB", "0", /1 to 100/],
    ["retryDurationSeconds", "7201", /0 to 7200/],
    ["logRetentionDays", "15", /one of 1, 3, 5, 7, 14/],
    ["streamName", "a b", /letters, digits/],
    ["streamName", "amazon-apigateway-", /for API Gateway amazon-apigateway- and a name/],
    ["streamName", "amazon-api-gateway-shop", /for API Gateway amazon-apigateway- and a name/],
    ["streamName", "AWS-WAF-logs-shop", /for WAF aws-waf-logs- and a name/],
    ["streamName", "aws-waf-shop", /for WAF aws-waf-logs- and a name/],
    ["alarmEmail", "nobody", /e-mail/],
    ["kmsKeyArn", "alias/mine", /ARN of a KMS key/],
    ["existingBucketName", "Bad_Name", /name of a bucket/],
    ["redactFields", "password,token", /a list of texts.*--path 'redactFields\[0\]'/],
    [
      "redactFields",
      ["ok", " token", ""],
      /redactFields is " token, "; allowed: names of fields without blanks/,
    ],
    ["redactFields", ["x".repeat(3000)], /redactFields is "3004 bytes"; allowed: at most 3000 bytes/],
    [
      "redactPatterns",
      ["card", "ip", "phone"],
      /"ip, phone"; allowed: one or several of email, card, key, iban/,
    ],
    [
      "accessLogFields",
      ["date", "c-ip", "date"],
      /accessLogFields is "date"; allowed: names of fields, each once/,
    ],
    ["accessLogFields", ["two words"], /accessLogFields is "two words"; allowed: names of fields/],
    [
      "vpcFlowFields",
      ["x".repeat(64)],
      /allowed: nothing, as the processor vpc-flow is not in the chain map/,
    ],
    [
      "redactFields",
      ["token"],
      /allowed: nothing, as the processor redact is not in the chain map; put it there/,
    ],
    [
      "redactPatterns",
      ["card"],
      /allowed: nothing, as the processor redact is not in the chain map; put it there/,
    ],
    ["panels", "total", /a list of texts/],
    ["panels", ["a", "a = b"], /different titles/],
    ["vpcSubnetIds", ["subnet-1"], /vpcSecurityGroupIds .* at least one group/],
    ["vpcSecurityGroupIds", ["sg-1"], /vpcSubnetIds .* a subnet for each zone/],
    ["baseName", "Web", /3 to 28 lower-case letters/],
    ["publisherRoles", ["arn:aws:iam::111122223333:role/web"], /not their ARNs/],
    ["readerRoleArns", ["arn:aws:iam::111122223333:role/*"], /ARNs of IAM roles, without \*/],
    ["readerBackendRoles", ["everybody*"], /without \* and \?/],
    ["objectsRevision", "0", /1 to 1000000/],
    ["logGroups", ["/app/web", "/aws/kinesisfirehose/firehose-opensearch-dev"], /log groups of others/],
    ["logGroups", ["/aws/lambda/firehose-opensearch-dev-processor"], /log groups of others/],
    ["logGroups", ["/aws/lambda/firehose-opensearch-dev-domain-objects"], /log groups of others/],
    ["logGroups", ["/aws/OpenSearchService/domains/firehose-opensearch-dev/x"], /log groups of others/],
    ["existingDomainName", "Web", /the name of a domain/],
    ["existingDomainName", "ab", /the name of a domain/],
    ["existingDomainName", "x_y", /the name of a domain/],
    ["existingDomainName", "a".repeat(33), /the name of a domain/],
    ["existingDomainName", "theirs", /existingDomainEndpoint.*existingDomainUser.*existingDomainPassword/s],
  ] as const) {
    it(`refuse ${key} = ${JSON.stringify(wrong).slice(0, 40)}${key === "logGroups" ? " [C31]" : ""}`, async () => {
      assert.match(await problemsOf({ [key]: wrong }), rule);
    });
  }

  for (const name of ["Web-Logs", "web logs", "-web", "web*", "a".repeat(81)]) {
    it(`refuse the index name ${name.slice(0, 12)} with the rule [B33]`, async () => {
      assert.match(await problemsOf({ indexName: name }), /indexName is .*lower case.*1 to 80 characters/);
    });
  }

  it("refuse the year of the week in a prefix [B30]", async () => {
    assert.match(
      await problemsOf({ backupPrefix: "y=!{timestamp:YYYY}/" }),
      /backupPrefix is .*allowed are y yy yyy yyyy/,
    );
  });

  for (const [backupPrefix, errorPrefix, rule] of [
    ["!{timestamp:yyyy}/", "err/!{timestamp:yyyy}/", /must have !\{firehose:error-output-type\}/],
    ["raw/!{firehose:error-output-type}/", "failed/!{firehose:error-output-type}/", /must not have/],
    ["raw/!{timestamp}/", "failed/!{firehose:error-output-type}/", /unknown expression/],
  ] as const) {
    it(`refuse the prefixes ${backupPrefix} and ${errorPrefix} [B46]`, async () => {
      assert.match(await problemsOf({ backupPrefix, errorPrefix }), rule);
    });
  }

  it("refuse a buffer that the instance type does not take in one request [B40]", async () => {
    assert.match(await problemsOf({ bufferSizeMiB: "50" }), /at most 10 MiB for t3\.small\.search/);
    const { one } = await evaluate({ bufferSizeMiB: "50", instanceType: "m7g.large.search" });
    assert.equal(one(streamType).inputs["opensearchConfiguration"].bufferingSize, 50);
  });

  it("refuse a redact that would take nothing out, and leave other processors alone", async () => {
    const nothing = { redactFields: [], redactPatterns: [] };
    assert.match(
      await problemsOf({ ...nothing, processor: "redact,access-log" }),
      /redactFields and redactPatterns is "\[\]"; allowed: a field or a pattern/,
    );
    await evaluate({ ...nothing, processor: "access-log" });
  });

  it("tell the problems of redact together with all others", async () => {
    const message = await problemsOf({
      processor: "redact",
      redactFields: [""],
      redactPatterns: ["ip"],
      protect: "yes",
    });
    assert.match(message, /3 problems/);
  });

  it("want as many subnets as zones", async () => {
    const vpc = { vpcSubnetIds: ["subnet-1"], vpcSecurityGroupIds: ["sg-1"] };
    assert.match(await problemsOf({ ...vpc, instanceCount: "2" }), /one for each zone, which are 2/);
    await evaluate(vpc);
  });
});

describe("settings of a domain that is not made", () => {
  const theirs = {
    existingDomainName: "theirs",
    existingDomainEndpoint: "search-theirs.eu-west-1.es.amazonaws.com",
    existingDomainUser: "admin",
    "secret:existingDomainPassword": "Their-Own-1",
  };
  const vpc = { vpcSubnetIds: ["subnet-1", "subnet-2"], vpcSecurityGroupIds: ["sg-1"] };

  it("do not hold its network, its requests and its nodes to what another would have", async () => {
    await evaluate({ ...theirs, ...vpc, bufferSizeMiB: "50", instanceCount: "5" });
  });

  it("refuse an empty password, which the default is", async () => {
    const problems = await problemsOf({ ...theirs, "secret:existingDomainPassword": "" });
    assert.match(problems, /existingDomainPassword is ""; allowed: that user's password/);
  });

  it("give each stack a dashboard of its own", async () => {
    const { outputs, one } = await evaluate(theirs);
    assert.match(outputs["dashboardUrl"], /#\/view\/firehose-opensearch-dev-totals$/);
    const { name, objects } = JSON.parse(
      one("aws:lambda/invocation:Invocation", "-saved-objects").inputs["input"],
    );
    assert.equal(name, "firehose-opensearch-dev-totals");
    assert.ok(objects.some(({ id }: { id: string }) => id === name));
  });
});

describe("names", () => {
  it("are project and stack where that fits, else cut with a hash that keeps them apart", () => {
    assert.equal(baseName("firehose-opensearch", "dev"), "firehose-opensearch-dev");
    const long = ["feature-one", "feature-two", "Dev", "1"].map((stack) =>
      baseName("firehose-opensearch", stack),
    );
    for (const name of long) assert.match(name, /^[a-z][0-9a-z-]{2,27}$/);
    assert.equal(new Set(long).size, 4);
    assert.match(baseName("1st", "x"), /^[a-z]/);
  });
});

describe("bodies of the domain's objects", () => {
  const names = { baseName: "web-dev", owner: "pulumi:web/dev" };
  const settings = {
    indexName: "web",
    indexRotation: "OneDay",
    engineVersion: "OpenSearch_2.19",
    instanceCount: 1,
    indexRetentionDays: 30,
    processorChain: [],
  } as const;
  // biome-ignore lint/suspicious/noExplicitAny: the body of a request
  const template = (more = {}) => indexTemplate(names, { ...settings, ...more }).body as any;

  it("guess no dates, keep texts searchable and bounded, and leave room for free-form logs [B37] [B38]", () => {
    const { settings: index, mappings } = template().template;
    assert.equal(mappings.date_detection, false);
    assert.equal(index["index.mapping.total_fields.limit"], 2000);
    const { mapping } = mappings.dynamic_templates[0].strings;
    assert.deepEqual(mapping, { type: "text", fields: { keyword: { type: "keyword", ignore_above: 1024 } } });
  });

  it("have no replica on one node, and one on several", () => {
    assert.equal(template().template.settings["index.number_of_replicas"], 0);
    assert.equal(template({ instanceCount: 2 }).template.settings["index.number_of_replicas"], 1);
  });

  it("take in the one index without rotation, and never delete it", () => {
    assert.deepEqual(template({ indexRotation: "NoRotation" }).index_patterns, ["web"]);
    assert.equal(retentionPolicy(names, { ...settings, indexRotation: "NoRotation" }).body, null);
    assert.equal(retentionPolicy(names, settings).indices.pattern, "web-20*-*-*");
  });

  it("leave the copies to a domain whose nodes nobody knows here", () => {
    const { settings: index } = template({ existingDomain: { name: "theirs" } }).template;
    assert.equal(index["index.auto_expand_replicas"], "0-1");
    assert.equal(index["index.number_of_replicas"], undefined);
  });

  it("say what is slow where the domain's logs are kept, as the thresholds are off by default", () => {
    const thresholds = (more: object) =>
      Object.keys(template(more).template.settings).filter((key) => key.includes("slowlog.threshold"));
    assert.equal(thresholds({ domainLogs: true }).length, 3);
    assert.deepEqual(thresholds({}), []);
  });
});
