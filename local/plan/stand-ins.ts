/** Stands in for AWS while a program is evaluated: names, ARNs and addresses, no more. */
import type { runtime } from "@pulumi/pulumi";
import { unanswered } from "../errors";
import { answerOf } from "./stand-ins/answers";
import type { Given } from "./stand-ins/given";
import type { Placeholders } from "./stand-ins/placeholders";
import { stateOf } from "./stand-ins/states";

export { accountId } from "./stand-ins/names";

// biome-ignore lint/suspicious/noExplicitAny: inputs have the shape of their resource type
type Values = Record<string, any>;

export interface EvaluatedResource {
  readonly type: string;
  readonly name: string;
  /** Secrets as what they hide. */
  readonly inputs: Values;
  readonly state: Values;
  /** False: a component, which is made of others. */
  readonly custom?: boolean | undefined;
}

export interface StandInsOptions {
  readonly region: string;
  readonly given: Given;
  readonly placeholders: Placeholders;
}

export class StandIns implements runtime.Mocks {
  /** Every resource that the program made. */
  readonly resources: EvaluatedResource[] = [];
  /** Sentences about questions that nobody could answer, each once. */
  readonly unanswered = new Set<string>();
  /** Regions of the program's own providers, by their name. */
  private readonly regions = new Map<string, string>();

  constructor(private readonly options: StandInsOptions) {}

  newResource({ type, name, inputs, id, custom, provider }: runtime.MockResourceArgs): {
    id: string;
    state: Values;
  } {
    const { given } = this.options;
    const plain = withoutSecrets(inputs) as Values;
    if (type === "pulumi:providers:aws" && typeof plain["region"] === "string") {
      this.regions.set(name, plain["region"]);
    }
    if (type === "pulumi:pulumi:StackReference") {
      const stack = String(plain["name"] ?? id ?? name);
      const outputs = given.of(stack, name) ?? {};
      return { id: stack, state: { name: stack, outputs, secretOutputNames: [] } };
    }
    const region = this.regionOf(provider, plain);
    // Of a resource that is only read, its id is all that the program says.
    const named = id ? { ...plain, id } : plain;
    const made = stateOf({ type, name: id || name, inputs: named, region });
    const own = given.of(name) ?? {};
    const state = { ...made.state, ...own };
    this.resources.push({ type, name, inputs: plain, state: withoutSecrets(state) as Values, custom });
    return { id: String(own["id"] ?? (id || made.id)), state: { ...state, ...secretsOf(inputs, own) } };
  }

  call({ token, inputs, provider }: runtime.MockCallArgs): Values {
    const { given, placeholders } = this.options;
    const asked = withoutSecrets(inputs) as Values;
    const region = this.regionOf(provider, asked);
    const short = token.split(":").at(-1)!;
    const own = given.of(token, short);
    const known = answerOf(token, {
      inputs: asked,
      region,
      placeholder: (what, field) => placeholders.of(what, `--stand-in '${token}={"${field}": …}'`),
    });
    if (own) return { ...(known ?? asked), ...own };
    if (known) return known;
    const text = unanswered(token, asked);
    this.unanswered.add(text);
    // Pulumi hands on the details alone.
    throw Object.assign(new Error(text), { details: text });
  }

  /** @param provider `urn:…::NAME::ID` of one that the program made; none for the default one */
  private regionOf(provider: string | undefined, inputs: Values): string {
    const own = provider?.split("::").at(-2) ?? "";
    return typeof inputs["region"] === "string" && inputs["region"] !== ""
      ? inputs["region"]
      : (this.regions.get(own) ?? this.options.region);
  }
}

const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

const isSecret = (value: unknown): value is { readonly value: unknown } =>
  typeof value === "object" && value !== null && (value as Values)[signature] === secretSignature;

/** A secret on its way to a provider is marked; here it is what it hides. */
function withoutSecrets(value: unknown): unknown {
  if (isSecret(value)) return withoutSecrets(value.value);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutSecrets(part)]));
}

/** What goes in as a secret comes out as one. */
const secretsOf = (inputs: Values, given: Values): Values =>
  Object.fromEntries(Object.entries(inputs).filter(([key, value]) => !(key in given) && isSecret(value)));
