/** Puts into the domain what it must hold: one function, called once for each object as its resource lives. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DomainCallResult } from "../domain-call/handler";
import type { AnyObject } from "../domain-call/objects";
import type { Settings } from "../settings";
import { savedObjects } from "./dashboard";
import type { DomainCluster } from "./domain-cluster";
import { domainFunction, domainFunctionRole, type FunctionRole } from "./domain-function";
import {
  type DomainNames,
  deliveryRole,
  deliveryRoleMapping,
  indexTemplate,
  readerRole,
  readerRoleMapping,
  retentionPolicy,
} from "./object-bodies";

export interface DomainObjectsArgs extends DomainNames {
  readonly settings: Settings;
  /** Of a domain that other pipelines use too. @default the pipeline's own, which goes with it */
  readonly sharedFunction?: aws.lambda.Function;
}

export class DomainObjects extends pulumi.ComponentResource {
  /**
   * What a domain in subnets waits for: Lambda needs the role to take its network interfaces away, which takes it
   * longer than to delete the function, and the domain's own end takes longest.
   */
  readonly beforeDomain: readonly pulumi.Resource[];
  /** Of the pipeline's own function; undefined where that of a shared domain is used. */
  readonly functionRole: FunctionRole | undefined;
  private readonly functionFor: (domain: DomainCluster) => aws.lambda.Function;

  constructor(
    private readonly name: string,
    private readonly args: DomainObjectsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("firehose-opensearch:infra:DomainObjects", name, {}, opts);
    const { sharedFunction, settings } = args;
    if (sharedFunction) {
      this.beforeDomain = [];
      this.functionFor = () => sharedFunction;
    } else {
      const role = domainFunctionRole(name, args, this);
      this.beforeDomain = settings.vpc ? [role.rolePolicy] : [];
      this.functionRole = role;
      this.functionFor = (domain) => domainFunction(name, args, role, domain, this);
    }
  }

  /**
   * @returns what the stream has to wait for: without it the first deliveries are refused, or get guessed field types
   */
  put(domain: DomainCluster, deliveryRoleArn: pulumi.Output<string>): readonly pulumi.Resource[] {
    const { args } = this;
    const { settings } = args;
    const lambda = this.functionFor(domain);
    const object = (role: string, input: pulumi.Input<AnyObject>, after: readonly pulumi.Resource[] = []) =>
      this.object(role, input, { domain, lambda, after });
    const role = object("role", deliveryRole(args, settings));
    const mapping = object(
      "role-mapping",
      deliveryRoleArn.apply((arn) => deliveryRoleMapping(args, settings, arn)),
      [role],
    );
    const template = object("index-template", indexTemplate(args, settings));
    const retention = object("retention", retentionPolicy(args, settings));
    object("saved-objects", savedObjects(args, { ...settings, isShared: args.sharedFunction !== undefined }));
    if (settings.readers) {
      const reader = object("reader-role", readerRole(args, settings));
      object("reader-role-mapping", readerRoleMapping(args, settings, settings.readers), [reader]);
    }
    this.registerOutputs();
    return [mapping, template, retention];
  }

  private object(
    role: string,
    input: pulumi.Input<AnyObject>,
    use: {
      readonly domain: DomainCluster;
      readonly lambda: aws.lambda.Function;
      readonly after: readonly pulumi.Resource[];
    },
  ): aws.lambda.Invocation {
    const { endpoint, ownDomain } = use.domain;
    const revision = this.args.settings.objectsRevision;
    const invocation = new aws.lambda.Invocation(
      `${this.name}-${role}`,
      {
        functionName: use.lambda.name,
        input: pulumi
          .all([input, endpoint])
          .apply(([object, host]) => JSON.stringify({ ...object, endpoint: host, revision })),
        lifecycleScope: "CRUD",
      },
      { parent: this, dependsOn: [use.lambda, ...use.after], ...this.life(ownDomain, role) },
    );
    invocation.result.apply((text) => tellNotes(text, this));
    return invocation;
  }

  /**
   * A new invocation in an old one's place must not end with the object deleted. What lives in the pipeline's own
   * domain goes with it, so nothing is taken out by a call, but the rights of people, which end when the settings no
   * longer name them; there, in a domain that is shared and in one of others, the old call comes first.
   */
  private life(ownDomain: aws.opensearch.Domain | undefined, role: string): pulumi.CustomResourceOptions {
    if (!ownDomain) return { deleteBeforeReplace: true };
    if (this.args.sharedFunction || role.startsWith("reader-")) {
      return { deletedWith: ownDomain, deleteBeforeReplace: true };
    }
    return { deletedWith: ownDomain, retainOnDelete: true };
  }
}

/** Says at the end of `pulumi up` what the function found in the domain. */
function tellNotes(resultText: string | undefined, resource: pulumi.Resource): void {
  if (!resultText) return;
  const { notes = [] } = JSON.parse(resultText) as DomainCallResult;
  for (const note of notes) {
    void pulumi.log.warn(`${note} Raise objectsRevision to look again.`, resource);
  }
}
