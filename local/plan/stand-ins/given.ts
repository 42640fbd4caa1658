/** What the person says in AWS's place: `--stand-in NAME=JSON`. */
import { badStandIn } from "../../errors";

// biome-ignore lint/suspicious/noExplicitAny: outputs of whatever it stands in for
type Outputs = Record<string, any>;

export class Given {
  private readonly values = new Map<string, Outputs>();
  private readonly asked = new Set<string>();

  /** @throws UserError for a text that is not NAME=JSON with an object */
  constructor(texts: readonly string[]) {
    for (const text of texts) {
      const [, name, json] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (name === undefined) throw badStandIn(text, "it has no NAME= at its start");
      const value = parse(text, json!);
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw badStandIn(text, "its value is no JSON object");
      }
      this.values.set(name, { ...this.values.get(name), ...value });
    }
  }

  /** Outputs under the first of these names that has some. */
  of(...names: readonly string[]): Outputs | undefined {
    const name = names.find((one) => this.values.has(one));
    if (name === undefined) return undefined;
    this.asked.add(name);
    return this.values.get(name);
  }

  /** Names that nothing in the program has. */
  unused(): string[] {
    return [...this.values.keys()].filter((name) => !this.asked.has(name));
  }
}

function parse(text: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw badStandIn(text, `its value is no JSON (${(error as Error).message})`);
  }
}
