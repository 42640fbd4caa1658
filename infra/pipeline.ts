/** A stream and all that it works with, in the order in which it is built: a record's destinations first, the stream last. */
import * as pulumi from "@pulumi/pulumi";
import { Alarms, type AlarmsArgs } from "./alarms";
import { ArgumentsSource } from "./arguments-source";
import { BackupBucket } from "./backup-bucket";
import type { StreamArgs } from "./component-args";
import { DeliveryRole } from "./delivery-role";
import { DeliveryStream, StreamLogs } from "./delivery-stream";
import { dashboardIdOf } from "./domain/dashboard";
import { DomainCluster } from "./domain/domain-cluster";
import type { FunctionRole } from "./domain/domain-function";
import { DomainObjects } from "./domain/domain-objects";
import { dashboardUrl } from "./domain/engine-paths";
import type { SearchDomain } from "./domain/search-domain";
import { sizeFindings } from "./domain/shards";
import { handedDown } from "./handed-down";
import { LogBuckets } from "./log-buckets";
import { LogSubscriptions } from "./log-subscriptions";
import { arnOf, componentBaseName, componentNameProblem, ownerOf, type Place } from "./names";
import { currentPlace } from "./place";
import type { Statement } from "./policy";
import { Probe } from "./probe";
import { ProcessorFunction } from "./processor-function";
import { settingsOf } from "./read-settings";
import { type Settings, settingDefaults } from "./settings";
import { asItIs, invokeStatement, processorOf, type StreamProcessor } from "./stream-processor";
import { OwnNames, pipelineNames } from "./taken-names";
import { ValueReader } from "./value-reader";

export interface PipelineArgs extends StreamArgs {
  /** Where documents go. What is about the domain is then chosen there. @default a domain of its own */
  readonly domain?: SearchDomain;
}

export class Pipeline extends pulumi.ComponentResource {
  readonly streamName: string;
  readonly streamArn: pulumi.Output<string>;
  /** All names that the stream has had, and has now. */
  readonly streamNames: pulumi.Output<string[]>;
  readonly bucketName: pulumi.Output<string>;
  /** Host name of the domain, without `https://`. */
  readonly domainEndpoint: pulumi.Output<string>;
  readonly dashboardUrl: pulumi.Output<string>;
  readonly dashboardUser: string;
  readonly dashboardPassword: pulumi.Output<string>;
  /** As it was chosen: names joined by commas. */
  readonly processorName: string;
  /** A policy for whoever sends records. */
  readonly publisherPolicyArn: pulumi.Output<string>;

  readonly backup: BackupBucket;
  readonly domain: DomainCluster;
  readonly processor: StreamProcessor;
  readonly stream: DeliveryStream;

  constructor(name: string, args: PipelineArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("firehose-opensearch:infra:Pipeline", name, {}, handedDown(opts));
    const { settings, place } = checked(this, name, args);
    // A domain that is given counts all that are on it.
    if (!settings.existingDomain && !args.domain) {
      for (const warning of sizeFindings(settings).warned) void pulumi.log.warn(warning, this);
    }
    const { streamName } = settings;
    const streamArn = place.apply((at) => arnOfStream(at, streamName));
    this.streamNames = pulumi
      .output(args.formerStreamNames ?? [])
      .apply((former) => [...new Set([...former, streamName])].sort());
    const child = { parent: this };
    this.backup = new BackupBucket(
      `${name}-backup`,
      { ...settings, place, retentionDays: settings.backupRetentionDays },
      child,
    );
    const owner = ownerOf(pulumi.getProject(), pulumi.getStack());
    const objects = new DomainObjects(
      `${name}-domain-objects`,
      { baseName: settings.baseName, owner, settings, sharedFunction: args.domain?.lambda },
      child,
    );
    this.domain =
      args.domain?.cluster ??
      new DomainCluster(
        `${name}-domain`,
        { place, domainName: settings.baseName, owner, settings, after: objects.beforeDomain },
        child,
      );
    this.processor = this.streamProcessor(name, settings, streamArn);
    this.stream = this.deliveryStream(name, settings, objects, { place, streamArn });
    this.logGroups(name, place, settings);
    const failedObjectsQueue = this.logBuckets(name, place, settings);
    const functionRole = args.domain?.functionRole ?? objects.functionRole!;
    const probeLostMetric = this.probe(name, settings, functionRole);
    this.alarms(name, place, settings, { failedObjectsQueue, probeLostMetric });
    this.streamName = streamName;
    this.streamArn = this.stream.deliveryStreamArn;
    this.bucketName = this.backup.bucketName;
    this.domainEndpoint = this.domain.endpoint;
    const dashboardId = dashboardIdOf(settings.baseName, {
      ...settings,
      isShared: args.domain !== undefined,
    });
    this.dashboardUrl = this.domain.endpoint.apply((host) =>
      dashboardUrl(host, settings.engineVersion, dashboardId),
    );
    this.dashboardUser = this.domain.userName;
    this.dashboardPassword = pulumi.secret(this.domain.password);
    this.processorName = settings.processorName;
    this.publisherPolicyArn = this.stream.publisherPolicyArn;
    this.registerOutputs();
  }

  private streamProcessor(
    name: string,
    settings: Settings,
    streamArn: pulumi.Output<string>,
  ): StreamProcessor {
    const { processorLambda, processorChain: chain, baseName } = settings;
    if (processorLambda) return asItIs(processorLambda, settings.bufferIntervalSeconds);
    const logGroupName = `/aws/lambda/${baseName}-processor`;
    return new ProcessorFunction(
      `${name}-processor`,
      { ...settings, streamArn, logGroupName, chain },
      { parent: this },
    );
  }

  /** FIRST where it logs and what it may, THEN all that must be there before it, THEN the stream. */
  private deliveryStream(
    name: string,
    settings: Settings,
    objects: DomainObjects,
    { place, streamArn }: { readonly place: pulumi.Output<Place>; readonly streamArn: pulumi.Output<string> },
  ): DeliveryStream {
    const child = { parent: this };
    const { streamName } = settings;
    const logs = new StreamLogs(
      `${name}-stream-logs`,
      { logGroupName: `/aws/kinesisfirehose/${streamName}`, retentionDays: settings.logRetentionDays },
      child,
    );
    const streamArns = pulumi.all([place, this.streamNames]).apply(([at, names]) => {
      const arns = names.map((stream) => arnOfStream(at, stream));
      return arns.length === 1 ? arns[0]! : arns;
    });
    const statements = this.deliveryStatements(settings, logs);
    const role = new DeliveryRole(
      `${name}-delivery`,
      { place, streamArns, vpc: settings.vpc, statements },
      child,
    );
    const needed = objects.put(this.domain, role.roleArn);
    return new DeliveryStream(
      `${name}-stream`,
      {
        deliveryStreamName: streamName,
        deliveryStreamArn: streamArn,
        roleArn: role.roleArn,
        domainArn: this.domain.domainArn,
        bucketArn: this.backup.bucketArn,
        logs,
        processor: processorOf(this.processor),
        settings,
      },
      { ...child, dependsOn: [role.policy, ...this.backup.settings, ...needed] },
    );
  }

  /** What Firehose needs of all that it works with. */
  private deliveryStatements({ indexName }: Settings, logs: StreamLogs): Statement[] {
    return [
      ...this.backup.writeStatements(),
      ...this.domain.deliveryStatements(indexName),
      invokeStatement(this.processor),
      logs.writeStatement(),
    ];
  }

  private logGroups(name: string, place: pulumi.Input<Place>, { logGroups }: Settings): void {
    if (logGroups.length === 0) return;
    const { deliveryStreamArn } = this.stream;
    new LogSubscriptions(`${name}-log-groups`, { place, logGroups, deliveryStreamArn }, { parent: this });
  }

  /** @returns the name of the queue of what could not be read; undefined without log buckets */
  private logBuckets(
    name: string,
    place: pulumi.Input<Place>,
    settings: Settings,
  ): pulumi.Output<string> | undefined {
    if (settings.logBuckets.length === 0) return undefined;
    const { deliveryStreamArn, deliveryStreamName } = this.stream;
    const ownBuckets = [this.backup.bucketName];
    const args = { ...settings, owner: name, ownBuckets, place, deliveryStreamArn, deliveryStreamName };
    return new LogBuckets(`${name}-log-buckets`, args, { parent: this }).failedQueueName;
  }

  /** @returns the name of the metric of what did not arrive; undefined without a probe */
  private probe(name: string, settings: Settings, functionRole: FunctionRole): string | undefined {
    if (!settings.probe) return undefined;
    const { deliveryStreamArn, deliveryStreamName } = this.stream;
    const args = { ...settings, deliveryStreamArn, deliveryStreamName, domain: this.domain, functionRole };
    return new Probe(`${name}-probe`, args, { parent: this }).lostMetric;
  }

  private alarms(
    name: string,
    place: pulumi.Input<Place>,
    settings: Settings,
    watched: Pick<AlarmsArgs, "failedObjectsQueue" | "probeLostMetric">,
  ): void {
    if (!settings.alarmEmail) return;
    new Alarms(
      `${name}-alarms`,
      {
        ...settings,
        place,
        email: settings.alarmEmail,
        deliveryStreamName: this.stream.deliveryStreamName,
        functionName: this.processor.lambda.name,
        functionLogGroup: this.processor.logGroupName,
        volumeSizeGiB: settings.existingDomain ? undefined : settings.volumeSizeGiB,
        domainName: this.domain.domainName,
        ...watched,
      },
      { parent: this },
    );
  }
}

const arnOfStream = (at: Place, stream: string): string => arnOf(at, "firehose", `deliverystream/${stream}`);

const pipelineKeys: readonly string[] = [
  ...Object.keys(settingDefaults),
  ...(["domain", "bucket", "formerStreamNames"] satisfies (keyof PipelineArgs)[]),
];

/** @throws RunError with every problem that the arguments have */
function checked(
  component: Pipeline,
  name: string,
  args: PipelineArgs,
): { readonly settings: Settings; readonly place: pulumi.Output<Place> } {
  const read = new ValueReader(new ArgumentsSource(`The pipeline ${name}`, args));
  read.refuseUnknown(pipelineKeys);
  const problem = componentNameProblem(name);
  if (problem) read.wrong("name", name, problem, 0);
  const settings = settingsOf(read, {
    baseName: componentBaseName(pulumi.getProject(), pulumi.getStack(), name, { isDomain: !args.domain }),
    indexName: name.toLowerCase(),
    keyStart: `${name}/`,
    domain: args.domain,
  });
  const ownNames = new OwnNames(component, `the pipeline ${name}`, pipelineNames(settings, !args.domain));
  const taken = args.domain?.writtenBy(name, settings);
  if (taken) read.wrong("indexName", settings.indexName, taken, 0);
  ownNames.refuse(read, taken ? "indexName" : undefined);
  read.stop();
  const place = currentPlace(component);
  ownNames.refuseIn(place, read);
  return { settings, place };
}
