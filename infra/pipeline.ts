/** The whole stack, in the order in which it is built: a record's destinations first, the stream last. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Alarms } from "./alarms";
import { Backup } from "./bucket";
import { DeliveryRole } from "./delivery-role";
import { DeliveryStream, StreamLogs } from "./delivery-stream";
import { SearchDomain } from "./domain";
import { DomainObjects } from "./domain-objects";
import { LogSubscriptions } from "./log-subscriptions";
import { arnOf, type Place } from "./names";
import { Processor } from "./processor";
import type { Settings } from "./settings";
import { sizeFindings } from "./shards";

export interface PipelineArgs {
  readonly settings: Settings;
  /** Start of all names, 3 to 28 characters, lower case. */
  readonly baseName: string;
  /** Mark of what the stack puts into a domain, such as `pulumi:firehose-opensearch/dev`. */
  readonly owner: string;
}

export class Pipeline extends pulumi.ComponentResource {
  readonly backup: Backup;
  readonly domain: SearchDomain;
  readonly processor: Processor;
  readonly stream: DeliveryStream;

  constructor(
    name: string,
    { settings, baseName, owner }: PipelineArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("firehose-opensearch:infra:Pipeline", name, {}, opts);
    if (!settings.existingDomain) {
      for (const warning of sizeFindings(settings).warned) void pulumi.log.warn(warning, this);
    }
    const place = currentPlace(this);
    const streamName = settings.streamName ?? baseName;
    const streamArn = place.apply((at) => arnOf(at, "firehose", `deliverystream/${streamName}`));
    const child = { parent: this };
    this.backup = new Backup(
      `${name}-backup`,
      { ...settings, place, retentionDays: settings.backupRetentionDays },
      child,
    );
    this.domain = new SearchDomain(
      `${name}-domain`,
      { place, domainName: baseName, settings, existing: settings.existingDomain },
      child,
    );
    this.processor = new Processor(
      `${name}-processor`,
      {
        ...settings,
        streamArn,
        logGroupName: `/aws/lambda/${baseName}-processor`,
        chain: settings.processorChain,
      },
      child,
    );
    const logs = new StreamLogs(
      `${name}-stream-logs`,
      { logGroupName: `/aws/kinesisfirehose/${streamName}`, retentionDays: settings.logRetentionDays },
      child,
    );
    const role = new DeliveryRole(
      `${name}-delivery`,
      {
        place,
        streamArn,
        vpc: settings.vpc,
        statements: [
          ...this.backup.writeStatements(),
          ...this.domain.deliveryStatements(settings.indexName),
          this.processor.invokeStatement(),
          logs.writeStatement(),
        ],
      },
      child,
    );
    const objects = new DomainObjects(
      `${name}-domain-objects`,
      { baseName, owner, domain: this.domain, deliveryRoleArn: role.roleArn, settings },
      child,
    );
    this.stream = new DeliveryStream(
      `${name}-stream`,
      {
        deliveryStreamName: streamName,
        roleArn: role.roleArn,
        domainArn: this.domain.domainArn,
        bucketArn: this.backup.bucketArn,
        logs,
        processor: this.processor.streamProcessor(),
        settings,
      },
      { ...child, dependsOn: [role.policy, ...this.backup.settings, ...objects.neededByDelivery] },
    );
    if (settings.logGroups.length > 0) {
      new LogSubscriptions(
        `${name}-log-groups`,
        { place, logGroups: settings.logGroups, deliveryStreamArn: this.stream.deliveryStreamArn },
        child,
      );
    }
    if (settings.alarmEmail) {
      new Alarms(
        `${name}-alarms`,
        {
          ...settings,
          place,
          email: settings.alarmEmail,
          deliveryStreamName: streamName,
          functionName: this.processor.lambda.name,
          domainName: this.domain.domainName,
        },
        child,
      );
    }
    this.registerOutputs();
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
