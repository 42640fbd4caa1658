/**
 * Names on AWS that a program's components take. Two of one name would meet half-way through a deployment: AWS refuses the
 * second, or, in a domain, the second takes the place of the first without a word.
 */
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "./names";
import type { DomainSettings, Settings } from "./settings";
import type { ValueReader } from "./value-reader";

export interface OwnName {
  /** Argument by which another one is chosen. */
  readonly key: "baseName" | "streamName" | "indexName";
  /** What may have one name once in an account's region, such as `stream`. */
  readonly kind: string;
  readonly name: string;
  /** What to do where another component has it. */
  readonly allowed: string;
  /** @default equal names meet */
  readonly meets?: (one: string, other: string) => boolean;
}

interface Taken extends OwnName {
  /** Such as `the pipeline web`. */
  readonly owner: string;
  readonly provider: pulumi.ProviderResource | undefined;
  place: pulumi.Output<Place> | undefined;
}

/** Of each stack, as one process may run several; where there is none, as in tests with mocks, names are nobody's. */
const takenIn = new WeakMap<object, Taken[]>();

export class OwnNames {
  private readonly taken: readonly Taken[];
  /** Those of the same names, by what was there before; one provider is one place, another one may be. */
  private readonly rivals: readonly { readonly own: Taken; readonly other: Taken }[];

  constructor(component: pulumi.Resource, owner: string, names: readonly OwnName[]) {
    const stack = pulumi.runtime.getStackResource();
    const before = (stack && takenIn.get(stack)) ?? [];
    const provider = component.getProvider("aws:index:x");
    this.taken = names.map((one) => ({ ...one, owner, provider, place: undefined }));
    this.rivals = this.taken.flatMap((own) => before.filter(areOne(own)).map((other) => ({ own, other })));
    if (stack) takenIn.set(stack, [...before, ...this.taken]);
  }

  /**
   * Notes each name that another component has in the same place.
   * @param told what is said already
   */
  refuse(read: ValueReader, told?: OwnName["key"]): void {
    const here = this.rivals.filter(({ own, other }) => own.provider === other.provider && own.key !== told);
    for (const { own, other } of onePerKey(here)) noteIn(read, own, other);
  }

  /**
   * Looks at what components with other providers have, once it is known where they are. Nothing hangs on the answer: what
   * did would fail too, each resource with words of its own.
   */
  refuseIn(place: pulumi.Output<Place>, read: ValueReader): void {
    for (const one of this.taken) one.place = place;
    const elsewhere = this.rivals.filter(({ own, other }) => own.provider !== other.provider && other.place);
    if (elsewhere.length === 0) return;
    pulumi.all([place, elsewhere.map(({ other }) => other.place!)]).apply(([here, places]) => {
      const met = elsewhere.filter((_, i) => isSame(here, places[i]!));
      for (const { own, other } of onePerKey(met)) noteIn(read, own, other);
      read.stop();
    });
  }
}

const areOne =
  (own: OwnName) =>
  (other: OwnName): boolean =>
    own.kind === other.kind && (own.meets?.(own.name, other.name) ?? own.name === other.name);

const isSame = (one: Place, other: Place): boolean =>
  one.accountId === other.accountId && one.region === other.region;

/** What is named by one argument is mended by one change. */
const onePerKey = <T extends { readonly own: OwnName }>(rivals: readonly T[]): T[] => [
  ...new Map([...rivals].reverse().map((one) => [one.own.key, one])).values(),
];

const noteIn = (read: ValueReader, own: OwnName, other: Taken): void =>
  void read.wrong(
    own.key,
    own.name,
    `${own.allowed}; ${other.owner} has ${other.name === own.name ? "this one" : other.name}`,
    0,
  );

const ownStart =
  "a start of names of its own in the region, as names on AWS know no parents (without one, project, stack and component make it)";

/** What a domain is called, and the function that prepares it; of one that is there, that function alone. */
export const domainName = (baseName: string): OwnName => ({
  key: "baseName",
  kind: "domain",
  name: baseName,
  allowed: ownStart,
});

/** @param settings with those of the domain, be it given or the pipeline's own */
export function pipelineNames(settings: Settings, hasOwnDomain: boolean): OwnName[] {
  const { baseName, streamName, indexName, existingDomain } = settings;
  const names: OwnName[] = [{ key: "baseName", kind: "pipeline", name: baseName, allowed: ownStart }];
  if (hasOwnDomain) names.push(domainName(baseName));
  names.push({
    key: streamName === baseName ? "baseName" : "streamName",
    kind: "stream",
    name: streamName,
    allowed: streamName === baseName ? ownStart : "a name of its own in the region",
  });
  if (existingDomain) names.push(indicesIn(existingDomain, indexName));
  return names;
}

/** Several components may name one domain that is there. */
const indicesIn = ({ name }: NonNullable<DomainSettings["existingDomain"]>, indexName: string): OwnName => ({
  key: "indexName",
  kind: `indices in ${name}`,
  name: indexName,
  allowed: `a name of its own in the domain ${name}, as patterns know no more than the start of a name`,
  meets: patternsMeet,
});

/** Whether the pattern of what one makes matches what the other makes: `web` and `web-2024`, not `web-errors`. */
export const patternsMeet = (one: string, other: string): boolean =>
  one === other || one.startsWith(`${other}-20`) || other.startsWith(`${one}-20`);
