/** A domain that pipelines share, with the function that prepares it for each of them. */
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentsSource } from "../arguments-source";
import type { SearchDomainArgs } from "../component-args";
import { handedDown } from "../handed-down";
import { componentBaseName, componentNameProblem, ownerOf } from "../names";
import { currentPlace } from "../place";
import { checkZones, domainKeys, ownKeys, readBaseName, readDomain, readOwn } from "../read-domain-settings";
import { type DomainSettings, type Settings, settingDefaults } from "../settings";
import { domainName, OwnNames, patternsMeet } from "../taken-names";
import { ValueReader } from "../value-reader";
import { DomainCluster } from "./domain-cluster";
import { domainFunction, domainFunctionRole, type FunctionRole } from "./domain-function";
import { type StreamSize, sharedWarnings } from "./shards";

/** What a domain knows nothing of. */
const pipelineKeys = Object.fromEntries(
  [...Object.keys(settingDefaults), "bucket"].map((key) => [key, "a Pipeline has it"]),
);

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
  /** For further functions that ask the domain. */
  readonly functionRole: FunctionRole;
  /** The pipelines on it, with what each keeps. */
  readonly kept: (StreamSize & Pick<Settings, "indexName">)[] = [];
  private warning: NodeJS.Immediate | undefined;

  constructor(name: string, args: SearchDomainArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("firehose-opensearch:index:SearchDomain", name, {}, handedDown(opts));
    const read = new ValueReader(new ArgumentsSource(`The domain ${name}`, args));
    read.refuseUnknown([...domainKeys, ...ownKeys], pipelineKeys);
    const settings = { ...readDomain(read), ...readOwn(read) };
    if (!settings.existingDomain) checkZones(read, settings);
    const problem = componentNameProblem(name);
    if (problem) read.wrong("name", name, problem, 0);
    this.baseName =
      readBaseName(read) ??
      componentBaseName(pulumi.getProject(), pulumi.getStack(), name, { isDomain: true });
    const ownNames = new OwnNames(this, `the domain ${name}`, [domainName(this.baseName)]);
    ownNames.refuse(read);
    read.stop();
    const place = currentPlace(this);
    ownNames.refuseIn(place, read);
    this.settings = settings;
    const child = { parent: this };
    const names = { baseName: this.baseName, settings };
    const role = domainFunctionRole(`${name}-domain-objects`, names, this);
    this.cluster = new DomainCluster(
      `${name}-domain`,
      {
        place,
        domainName: this.baseName,
        owner: ownerOf(pulumi.getProject(), pulumi.getStack()),
        settings,
        after: settings.vpc ? [role.rolePolicy] : [],
      },
      child,
    );
    this.functionRole = role;
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
   * Notes that a pipeline writes these indices; says what is wrong where another one's template, role and retention
   * would take them in, or its own the other's.
   */
  writtenBy(pipeline: string, settings: Settings): string | undefined {
    const { indexName, indexRotation, indexRetentionDays, expectedGiBPerDay } = settings;
    for (const { name: writer, indexName: other } of this.kept) {
      if (patternsMeet(other, indexName)) {
        return `a name of its own in the domain, as the pipeline ${writer} has ${other}, and patterns know no more than the start of a name`;
      }
    }
    // Once for all that the program makes in one go: none of them knows whether it is the last one.
    this.warning ??= setImmediate(() => this.warnOfSize());
    this.kept.push({ name: pipeline, indexName, indexRotation, indexRetentionDays, expectedGiBPerDay });
    return undefined;
  }

  private warnOfSize(): void {
    this.warning = undefined;
    if (this.settings.existingDomain) return;
    for (const warning of sharedWarnings(this.settings, this.kept)) void pulumi.log.warn(warning, this);
  }
}
