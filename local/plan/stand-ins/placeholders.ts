/**
 * Outputs that the program alone cannot say: those of other stacks, and of resources whose code is the program's own
 * (dynamic providers, which are never run here). A text that names it stands in for each that is asked for.
 */
import type * as PulumiModule from "@pulumi/pulumi";

export class Placeholders {
  private readonly told = new Map<string, string>();

  /**
   * @param what such as "the output vpcId of the stack acme/network/dev"
   * @param how how it is given, such as `--stand-in acme/network/dev={"vpcId":…}`
   */
  of(what: string, how: string): string {
    this.told.set(what, `${what} is not known here; a placeholder stands in for it. Give it: ${how}`);
    return `placeholder-of-${what.replace(/^the /, "").replace(/[^\w.-]+/g, "-")}`;
  }

  get notes(): string[] {
    return [...this.told.values()];
  }
}

type Outputs = Readonly<Record<string, unknown>>;

/** Makes the program's Pulumi give placeholders. Called once, before the program runs. */
export function givePlaceholders(pulumi: typeof PulumiModule, placeholders: Placeholders): void {
  const outputs = Symbol("outputs");
  Object.defineProperty(pulumi.StackReference.prototype, "outputs", {
    get(this: Record<symbol, unknown>) {
      return this[outputs];
    },
    // Pulumi sets it for each reference, when it makes it.
    set(
      this: Record<symbol, unknown> & { readonly name: PulumiModule.Output<string> },
      value: PulumiModule.Output<Outputs>,
    ) {
      this[outputs] = pulumi
        .all([value, this.name])
        .apply(([known, stack]) => withPlaceholders(known ?? {}, stack, placeholders));
    },
  });
  // Pulumi's own would copy what is known, and ask the copy.
  const getOutput = function (this: PulumiModule.StackReference, name: PulumiModule.Input<string>) {
    return pulumi.output(name).apply((key) => this.outputs.apply((all: Record<string, unknown>) => all[key]));
  };
  Object.assign(pulumi.StackReference.prototype, { getOutput, requireOutput: getOutput });
  const dynamic = pulumi.dynamic as { Resource: typeof pulumi.dynamic.Resource };
  dynamic.Resource = new Proxy(dynamic.Resource, {
    construct(resource, [provider, name, props, ...more], newTarget) {
      const named = Object.entries(props as Outputs).map(([key, value]) => [
        key,
        value === undefined
          ? placeholders.of(`the output ${key} of ${name}`, `--stand-in '${name}={"${key}": …}'`)
          : value,
      ]);
      return Reflect.construct(
        resource,
        [provider, name, Object.fromEntries(named), ...more],
        newTarget,
      ) as object;
    },
  });
}

/** Every output has a value. */
function withPlaceholders(known: Outputs, stack: string, placeholders: Placeholders): Outputs {
  const isUnknown = (key: string | symbol): key is string =>
    typeof key === "string" && !(key in known) && key !== "then" && key !== "toJSON" && !key.startsWith("__");
  return new Proxy(known, {
    get: (target, key) =>
      isUnknown(key)
        ? placeholders.of(`the output ${key} of the stack ${stack}`, `--stand-in '${stack}={"${key}": …}'`)
        : Reflect.get(target, key),
  });
}
