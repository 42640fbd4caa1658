import assert from "node:assert/strict";
import { type Evaluation, evaluate, evaluateAnew } from "./evaluate";
import { statementsOf } from "./policies";

const types = {
  stream: "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
  domain: "aws:opensearch/domain:Domain",
  bucket: "aws:s3/bucket:Bucket",
  function: "aws:lambda/function:Function",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  password: "random:index/randomPassword:RandomPassword",
  invocation: "aws:lambda/invocation:Invocation",
} as const;
const s3 = (kind: string) => `aws:s3/bucket${kind}:Bucket${kind}`;

describe("the delivery stream", () => {
  let program: Evaluation;
  before(async () => {
    program = await evaluate();
  });
  const configurationOf = (of: Evaluation) => of.one(types.stream).inputs["opensearchConfiguration"];

  it("takes records directly, encrypted, and carries the configured values", async () => {
    const configured = await evaluate({
      indexName: "web",
      indexRotation: "OneDay",
      bufferIntervalSeconds: "1",
      bufferSizeMiB: "5",
      retryDurationSeconds: "0",
      streamName: "clicks",
    });
    const { inputs } = configured.one(types.stream);
    assert.equal(inputs["name"], "clicks");
    assert.equal(inputs["destination"], "opensearch");
    assert.deepEqual(inputs["serverSideEncryption"], { enabled: true });
    assert.equal(inputs["kinesisSourceConfiguration"], undefined);
    const { indexName, indexRotationPeriod, bufferingInterval, bufferingSize, retryDuration } =
      configurationOf(configured);
    assert.deepEqual(
      [indexName, indexRotationPeriod, bufferingInterval, bufferingSize, retryDuration],
      ["web", "OneDay", 1, 5, 0],
    );
  });

  it("writes its backup at an interval of its own: each object costs a request", async () => {
    const configured = await evaluate({ bufferIntervalSeconds: "1", backupIntervalSeconds: "120" });
    assert.equal(configurationOf(configured).s3Configuration.bufferingInterval, 120);
    assert.equal(configurationOf(program).s3Configuration.bufferingInterval, 60);
  });

  it("has the defaults of the configuration", () => {
    const { indexName, indexRotationPeriod, bufferingInterval, bufferingSize, retryDuration, s3BackupMode } =
      configurationOf(program);
    assert.deepEqual(
      [indexName, indexRotationPeriod, bufferingInterval, bufferingSize, retryDuration, s3BackupMode],
      ["example", "OneDay", 60, 1, 300, "AllDocuments"],
    );
  });

  it("keeps a document's id across attempts [B26]", () => {
    assert.deepEqual(configurationOf(program).documentIdOptions, {
      defaultDocumentIdFormat: "FIREHOSE_DEFAULT",
    });
  });

  it("names no document type, for OpenSearch and for Elasticsearch 7.10 [B34]", async () => {
    for (const engineVersion of ["OpenSearch_2.19", "Elasticsearch_7.10"]) {
      assert.ok(!("typeName" in configurationOf(await evaluate({ engineVersion }))));
    }
  });

  it("backs up to prefixes that Firehose takes, the year as yyyy [B30] [B46] [B49]", () => {
    const { s3Configuration } = configurationOf(program);
    assert.equal(s3Configuration.prefix, "raw/");
    assert.equal(
      s3Configuration.errorOutputPrefix,
      "failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/",
    );
    assert.equal(s3Configuration.compressionFormat, "UNCOMPRESSED");
  });

  it("makes room before a replacement, as its name is fixed [B49] [B101]", () => {
    assert.equal(program.one(types.stream).options.deleteBeforeReplace, true);
  });

  it("calls the processor, switched on, with the parameters that differ from the defaults, in order, as text [B87]", async () => {
    const { qualifiedArn } = { qualifiedArn: /function:firehose-opensearch-dev-processor-\w+:1$/ };
    const parametersOf = (of: Evaluation) => {
      const { enabled, processors } = configurationOf(of).processingConfiguration;
      assert.equal(enabled, true);
      assert.equal(processors.length, 1);
      assert.equal(processors[0].type, "Lambda");
      return processors[0].parameters as { parameterName: string; parameterValue: string }[];
    };
    const [lambdaArn, ...others] = parametersOf(program);
    assert.equal(lambdaArn!.parameterName, "LambdaArn");
    assert.match(lambdaArn!.parameterValue, qualifiedArn);
    const size = { parameterName: "BufferSizeInMBs", parameterValue: "0.5" };
    assert.deepEqual(others, [size]);
    assert.deepEqual(parametersOf(await evaluate({ bufferIntervalSeconds: "1" })).slice(1), [
      { parameterName: "BufferIntervalInSeconds", parameterValue: "1" },
      size,
    ]);
  });

  it("logs failed deliveries and failed backups, to streams that exist", () => {
    const configuration = configurationOf(program);
    for (const [options, name] of [
      [configuration.cloudwatchLoggingOptions, "DestinationDelivery"],
      [configuration.s3Configuration.cloudwatchLoggingOptions, "BackupDelivery"],
    ]) {
      assert.deepEqual(options, {
        enabled: true,
        logGroupName: "/aws/kinesisfirehose/firehose-opensearch-dev",
        logStreamName: name,
      });
    }
  });

  it("waits for its role's policy, the bucket's settings, the role mapping and the index template [B88] [B89]", () => {
    const { after } = program.one(types.stream);
    for (const end of [
      "delivery-role-policy",
      "backup-public-access",
      "backup-encryption",
      "backup-policy",
      "domain-objects-role-mapping",
      "domain-objects-index-template",
    ]) {
      assert.ok(after.includes(`firehose-opensearch-dev-${end}`), end);
    }
  });

  it("is gone before bucket, domain and role when all is destroyed [B92] [B93]", () => {
    const { after } = program.one(types.stream);
    for (const end of ["backup", "domain", "delivery-role", "processor"]) {
      assert.ok(after.includes(`firehose-opensearch-dev-${end}`), end);
    }
  });
});

describe("the bucket", () => {
  it("is private, encrypted, versioned, for TLS only, and lets old objects go", async () => {
    const { one } = await evaluate({ backupRetentionDays: "7" });
    const { bucket: _name, ...access } = one(s3("PublicAccessBlock")).inputs;
    assert.deepEqual(Object.values(access), [true, true, true, true]);
    assert.equal(one(s3("OwnershipControls")).inputs["rule"].objectOwnership, "BucketOwnerEnforced");
    const [rule] = one(s3("ServerSideEncryptionConfiguration")).inputs["rules"];
    assert.equal(rule.applyServerSideEncryptionByDefault.sseAlgorithm, "AES256");
    assert.equal(one(s3("Versioning")).inputs["versioningConfiguration"].status, "Enabled");
    const [expire, markers] = one(s3("LifecycleConfiguration")).inputs["rules"];
    assert.deepEqual(expire.expiration, { days: 7 });
    assert.ok(expire.noncurrentVersionExpiration.noncurrentDays > 0);
    assert.deepEqual(markers.expiration, { expiredObjectDeleteMarker: true });
    const [deny] = statementsOf(one(s3("Policy")).inputs["policy"]);
    assert.equal(deny!.Effect, "Deny");
    assert.deepEqual(deny!.Condition, { Bool: { "aws:SecureTransport": "false" } });
  });

  it("goes with its objects, unless it is protected, and then the domain is too [B92]", async () => {
    const free = await evaluate();
    assert.equal(free.one(types.bucket).inputs["forceDestroy"], true);
    assert.equal(free.one(types.domain).options.protect, false);
    const guarded = await evaluate({ protect: "true" });
    assert.equal(guarded.one(types.bucket).inputs["forceDestroy"], false);
    assert.equal(guarded.one(types.bucket).options.protect, true);
    assert.equal(guarded.one(types.domain).options.protect, true);
  });

  it("may be one that exists, which is left as it is", async () => {
    const { resources, one, outputs } = await evaluate({ existingBucketName: "theirs" });
    assert.deepEqual(
      resources.filter(({ type }) => type.startsWith("aws:s3/")),
      [],
    );
    assert.equal(
      one(types.stream).inputs["opensearchConfiguration"].s3Configuration.bucketArn,
      "arn:aws:s3:::theirs",
    );
    assert.equal(outputs["bucketName"], "theirs");
  });
});

describe("the domain", () => {
  it("is encrypted in every way, for TLS 1.2 and people of its own database", async () => {
    const { inputs } = (await evaluate()).one(types.domain);
    assert.equal(inputs["domainName"], "firehose-opensearch-dev");
    assert.deepEqual(inputs["encryptAtRest"], { enabled: true });
    assert.deepEqual(inputs["nodeToNodeEncryption"], { enabled: true });
    assert.deepEqual(inputs["domainEndpointOptions"], {
      enforceHttps: true,
      tlsSecurityPolicy: "Policy-Min-TLS-1-2-2019-07",
    });
    const { enabled, internalUserDatabaseEnabled, anonymousAuthEnabled } = inputs["advancedSecurityOptions"];
    assert.deepEqual([enabled, internalUserDatabaseEnabled, anonymousAuthEnabled], [true, true, undefined]);
    assert.equal(inputs["vpcOptions"], undefined);
  });

  it("has a password with a character of each kind that no shell changes", async () => {
    const { inputs } = (await evaluate()).one(types.password);
    const { length, overrideSpecial, minLower, minUpper, minNumeric, minSpecial } = inputs;
    assert.deepEqual([minLower, minUpper, minNumeric, minSpecial], [1, 1, 1, 1]);
    assert.equal(overrideSpecial, "-_.~");
    assert.ok(length >= 16);
  });

  it("spreads over as many zones as its nodes fill evenly, with dedicated masters by configuration", async () => {
    const clusterOf = async (values: Record<string, string>) =>
      (await evaluate(values)).one(types.domain).inputs["clusterConfig"];
    assert.deepEqual(await clusterOf({}), { instanceType: "t3.small.search", instanceCount: 1 });
    const two = await clusterOf({ instanceCount: "2" });
    assert.deepEqual(
      [two.zoneAwarenessEnabled, two.zoneAwarenessConfig],
      [true, { availabilityZoneCount: 2 }],
    );
    const three = await clusterOf({ instanceCount: "3", dedicatedMasterCount: "3" });
    assert.deepEqual(three.zoneAwarenessConfig, { availabilityZoneCount: 3 });
    assert.deepEqual(
      [three.dedicatedMasterEnabled, three.dedicatedMasterCount, three.dedicatedMasterType],
      [true, 3, "m7g.large.search"],
    );
  });

  it("is never deleted to make room for another, and says whose it is", async () => {
    const { options, inputs } = (await evaluate()).one(types.domain);
    assert.equal(options.deleteBeforeReplace, false);
    assert.equal(options.deleteBeforeReplaceDefined, true);
    assert.deepEqual(inputs["tags"], { "firehose-opensearch:owner": "pulumi:firehose-opensearch/dev" });
  });

  it("in subnets outlives its function and goes before the role that takes the function's interfaces away", async () => {
    const vpc = { vpcSubnetIds: ["subnet-1"], vpcSecurityGroupIds: ["sg-1"] };
    const { after } = (await evaluate(vpc)).one(types.domain);
    assert.ok(after.includes("firehose-opensearch-dev-domain-objects-role-policy"), after.join());
  });

  it("is read by the people that are named, and by nobody else", async () => {
    const roleArn = "arn:aws:iam::111122223333:role/analysts";
    const program = await evaluate({ readerRoleArns: [roleArn], readerBackendRoles: ["saml-analysts"] });
    const input = (end: string) => JSON.parse(program.one(types.invocation, end).inputs["input"]);
    const { body } = input("-reader-role");
    assert.deepEqual(body.index_permissions[0], {
      index_patterns: ["example-20*"],
      allowed_actions: ["read"],
    });
    assert.deepEqual(input("-reader-role-mapping").body.backend_roles, [roleArn, "saml-analysts"]);
    const none = (await evaluate()).all(types.invocation).map(({ name }) => name);
    assert.deepEqual(
      none.filter((name) => name.includes("reader")),
      [],
    );
  });

  it("may take two hours to be created [B94]", async () => {
    assert.equal((await evaluate()).one(types.domain).options.createTimeout, "120m");
  });

  it("writes its logs through one policy for all, with every action, and waits for it [B97]", async () => {
    const program = await evaluate({ domainLogs: "true" });
    const policy = program.one("aws:cloudwatch/logResourcePolicy:LogResourcePolicy");
    const [statement] = statementsOf(policy.inputs["policyDocument"]);
    assert.deepEqual(statement!.Principal, { Service: "es.amazonaws.com" });
    assert.deepEqual(statement!.Action, [
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "logs:PutLogEventsBatch",
    ]);
    const domain = program.one(types.domain);
    assert.equal(domain.inputs["logPublishingOptions"].length, 3);
    assert.ok(domain.after.includes(policy.name));
    assert.equal((await evaluate()).all("aws:cloudwatch/logResourcePolicy:LogResourcePolicy").length, 0);
  });

  it("lives in the given subnets with stream and function, after the service's role where it is made [B93] [B95]", async () => {
    const vpc = { vpcSubnetIds: ["subnet-1"], vpcSecurityGroupIds: ["sg-1"] };
    const program = await evaluate({ ...vpc, createServiceLinkedRole: "true" });
    const network = { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] };
    const domain = program.one(types.domain);
    assert.deepEqual(domain.inputs["vpcOptions"], network);
    const { roleArn: _role, ...stream } = program.one(types.stream).inputs["opensearchConfiguration"]
      .vpcConfig;
    assert.deepEqual(stream, network);
    assert.deepEqual(program.one(types.function, "domain-objects").inputs["vpcConfig"], network);
    const linked = program.one("aws:iam/serviceLinkedRole:ServiceLinkedRole");
    assert.equal(linked.inputs["awsServiceName"], "opensearchservice.amazonaws.com");
    assert.ok(domain.after.includes(linked.name));
    assert.equal((await evaluate(vpc)).all(linked.type).length, 0);
  });

  it("may be one that exists, whose objects are taken out by calls", async () => {
    const program = await evaluate({
      existingDomainName: "theirs",
      existingDomainEndpoint: "search-theirs.eu-west-1.es.amazonaws.com",
      existingDomainUser: "admin",
      "secret:existingDomainPassword": "Their-Own-1",
    });
    assert.equal(program.all(types.domain).length + program.all(types.password).length, 0);
    assert.match(program.one(types.stream).inputs["opensearchConfiguration"].domainArn, /:domain\/theirs$/);
    const { deletedWith, deleteBeforeReplace, retainOnDelete } = program.one(
      types.invocation,
      "-role",
    ).options;
    assert.deepEqual([deletedWith, deleteBeforeReplace, retainOnDelete], ["", true, false]);
    const { variables } = program.one(types.function, "domain-objects").inputs["environment"];
    assert.deepEqual(variables, {
      ENDPOINT: "https://search-theirs.eu-west-1.es.amazonaws.com",
      USERNAME: "admin",
      PASSWORD: "Their-Own-1",
    });
    assert.ok(program.secretOutputs.includes("dashboardPassword"));
  });

  it("has Kibana's paths for Elasticsearch", async () => {
    const { outputs, one } = await evaluate({ engineVersion: "Elasticsearch_7.10" });
    assert.match(
      outputs["dashboardUrl"],
      /\/_plugin\/kibana\/app\/dashboards\?security_tenant=global#\/view\/totals$/,
    );
    assert.match(
      one(types.invocation, "-role").inputs["input"],
      /"path":"\/_opendistro\/_security\/api\/roles\//,
    );
  });
});

describe("functions", () => {
  let program: Evaluation;
  before(async () => {
    program = await evaluate();
  });

  it("have an explicit role, runtime and log group, and a version where Firehose calls them [B85] [B98]", () => {
    for (const { inputs, name } of program.all(types.function)) {
      assert.equal(inputs["runtime"], "nodejs24.x");
      assert.match(inputs["role"], /^arn:aws:iam::/);
      assert.equal(inputs["handler"], "__index.handler");
      const groups = program.all(types.logGroup).map((group) => group.inputs["name"]);
      assert.ok(groups.includes(inputs["loggingConfig"].logGroup), name);
      assert.ok(
        program.one(types.function, name).after.some((other) => other.endsWith("role-policy")),
        name,
      );
    }
    assert.equal(program.one(types.function, "processor").inputs["publish"], true);
  });

  it("are an archive of the closure alone [B84]", async () => {
    for (const end of ["processor", "domain-objects"]) {
      assert.deepEqual(Object.keys(await program.archive(end)), ["__index.js"], end);
    }
  });

  it("have the same text at each run, and the other's text does not change with the processor [B86]", async () => {
    const again = await evaluateAnew();
    const other = await evaluate({ processor: "identity" });
    for (const end of ["processor", "domain-objects"]) {
      assert.deepEqual(await again.archive(end), await program.archive(end));
    }
    assert.deepEqual(await other.archive("domain-objects"), await program.archive("domain-objects"));
    assert.notDeepEqual(await other.archive("processor"), await program.archive("processor"));
  });

  it("have log groups with the configured retention [B98]", async () => {
    const { all } = await evaluate({ logRetentionDays: "30", domainLogs: "true" });
    assert.equal(all(types.logGroup).length, 6);
    for (const { inputs } of all(types.logGroup)) assert.equal(inputs["retentionInDays"], 30);
  });
});

describe("objects in the domain", () => {
  it("are invocations that follow their resource's life, the mapping after the role", async () => {
    const program = await evaluate();
    const invocations = program.all(types.invocation);
    assert.deepEqual(invocations.map(({ inputs }) => JSON.parse(inputs["input"]).kind).sort(), [
      "index-template",
      "retention",
      "role",
      "role-mapping",
      "saved-objects",
    ]);
    for (const { inputs, options } of invocations) {
      assert.equal(inputs["lifecycleScope"], "CRUD");
      assert.match(options.deletedWith, /firehose-opensearch-dev-domain$/);
      assert.equal(options.retainOnDelete, true);
      const { endpoint, revision } = JSON.parse(inputs["input"]);
      assert.deepEqual([endpoint, revision], [program.outputs["domainEndpoint"], 1]);
    }
    const waitsFor = (end: string) => program.one(types.invocation, end).after.join();
    assert.match(waitsFor("role-mapping"), /domain-objects-role(,|$)/);
  });

  it("show the configured panels, and keep indices as long as configured", async () => {
    const { one } = await evaluate({
      panels: ["errors = status:[500 TO 599] AND a=b", "all"],
      indexRetentionDays: "7",
    });
    const input = (end: string) => JSON.parse(one(types.invocation, end).inputs["input"]);
    const { objects } = input("saved-objects");
    assert.equal(objects.length, 4);
    const board = objects.at(-1);
    assert.deepEqual(board.attributes.refreshInterval, { pause: false, value: 10_000 });
    const shown = JSON.parse(board.attributes.panelsJSON).map(
      (panel: { gridData: { x: number; w: number } }) => [panel.gridData.x, panel.gridData.w],
    );
    assert.deepEqual(shown, [
      [0, 24],
      [24, 24],
    ]);
    const [keep] = input("retention").body.policy.states;
    assert.deepEqual(keep.transitions, [{ state_name: "gone", conditions: { min_index_age: "7d" } }]);
    assert.equal((await evaluate({ indexRotation: "NoRotation" })).all(types.invocation).length, 5);
  });
});

describe("a key of the account's own", () => {
  it("encrypts stream, bucket, domain and the function's environment [B99]", async () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd";
    const { one } = await evaluate({ kmsKeyArn });
    const stream = one(types.stream).inputs;
    assert.deepEqual(stream["serverSideEncryption"], {
      enabled: true,
      keyType: "CUSTOMER_MANAGED_CMK",
      keyArn: kmsKeyArn,
    });
    assert.equal(stream["opensearchConfiguration"].s3Configuration.kmsKeyArn, kmsKeyArn);
    const [rule] = one(s3("ServerSideEncryptionConfiguration")).inputs["rules"];
    assert.equal(rule.applyServerSideEncryptionByDefault.kmsMasterKeyId, kmsKeyArn);
    assert.equal(one(types.domain).inputs["encryptAtRest"].kmsKeyId, kmsKeyArn);
    assert.equal(one(types.function, "domain-objects").inputs["kmsKeyArn"], kmsKeyArn);
  });
});

describe("log groups of others", () => {
  it("are subscribed with everything in them, by a role of this stack that may put records into the stream", async () => {
    const { all, one } = await evaluate({ logGroups: ["/app/web", "/app/api"] });
    const filters = all("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter");
    assert.deepEqual(filters.map(({ inputs }) => [inputs["logGroup"], inputs["filterPattern"]]).sort(), [
      ["/app/api", ""],
      ["/app/web", ""],
    ]);
    for (const { after } of filters) assert.ok(after.some((name) => name.endsWith("log-groups-role-policy")));
    const [trust] = statementsOf(one("aws:iam/role:Role", "log-groups-role").inputs["assumeRolePolicy"]);
    assert.deepEqual(trust!.Condition!["StringEquals"], { "aws:SourceAccount": "111122223333" });
  });
});
