/** The stack's configuration as the arguments of its pipeline. Only the program reads it, no component does. */
import * as pulumi from "@pulumi/pulumi";
import type { StreamArgs } from "./component-args";
import { fromConfiguration } from "./origin";
import { settingsOf } from "./read-settings";
import { settingDefaults } from "./settings";
import { ValueReader, type ValueSource } from "./value-reader";

type Key = keyof typeof settingDefaults;

/**
 * @param baseName start of all names where the configuration has none
 * @throws RunError with every problem that the configuration has
 */
export function readSettings(
  baseName: string,
  config = new pulumi.Config(),
): StreamArgs & { readonly [fromConfiguration]: true } {
  const source = new ConfigSource(config);
  const read = new ValueReader(source);
  read.refuseUnknown(Object.keys(settingDefaults));
  settingsOf(read, { baseName, indexName: settingDefaults.indexName, keyStart: "" });
  read.stop();
  const keys = (Object.keys(settingDefaults) as Key[]).filter((key) => source.text(key) !== undefined);
  const args: StreamArgs = Object.fromEntries(
    keys.map((key) => [key, typed(settingDefaults[key], source.text(key)!)]),
  );
  const existingDomainPassword = source.secret("existingDomainPassword");
  return {
    [fromConfiguration]: true,
    baseName,
    indexName: settingDefaults.indexName,
    ...args,
    ...(existingDomainPassword && { existingDomainPassword }),
  };
}

/** The text as what its key's default is. */
function typed(byDefault: unknown, text: string): unknown {
  if (typeof byDefault === "number") return Number(text);
  if (typeof byDefault === "boolean") return text === "true";
  return typeof byDefault === "string" ? text : JSON.parse(text);
}

class ConfigSource implements ValueSource {
  readonly subject: string;
  readonly origin = "configuration";

  constructor(private readonly config: pulumi.Config) {
    this.subject = `The configuration of ${config.name}`;
  }

  keys(): readonly string[] {
    const start = `${this.config.name}:`;
    const all = Object.keys(pulumi.runtime.allConfig());
    return all.filter((key) => key.startsWith(start)).map((key) => key.slice(start.length));
  }

  given(key: string): string | undefined {
    return this.text(key);
  }

  text(key: string): string | undefined {
    return this.config.get(key) || undefined;
  }

  secret(key: string): pulumi.Output<string> | undefined {
    // The default of Pulumi.yaml is a secret too, and an empty one.
    return this.isSet(key) ? this.config.getSecret(key) : undefined;
  }

  isSet(key: string): boolean {
    return Boolean(pulumi.runtime.getConfig(`${this.config.name}:${key}`));
  }

  shown(_key: string, got: string): string {
    return JSON.stringify(got);
  }
}
