/** The whole stack, in the order in which it is built: a record's destinations first, the stream last. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Alarms } from "./alarms";
import { BackupBucket } from "./backup-bucket";
import { DeliveryRole } from "./delivery-role";
import { DeliveryStream, StreamLogs } from "./delivery-stream";
import { DomainObjects } from "./domain/domain-objects";
import { SearchDomain } from "./domain/search-domain";
import { sizeFindings } from "./domain/shards";
import { knownStreamNames } from "./earlier";
import { LogSubscriptions } from "./log-subscriptions";
import { arnOf, type Place } from "./names";
import type { Statement } from "./policy";
import { ProcessorFunction } from "./processor-function";
import type { Settings } from "./settings";

export interface PipelineArgs {
  readonly settings: Settings;
  /** Start of all names, 3 to 28 characters, lower case. */
  readonly baseName: string;
  /** Mark of what the stack puts into a domain, such as `pulumi:firehose-opensearch/dev`. */
  readonly owner: string;
}

export class Pipeline extends pulumi.ComponentResource {
  readonly backup: BackupBucket;
  readonly domain: SearchDomain;
  readonly processor: ProcessorFunction;
  readonly stream: DeliveryStream;
  /** All names that the stream has had, and has now. */
  readonly streamNames: pulumi.Output<string[]>;

  constructor(name: string, args: PipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("firehose-opensearch:infra:Pipeline", name, {}, opts);
    const { settings, baseName, owner } = args;
    if (!settings.existingDomain) {
      for (const warning of sizeFindings(settings).warned) void pulumi.log.warn(warning, this);
    }
    const place = currentPlace(this);
    const streamName = settings.streamName ?? baseName;
    const arnOfStream = (at: Place, stream: string) => arnOf(at, "firehose", `deliverystream/${stream}`);
    const streamArn = place.apply((at) => arnOfStream(at, streamName));
    this.streamNames = pulumi.output(knownStreamNames(streamName, this));
    const streamArns = pulumi.all([place, this.streamNames]).apply(([at, names]) => {
      const arns = names.map((stream) => arnOfStream(at, stream));
      return arns.length === 1 ? arns[0]! : arns;
    });
    const child = { parent: this };
    this.backup = new BackupBucket(
      `${name}-backup`,
      { ...settings, place, retentionDays: settings.backupRetentionDays },
      child,
    );
    const objects = new DomainObjects(`${name}-domain-objects`, { baseName, owner, settings }, child);
    const after = settings.vpc ? [objects.functionRole.rolePolicy] : [];
    this.domain = new SearchDomain(
      `${name}-domain`,
      { place, domainName: baseName, owner, settings, existing: settings.existingDomain, after },
      child,
    );
    const logGroupName = `/aws/lambda/${baseName}-processor`;
    this.processor = new ProcessorFunction(
      `${name}-processor`,
      { ...settings, streamArn, logGroupName, chain: settings.processorChain },
      child,
    );
    const logs = new StreamLogs(
      `${name}-stream-logs`,
      { logGroupName: `/aws/kinesisfirehose/${streamName}`, retentionDays: settings.logRetentionDays },
      child,
    );
    const statements = this.deliveryStatements(settings, logs);
    const role = new DeliveryRole(
      `${name}-delivery`,
      { place, streamArns, vpc: settings.vpc, statements },
      child,
    );
    const needed = objects.put(this.domain, role.roleArn);
    this.stream = new DeliveryStream(
      `${name}-stream`,
      {
        deliveryStreamName: streamName,
        deliveryStreamArn: streamArn,
        roleArn: role.roleArn,
        domainArn: this.domain.domainArn,
        bucketArn: this.backup.bucketArn,
        logs,
        processor: this.processor.streamProcessor(),
        settings,
      },
      { ...child, dependsOn: [role.policy, ...this.backup.settings, ...needed] },
    );
    this.sources(name, place, settings);
    this.alarms(name, place, settings);
    this.registerOutputs();
  }

  /** What Firehose needs of all that it works with. */
  private deliveryStatements({ indexName }: Settings, logs: StreamLogs): Statement[] {
    return [
      ...this.backup.writeStatements(),
      ...this.domain.deliveryStatements(indexName),
      this.processor.invokeStatement(),
      logs.writeStatement(),
    ];
  }

  private sources(name: string, place: pulumi.Input<Place>, { logGroups }: Settings): void {
    if (logGroups.length === 0) return;
    const { deliveryStreamArn } = this.stream;
    new LogSubscriptions(`${name}-log-groups`, { place, logGroups, deliveryStreamArn }, { parent: this });
  }

  private alarms(name: string, place: pulumi.Input<Place>, settings: Settings): void {
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
      },
      { parent: this },
    );
  }
}

function currentPlace(parent: pulumi.Resource): pulumi.Output<Place> {
  const options = { parent };
  return pulumi
    .all([
      aws.getPartitionOutput({}, options),
      aws.getRegionOutput({}, options),
      aws.getCallerIdentityOutput({}, options),
    ])
    .apply(([{ partition }, { region }, { accountId }]) => ({ partition, region, accountId }));
}
