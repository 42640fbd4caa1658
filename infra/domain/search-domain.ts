/** A domain that pipelines share, with the function that prepares it for each of them. */
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentsSource } from "../arguments-source";
import type { SearchDomainArgs } from "../component-args";
import { componentBaseName, componentNameProblem, ownerOf } from "../names";
import { currentPlace } from "../place";
import { checkZones, readBaseName, readDomain, readOwn } from "../read-domain-settings";
import type { DomainSettings } from "../settings";
import { ValueReader } from "../value-reader";
import { DomainCluster } from "./domain-cluster";
import { domainFunction, domainFunctionRole } from "./domain-function";

export class SearchDomain extends pulumi.ComponentResource {
  readonly domainName: string;
  readonly domainArn: pulumi.Output<string>;
  /** Host name, without `https://`. */
  readonly endpoint: pulumi.Output<string>;
  /** The master user. */
  readonly userName: string;
  readonly password: pulumi.Output<string>;
  /** Start of the names of its own resources on AWS. */
  readonly baseName: string;
  readonly settings: DomainSettings;
  readonly cluster: DomainCluster;
  /** The function that puts the objects of all pipelines into the domain. */
  readonly lambda: aws.lambda.Function;
  /** Which pipeline writes indices of which name. */
  private readonly writers = new Map<string, string>();

  constructor(name: string, args: SearchDomainArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("firehose-opensearch:index:SearchDomain", name, {}, opts);
    const read = new ValueReader(new ArgumentsSource(`The domain ${name}`, args));
    const settings = { ...readDomain(read), ...readOwn(read) };
    if (!settings.existingDomain) checkZones(read, settings);
    const problem = componentNameProblem(name);
    if (problem) read.wrong("name", name, problem, 0);
    this.baseName =
      readBaseName(read) ??
      componentBaseName(pulumi.getProject(), pulumi.getStack(), name, { isDomain: true });
    read.stop();
    this.settings = settings;
    const child = { parent: this };
    const names = { baseName: this.baseName, settings };
    const role = domainFunctionRole(`${name}-domain-objects`, names, this);
    this.cluster = new DomainCluster(
      `${name}-domain`,
      {
        place: currentPlace(this),
        domainName: this.baseName,
        owner: ownerOf(pulumi.getProject(), pulumi.getStack()),
        settings,
        after: settings.vpc ? [role.rolePolicy] : [],
      },
      child,
    );
    this.lambda = domainFunction(`${name}-domain-objects`, names, role, this.cluster, this);
    this.domainName = this.cluster.domainName;
    this.domainArn = this.cluster.domainArn;
    this.endpoint = this.cluster.endpoint;
    this.userName = this.cluster.userName;
    this.password = this.cluster.password;
    this.registerOutputs({
      domainName: this.domainName,
      domainArn: this.domainArn,
      endpoint: this.endpoint,
      userName: this.userName,
      password: this.password,
    });
  }

  /**
   * Notes that a pipeline writes indices of this name; says what is wrong where another one's template, role and
   * retention would take them in, or its own the other's.
   */
  writtenBy(pipeline: string, indexName: string): string | undefined {
    for (const [other, writer] of this.writers) {
      if (takesIn(other, indexName) || takesIn(indexName, other)) {
        return `a name of its own in the domain, as the pipeline ${writer} has ${other}, and patterns know no more than the start of a name`;
      }
    }
    this.writers.set(indexName, pipeline);
    return undefined;
  }
}

/** Whether the pattern of what `indexName` makes matches what `other` makes: `web` and `web-2024`, not `web-errors`. */
const takesIn = (indexName: string, other: string): boolean =>
  other === indexName || other.startsWith(`${indexName}-20`);
