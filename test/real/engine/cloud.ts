/** An AWS account in memory, as a provider of Pulumi's: what is created is there, and AWS's own rules hold. */
import { createHash } from "node:crypto";
import type { Evaluated } from "../../infra/evaluate";
import { refusals } from "../../infra/provider-rules";
import { type AwsType, awsTypes, type Place } from "./aws-types";
import { changesOf } from "./compare";
import { Functions } from "./functions";
import type { Difference, Provider, Subject, Update } from "./provider-server";
import { hasUnknown, unknown, type Values } from "./values";

export interface Thing extends Subject {
  readonly id: string;
  readonly state: Values;
}

export interface Call extends Subject {
  readonly operation: "create" | "update" | "delete";
}

const domainType = "aws:opensearch/domain:Domain";

export class Cloud implements Provider {
  /** What was changed, in this order. A preview changes nothing. */
  readonly calls: Call[] = [];
  /** By type and id. */
  readonly things = new Map<string, Thing>();
  readonly functions = new Functions();
  /** Policies that somebody attached by hand, by their ARN. */
  readonly attachedByHand = new Set<string>();
  /** Where `es:DescribeDomain` is not allowed, nobody tells which version runs. */
  tellsDomains = true;
  /** Functions' network interfaces in subnets that Lambda has yet to take away, by the role that it needs for it. */
  readonly interfaces = new Set<string>();
  private place: Place = { region: "", accountId: "111122223333" };

  async close(): Promise<void> {
    await this.functions.close();
  }

  configure(config: Readonly<Record<string, string>>): void {
    const region = config["aws:config:region"];
    if (region) this.place = { ...this.place, region };
  }

  invoke(token: string, args: Values): Values {
    const { region, accountId } = this.place;
    if (token === "aws:index/getCallerIdentity:getCallerIdentity") {
      return { accountId, id: accountId, arn: `arn:aws:iam::${accountId}:user/me`, userId: "me" };
    }
    if (token === "aws:index/getRegion:getRegion") return { region, id: region, name: region };
    if (token === "aws:index/getPartition:getPartition") return { partition: "aws", id: "aws" };
    if (token === "aws:opensearch/getDomain:getDomain") {
      const found = this.of(domainType, "domainName", args["domainName"]);
      if (!found || !this.tellsDomains)
        throw new Error(`ResourceNotFoundException: Domain not found: ${args["domainName"]}`);
      const { engineVersion, tags = {} } = found.state;
      return { id: found.id, engineVersion, tags };
    }
    if (token === "aws:iam/getRoles:getRoles") {
      const roles = [...this.things.values()].filter(
        ({ type, state }) => type.startsWith("aws:iam/") && state["path"] === args["pathPrefix"],
      );
      return { id: accountId, arns: roles.map(({ state }) => state["arn"]) };
    }
    throw new Error(`The program asks ${token}, to which the account of the tests has no answer.`);
  }

  check({ type, name }: Subject, oldInputs: Values, inputs: Values): Values {
    const { named } = typeOf(type);
    if (!named || inputs[named] !== undefined) return inputs;
    return { ...inputs, [named]: oldInputs[named] ?? madeName(name), __defaults: [named] };
  }

  diff({ type }: Subject, state: Values, oldInputs: Values, inputs: Values): Difference {
    const changes = changesOf(typeOf(type), { state, oldInputs, inputs });
    const { named } = typeOf(type);
    // Two things cannot have one name, so a fixed one has to be free before.
    const fixed = named !== undefined && !inputs["__defaults"]?.includes(named);
    return {
      changes,
      deleteBeforeReplace:
        changes.some(({ replaces }) => replaces) && fixed && inputs[named] === oldInputs[named],
    };
  }

  async create({ type, name }: Subject, inputs: Values, preview: boolean) {
    const rules = typeOf(type);
    if (preview) return { id: "", state: { ...inputs, ...unknownOutputs(rules, inputs, this.place) } };
    if (hasUnknown(inputs)) throw new Error(`${name} is created with a value that is not known yet.`);
    const id = idOf(rules, inputs);
    const key = `${type} ${id}`;
    if (this.things.has(key)) throw new Error(`ResourceAlreadyExists: ${type} ${id}`);
    this.refuse({ type, name }, inputs);
    this.refuseThirdFilter(type, inputs);
    const state = {
      ...(rules.readBack?.(inputs) ?? inputs),
      ...rules.outputs?.(inputs, this.place),
      ...(await this.functions.created({ type, name }, inputs, (fn) => this.functionState(fn))),
    };
    if (type === domainType) await this.functions.openDomain(state);
    this.things.set(key, { type, name, id, state });
    this.calls.push({ operation: "create", type, name });
    return { id, state };
  }

  read({ type }: Subject, id: string, inputs: Values) {
    const state = this.things.get(`${type} ${id}`)?.state;
    if (!state) return undefined;
    return { state, inputs: { ...inputs, ...pick(state, Object.keys(inputs)) } };
  }

  async update({ type, name }: Subject, id: string, change: Update, preview: boolean): Promise<Values> {
    const rules = typeOf(type);
    const { state: before, inputs } = change;
    const renewed = rules.renewed?.(inputs);
    const changed = changesOf(rules, change).map(({ path }) => path.split(/[.[]/)[0]!);
    const renews = renewed !== undefined && changed.some((key) => renewed.by.includes(key));
    const kept = pick(
      before,
      Object.keys(before).filter((key) => !(key in change.oldInputs)),
    );
    if (preview) {
      const open = renews ? Object.fromEntries(renewed.outputs.map((key) => [key, unknown])) : {};
      return { ...kept, ...inputs, ...open };
    }
    if (hasUnknown(inputs)) throw new Error(`${name} is updated with a value that is not known yet.`);
    this.refuse({ type, name }, inputs);
    const state = {
      ...kept,
      ...(rules.readBack?.(inputs) ?? inputs),
      ...(renews ? rules.outputs?.(inputs, this.place, before) : {}),
      ...(renews
        ? await this.functions.updated({ type, name }, inputs, change.oldInputs, (fn) =>
            this.functionState(fn),
          )
        : {}),
    };
    this.things.set(`${type} ${id}`, { type, name, id, state });
    this.calls.push({ operation: "update", type, name });
    return state;
  }

  async delete({ type, name }: Subject, id: string): Promise<void> {
    const key = `${type} ${id}`;
    const thing = this.things.get(key);
    // The provider takes what is gone already as deleted.
    if (!thing) return;
    this.refuseDeletion(thing);
    if (type === "aws:iam/role:Role" && this.of("aws:iam/rolePolicy:RolePolicy", "role", id)) {
      throw new Error(`DeleteConflict: the role ${id} still has a policy.`);
    }
    await this.functions.deleted({ type, name }, thing.state, (fn) => this.functionState(fn));
    if (type === domainType) await this.functions.closeDomain(thing.state);
    this.moveInterfaces(thing);
    this.things.delete(key);
    this.calls.push({ operation: "delete", type, name });
    if (type === "aws:lambda/function:Function") this.forgetInvocations(id);
  }

  private refuseDeletion({ type, state }: Thing): void {
    const isAttached = [...this.things.values()].some(
      (other) =>
        other.type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment" &&
        other.state["policyArn"] === state["arn"],
    );
    if (type === "aws:iam/policy:Policy" && (isAttached || this.attachedByHand.has(state["arn"]))) {
      throw new Error("DeleteConflict: Cannot delete a policy attached to entities.");
    }
  }

  /**
   * Lambda takes a function's interfaces away by the function's role, many minutes after the function is gone; the
   * deletion of a domain takes longer.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
   */
  private moveInterfaces({ type, state }: Thing): void {
    if (type === "aws:lambda/function:Function" && state["vpcConfig"]) {
      this.interfaces.add(state["role"].split("/").at(-1));
    }
    if (type === domainType) this.interfaces.clear();
    if (type === "aws:iam/rolePolicy:RolePolicy" && this.interfaces.has(state["role"])) {
      throw new Error(
        `The network interfaces of a function stay behind: ${state["role"]} has no rights left.`,
      );
    }
  }

  /** Somebody deletes a thing by hand. */
  deleteByHand(type: string, nameEnd = ""): void {
    const { id } = this.one(type, nameEnd);
    this.things.delete(`${type} ${id}`);
  }

  /** An invocation is nothing on AWS: where the engine does not take it out, it goes with its function. */
  private forgetInvocations(functionName: string): void {
    for (const [key, thing] of this.things) {
      const isCall = thing.type === "aws:lambda/invocation:Invocation";
      if (isCall && thing.state["functionName"] === functionName) this.things.delete(key);
    }
  }

  /** A domain that is none of the stack's. */
  async addForeignDomain(
    domainName: string,
    endpoint: string,
    user: string,
    password: string,
  ): Promise<void> {
    const masterUserOptions = { masterUserName: user, masterUserPassword: password };
    const arn = `arn:aws:es:eu-west-1:${this.place.accountId}:domain/${domainName}`;
    const state = { arn, endpoint, advancedSecurityOptions: { masterUserOptions } };
    this.things.set(`foreign domain ${domainName}`, {
      type: domainType,
      name: "foreign",
      id: domainName,
      state,
    });
    await this.functions.openDomain(state);
  }

  /** Somebody changes a thing by hand. */
  drift(type: string, change: (state: Values) => Values): void {
    const [key, thing] = [...this.things].find(([, found]) => found.type === type)!;
    this.things.set(key, { ...thing, state: change(thing.state) });
  }

  /** The one thing of this type, or the one whose name in the program ends so. */
  one(type: string, nameEnd = ""): Thing {
    const found = [...this.things.values()].filter(
      (thing) => thing.type === type && thing.name.endsWith(nameEnd),
    );
    if (found.length !== 1) throw new Error(`${found.length} things ${type} ${nameEnd}`);
    return found[0]!;
  }

  private of(type: string, key: string, value: string): Thing | undefined {
    return [...this.things.values()].find((thing) => thing.type === type && thing.state[key] === value);
  }

  private functionState(name: string): Values {
    const fn = this.of("aws:lambda/function:Function", "name", name);
    if (!fn) throw new Error(`ResourceNotFoundException: Function not found: ${name}`);
    return fn.state;
  }

  /** What the provider and AWS refuse. */
  private refuse({ type, name }: Subject, inputs: Values): void {
    const problems = refusals({ type, name, inputs } as Evaluated);
    if (problems.length > 0) throw new Error(`InvalidArgument: ${problems.join("; ")}`);
    if (type !== "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream") return;
    const { roleArn, domainArn } = inputs["opensearchConfiguration"];
    if (!this.of("aws:iam/rolePolicy:RolePolicy", "role", roleArn.split("/").at(-1))) {
      throw new Error(`InvalidArgumentException: Firehose is unable to assume role ${roleArn}`);
    }
    if (!this.of(domainType, "arn", domainArn)) {
      throw new Error(`InvalidArgumentException: Domain ${domainArn} does not exist`);
    }
  }

  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
  private refuseThirdFilter(type: string, { logGroup }: Values): void {
    const filters = [...this.things.values()].filter(
      (thing) =>
        thing.type === "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter" &&
        thing.type === type &&
        thing.state["logGroup"] === logGroup,
    );
    if (filters.length >= 2) throw new Error(`LimitExceededException: ${logGroup} has two filters.`);
  }
}

function typeOf(type: string): AwsType {
  const known = awsTypes[type];
  if (!known) throw new Error(`The account of the tests does not know ${type}: add it to aws-types.ts.`);
  return known;
}

const idOf = (rules: AwsType, inputs: Values): string => rules.idOf?.(inputs) ?? inputs[rules.named!];

/** As Pulumi makes names: seven characters make them different. */
const madeName = (name: string): string =>
  `${name}-${createHash("sha256").update(`${name} ${Math.random()}`).digest("hex").slice(0, 7)}`;

function unknownOutputs(rules: AwsType, inputs: Values, place: Place): Values {
  const keys = [
    ...Object.keys(rules.outputs?.(inputs, place) ?? {}),
    ...(rules.renewed?.(inputs).outputs ?? []),
  ];
  return Object.fromEntries(keys.map((key) => [key, unknown]));
}

const pick = (from: Values, keys: readonly string[]): Values =>
  Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]));
