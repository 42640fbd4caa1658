import { strict as assert } from "node:assert";
import { UserError } from "../../../local/errors";
import { fatesOf } from "../../../local/plan/emulation";
import { planOf } from "../../../local/plan/read-resources";
import type { EvaluatedResource } from "../../../local/plan/stand-ins";

type Inputs = EvaluatedResource["inputs"];

const resource = (type: string, name: string, inputs: Inputs, state: Inputs = {}): EvaluatedResource => ({
  type,
  name,
  inputs,
  state: { name, ...state },
});

const streamOf = (name: string, inputs: Inputs): EvaluatedResource =>
  resource("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", name, inputs, {
    arn: `arn:aws:firehose:eu-west-1:000000000000:deliverystream/${name}`,
  });

const s3Configuration = { bucketArn: "arn:aws:s3:::kept", prefix: "raw/", bufferingInterval: 60 };

const intoBucket = (name: string, changes: Inputs = {}, more: Inputs = {}) =>
  streamOf(name, {
    destination: "extended_s3",
    extendedS3Configuration: { bucketArn: "arn:aws:s3:::clicks", ...changes },
    ...more,
  });

const intoIndex = (name: string, indexName: string, domain = "logs") =>
  streamOf(name, {
    destination: "opensearch",
    opensearchConfiguration: { domainArn: domainArn(domain), indexName, s3Configuration },
  });

const domainArn = (name: string) => `arn:aws:es:eu-west-1:000000000000:domain/${name}`;

const domain = (name: string) =>
  resource(
    "aws:opensearch/domain:Domain",
    name,
    {},
    { arn: domainArn(name), endpoint: `${name}.example.com` },
  );

const processing = (...processors: Inputs[]) => ({ processingConfiguration: { enabled: true, processors } });

const plan = (...resources: EvaluatedResource[]) =>
  planOf({ project: "p", stack: "s", region: "eu-west-1", resources, notes: [], folder: "/nowhere" });

describe("the streams of an evaluated program", () => {
  it("are all there, in their order, with the defaults of AWS", async () => {
    const { streams, notes } = await plan(intoIndex("web", "web"), intoBucket("clicks"));
    assert.deepEqual(
      streams.map(({ deliveryStreamName, domain, destination: { kind, ...hints } }) => [
        deliveryStreamName,
        domain,
        kind,
        hints.bufferIntervalSeconds,
        hints.bufferSizeMiB,
      ]),
      [
        ["web", "logs", "search", 300, 5],
        ["clicks", "", "s3", 300, 5],
      ],
    );
    assert.equal(streams[0]!.backup?.bucketName, "kept");
    assert.equal(streams[1]!.backup, undefined);
    assert.deepEqual(notes, []);
  });

  it("deliver into a domain of Elasticsearch, a serverless collection, and a bucket as earlier providers write it", async () => {
    const { streams } = await plan(
      streamOf("old", {
        destination: "elasticsearch",
        elasticsearchConfiguration: {
          domainArn: domainArn("old"),
          indexName: "old",
          indexRotationPeriod: "OneHour",
        },
        s3Configuration,
      }),
      streamOf("serverless", {
        destination: "opensearchserverless",
        opensearchserverlessConfiguration: {
          collectionEndpoint: "https://abc.aoss.example.com",
          indexName: "events",
          s3Configuration,
        },
      }),
      streamOf("plain", { destination: "s3", s3Configuration }),
    );
    assert.deepEqual(
      streams.map(({ destination }) =>
        destination.kind === "s3"
          ? destination.bucketName
          : [destination.indexName, destination.indexRotationPeriod],
      ),
      [["old", "OneHour"], ["events", "NoRotation"], "kept"],
    );
    assert.deepEqual([streams[0]!.backup?.bucketName, streams[1]!.domain], ["kept", "abc.aoss.example.com"]);
  });

  it("have in a bucket the prefix, compression, ending and delimiter that the program gives, and a backup beside", async () => {
    const delimiter = {
      type: "AppendDelimiterToRecord",
      parameters: [{ parameterName: "Delimiter", parameterValue: "\\n" }],
    };
    const { streams } = await plan(
      intoBucket("clicks", {
        prefix: "data/",
        errorOutputPrefix: "errors/",
        compressionFormat: "GZIP",
        fileExtension: ".json.gz",
        s3BackupMode: "Enabled",
        s3BackupConfiguration: s3Configuration,
        ...processing(delimiter),
      }),
    );
    const { destination, backup, processor } = streams[0]!;
    assert.deepEqual(destination, {
      kind: "s3",
      bucketName: "clicks",
      prefix: "data/",
      errorOutputPrefix: "errors/",
      bufferIntervalSeconds: 300,
      bufferSizeMiB: 5,
      compression: "GZIP",
      fileExtension: ".json.gz",
      delimiter: "\n",
    });
    assert.deepEqual([backup?.bucketName, backup?.prefix, backup?.mode], ["kept", "raw/", "AllDocuments"]);
    assert.equal(processor, undefined);
  });

  const elsewhere: readonly [why: string, stream: EvaluatedResource, text: RegExp][] = [
    [
      "its source is a Kinesis stream",
      intoBucket("x", {}, { kinesisSourceConfiguration: {} }),
      /source is a Kinesis stream/,
    ],
    ["its source is Kafka", intoBucket("x", {}, { mskSourceConfiguration: {} }), /source is a Kafka topic/],
    [
      "its destination is another one",
      streamOf("x", { destination: "splunk", splunkConfiguration: {} }),
      /destination is splunk/,
    ],
    [
      "its partitions are dynamic",
      intoBucket("x", { dynamicPartitioningConfiguration: { enabled: true } }),
      /partitioning is dynamic/,
    ],
    [
      "no key can be made of its prefix",
      intoBucket("x", { prefix: "!{timestamp:MMM}/", errorOutputPrefix: "!{firehose:error-output-type}/" }),
      /prefix is "!\{timestamp:MMM\}\/", of which no key can be made: in .* MMM is not taken; allowed are y /,
    ],
    [
      "no key can be made of its backup's prefix",
      intoBucket("x", {
        s3BackupMode: "Enabled",
        s3BackupConfiguration: { ...s3Configuration, prefix: "!{timestamp:yyyy}/" },
      }),
      /errorOutputPrefix is "", of which no key can be made: it must be set/,
    ],
    [
      "its records are converted",
      intoBucket("x", { dataFormatConversionConfiguration: {} }),
      /data format is converted/,
    ],
    [
      "a processor is no function",
      intoBucket("x", processing({ type: "MetadataExtraction" })),
      /type is MetadataExtraction/,
    ],
    [
      "its function is not in the program",
      intoBucket(
        "x",
        processing({
          type: "Lambda",
          parameters: [{ parameterName: "LambdaArn", parameterValue: "arn:aws:lambda:a:b:function:f:1" }],
        }),
      ),
      /LambdaArn is arn:aws:lambda/,
    ],
  ];
  for (const [why, stream, text] of elsewhere) {
    it(`leaves out a stream where ${why}, says so, and runs the others`, async () => {
      const { streams, notes } = await plan(stream, intoIndex("web", "web"));
      assert.deepEqual(
        streams.map(({ deliveryStreamName }) => deliveryStreamName),
        ["web"],
      );
      assert.equal(notes.length, 1);
      assert.match(notes[0]!, /^The stream x does not run here and takes no records: /);
      assert.match(notes[0]!, text);
      await assert.rejects(plan(stream), (error) => error instanceof UserError && text.test(error.message));
    });
  }

  it("have keys in UTC and of the calendar year, which is said where the program has others", async () => {
    const typed = "!{firehose:error-output-type}/";
    const { streams, notes } = await plan(
      intoBucket("clicks", {
        customTimeZone: "Europe/Berlin",
        prefix: "!{timestamp:'Y'YYYY/MM}/Y/",
        errorOutputPrefix: `${typed}!{timestamp:YY}/`,
      }),
      intoBucket("sales", { customTimeZone: "UTC", prefix: "Y/", errorOutputPrefix: typed }),
    );
    assert.deepEqual(
      streams.map(({ destination }) =>
        destination.kind === "s3" ? [destination.prefix, destination.errorOutputPrefix] : [],
      ),
      [
        ["!{timestamp:'Y'yyyy/MM}/Y/", `${typed}!{timestamp:yy}/`],
        ["Y/", typed],
      ],
    );
    assert.deepEqual(notes, [
      "The stream clicks has keys in the time zone Europe/Berlin; here they are in UTC.",
      "The stream clicks has keys with Y, the year of the week, another one on some days; here it is y.",
    ]);
  });

  it("take partitioning, conversion and processing that are switched off for none", async () => {
    const { streams } = await plan(
      intoBucket("clicks", {
        dynamicPartitioningConfiguration: { enabled: false },
        dataFormatConversionConfiguration: { enabled: false },
        processingConfiguration: { enabled: false, processors: [{ type: "MetadataExtraction" }] },
      }),
    );
    assert.equal(streams.length, 1);
  });

  it("are refused where two have one name, which is one stream's on AWS", async () => {
    const twin = { ...intoBucket("clicks"), name: "other" };
    await assert.rejects(
      plan(intoBucket("clicks"), twin, intoBucket("sales")),
      /^UserError: 2 streams have the name clicks on AWS: clicks, other\. .* give each a `name` of its own\.$/,
    );
  });

  it("are none: that is said, and what a stream would need", async () => {
    await assert.rejects(plan(), /no Firehose delivery stream.*OpenSearch, Elasticsearch or S3/);
  });

  it("have each the panels, retention and template of their own indices and domain", async () => {
    const fn = resource(
      "aws:lambda/function:Function",
      "f",
      { code: { assets: {} }, handler: "a.b" },
      { arn: "arn:f" },
    );
    const template = (pattern: string, endpoint: string, limit: number) =>
      JSON.stringify({
        kind: "index-template",
        endpoint,
        body: { index_patterns: [pattern], template: { settings: { limit } } },
      });
    const invocation = (name: string, input: string) =>
      resource("aws:lambda/invocation:Invocation", name, { functionName: "f", input });
    const { streams } = await plan(
      fn,
      domain("logs"),
      domain("other"),
      intoIndex("web", "web"),
      intoIndex("errors", "web-errors"),
      intoIndex("far", "web", "other"),
      invocation("a", template("web-errors-20*-*-*", "logs.example.com", 1)),
      invocation("b", template("web-20*-*-*", "other.example.com", 2)),
      invocation("c", template("web-20*-*-*", "logs.example.com", 3)),
    );
    assert.deepEqual(
      streams.map(({ indexTemplate }) => indexTemplate?.settings["limit"]),
      [3, 1, 2],
    );
  });

  it("name buckets and logs that are emulated, wherever in their configuration they do", () => {
    const bucket = (name: string) => resource("aws:s3/bucket:Bucket", name, {}, { bucket: name });
    const { notEmulated } = fatesOf([
      intoBucket("clicks", { s3BackupConfiguration: s3Configuration }),
      bucket("clicks"),
      bucket("kept"),
      bucket("unused"),
    ]);
    assert.deepEqual(notEmulated, [{ type: "aws:s3/bucket:Bucket", count: 1 }]);
  });
});
