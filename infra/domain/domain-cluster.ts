/** The OpenSearch domain: encrypted, TLS only, and nobody gets in without a user of its own database. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { checkedEngineVersion, earlierDomain, ownerTag } from "../earlier";
import { arnOf, type Place } from "../names";
import { networkOf } from "../network";
import { policyDocument, type Statement } from "../policy";
import type { DomainSettings, OwnSettings } from "../settings";
import { domainLogging } from "./logs";
import { serviceLinkedRole } from "./service-linked-role";
import { zonesFor } from "./size";

export interface DomainClusterArgs {
  readonly place: pulumi.Input<Place>;
  /** 3 to 28 characters, lower case, starting with a letter. */
  readonly domainName: string;
  readonly settings: DomainSettings & OwnSettings;
  /** Mark of this stack, such as `pulumi:firehose-opensearch/dev`. */
  readonly owner: string;
  /** What is there before the domain, and longer than it. */
  readonly after: readonly pulumi.Resource[];
}

const masterUserName = "master";

export class DomainCluster extends pulumi.ComponentResource {
  readonly domainName: string;
  readonly domainArn: pulumi.Output<string>;
  /** Host name, without `https://`. */
  readonly endpoint: pulumi.Output<string>;
  readonly userName: string;
  readonly password: pulumi.Output<string>;
  /** Set where the domain is of this stack: what lives in it goes with it. */
  readonly ownDomain: aws.opensearch.Domain | undefined;

  constructor(name: string, args: DomainClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    // The token that stacks know it by.
    super("firehose-opensearch:infra:SearchDomain", name, {}, opts);
    const existing = args.settings.existingDomain;
    this.domainName = existing?.name ?? args.domainName;
    const arn = pulumi.output(args.place).apply((place) => arnOf(place, "es", `domain/${this.domainName}`));
    if (existing) {
      this.domainArn = arn;
      this.endpoint = pulumi.output(existing.endpoint);
      this.userName = existing.userName;
      this.password = existing.password;
    } else {
      this.password = pulumi.secret(masterPassword(name, this).result);
      this.ownDomain = newDomain(name, args, arn, this.password, this);
      this.domainArn = this.ownDomain.arn;
      this.endpoint = this.ownDomain.endpoint;
      this.userName = masterUserName;
    }
    this.registerOutputs({ endpoint: this.endpoint });
  }

  /** What Firehose needs to deliver into indices whose names begin with `indexName`. */
  deliveryStatements(indexName: string): Statement[] {
    const path = (suffix: string) => pulumi.interpolate`${this.domainArn}/${suffix}`;
    return [
      {
        Action: [
          "es:DescribeDomain",
          "es:DescribeDomainConfig",
          "es:DescribeDomains",
          "es:ESHttpPost",
          "es:ESHttpPut",
        ],
        // Firehose writes through `_bulk` and creates indices, so all paths of this one domain.
        Resource: [this.domainArn, path("*")],
      },
      {
        Action: ["es:ESHttpGet"],
        Resource: [
          path("_all/_settings"),
          path("_cluster/stats"),
          path(`${indexName}*/_mapping/*`),
          path("_nodes"),
          path("_nodes/stats"),
          path("_nodes/*/stats"),
          path("_stats"),
          path(`${indexName}*/_stats`),
        ],
      },
    ];
  }
}

/** Only special characters that no shell and no URL changes; one of each kind, as the domain demands. */
function masterPassword(name: string, parent: pulumi.Resource): random.RandomPassword {
  return new random.RandomPassword(
    `${name}-password`,
    { length: 32, overrideSpecial: "-_.~", minLower: 1, minUpper: 1, minNumeric: 1, minSpecial: 1 },
    { parent, additionalSecretOutputs: ["result"] },
  );
}

function newDomain(
  name: string,
  { domainName, settings, place, owner, after }: DomainClusterArgs,
  arn: pulumi.Output<string>,
  password: pulumi.Output<string>,
  parent: pulumi.Resource,
): aws.opensearch.Domain {
  const { kmsKeyArn, vpc, protect } = settings;
  const logs = settings.domainLogs
    ? domainLogging(name, domainName, settings.logRetentionDays, place, parent)
    : undefined;
  const linkedRole = vpc && settings.createServiceLinkedRole ? [serviceLinkedRole(name, parent)] : [];
  return new aws.opensearch.Domain(
    name,
    {
      domainName,
      engineVersion: pulumi
        .output(earlierDomain(domainName, parent))
        .apply((domain) => checkedEngineVersion(domain, { ...settings, domainName, owner })),
      clusterConfig: clusterConfig(settings),
      ebsOptions: { ebsEnabled: true, volumeType: "gp3", volumeSize: settings.volumeSizeGiB },
      encryptAtRest: { enabled: true, ...(kmsKeyArn ? { kmsKeyId: kmsKeyArn } : {}) },
      nodeToNodeEncryption: { enabled: true },
      domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-2019-07" },
      advancedSecurityOptions: {
        enabled: true,
        internalUserDatabaseEnabled: true,
        masterUserOptions: { masterUserName, masterUserPassword: password },
      },
      tags: { [ownerTag]: owner },
      accessPolicies: policyDocument([everybodyReachesTheLogin(arn)]),
      ...(vpc ? { vpcOptions: networkOf(vpc) } : {}),
      ...(logs ? { logPublishingOptions: logs.options } : {}),
    },
    {
      parent,
      ...(protect && { protect }),
      // The name is fixed, and AWS makes no second domain of one name: whatever asks for a new one (a version that is
      // no upgrade, another key, other subnets) fails while the old one and its data are untouched.
      deleteBeforeReplace: false,
      dependsOn: [...after, ...linkedRole, ...(logs ? [logs.policy] : [])],
      // Creation takes 15 to 60 minutes, now and then more; a change replaces all nodes and copies their data.
      customTimeouts: { create: "120m", update: "180m", delete: "90m" },
    },
  );
}

function clusterConfig(settings: DomainSettings): aws.types.input.opensearch.DomainClusterConfig {
  const { instanceType, instanceCount, dedicatedMasterCount, dedicatedMasterType } = settings;
  const zones = zonesFor(instanceCount) ?? 1;
  return {
    instanceType,
    instanceCount,
    ...(zones > 1
      ? { zoneAwarenessEnabled: true, zoneAwarenessConfig: { availabilityZoneCount: zones } }
      : {}),
    ...(dedicatedMasterCount > 0
      ? { dedicatedMasterEnabled: true, dedicatedMasterCount, dedicatedMasterType }
      : {}),
  };
}

/**
 * Any principal, as AWS recommends with fine-grained access control: a policy that names IAM roles would make the
 * browser's login, which is not signed, impossible. Whoever has no user of the domain gets 401.
 */
const everybodyReachesTheLogin = (domainArn: pulumi.Output<string>): Statement => ({
  Principal: { AWS: "*" },
  Action: [
    "es:ESHttpDelete",
    "es:ESHttpGet",
    "es:ESHttpHead",
    "es:ESHttpPatch",
    "es:ESHttpPost",
    "es:ESHttpPut",
  ],
  Resource: [pulumi.interpolate`${domainArn}/*`],
});
