/** How one configuration value is read: text in, a value or the sentence that says what is allowed out. */
import { type Config, RunError, runtime } from "@pulumi/pulumi";

/** Finds all problems before it stops, so that one run of the program tells them all. */
export class ConfigReader {
  private readonly problems: string[] = [];

  constructor(private readonly config: Pick<Config, "get" | "name">) {}

  /** The value as text; an empty one counts as not set. */
  text(key: string, fallback: string): string {
    return this.config.get(key) || fallback;
  }

  /** Whether there is a value, be it a secret. */
  isSet(key: string): boolean {
    return Boolean(runtime.getConfig(`${this.config.name}:${key}`));
  }

  oneOf<T extends string>(key: string, fallback: T, allowed: readonly T[]): T {
    const got = this.text(key, fallback);
    const found = allowed.find((value) => value === got);
    return found ?? this.wrong(key, got, `one of ${allowed.join(", ")}`, fallback);
  }

  /** A whole number of `unit`, `min` to `max`. */
  integer(key: string, fallback: number, min: number, max: number, unit: string): number {
    const got = this.text(key, String(fallback));
    const value = Number(got);
    if (/^-?\d+$/.test(got) && value >= min && value <= max) return value;
    return this.wrong(key, got, `a whole number of ${unit}, ${min} to ${max}`, fallback);
  }

  flag(key: string, fallback: boolean): boolean {
    return this.oneOf(key, String(fallback), ["true", "false"]) === "true";
  }

  /** A list of texts, as `pulumi config set --path 'key[0]' value` writes it. */
  list(key: string, fallback: readonly string[]): readonly string[] {
    const got = this.config.get(key);
    if (!got) return fallback;
    try {
      const value: unknown = JSON.parse(got);
      if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value as string[];
    } catch {
      // The sentence below says what a list looks like.
    }
    return this.wrong(key, got, "a list of texts", fallback, `--path '${key}[0]'`);
  }

  /** Text that `problemOf` has nothing against; it answers with what is allowed. */
  checked(key: string, fallback: string, problemOf: (value: string) => string | undefined): string {
    const got = this.text(key, fallback);
    const problem = problemOf(got);
    return problem === undefined ? got : this.wrong(key, got, problem, fallback);
  }

  /** Notes a problem and goes on with `instead`; {@link stop} ends the program. */
  wrong<T>(key: string, got: string, allowed: string, instead: T, setter: string = key): T {
    this.problems.push(
      `  ${key} is ${JSON.stringify(got)}; allowed: ${allowed}. Run: pulumi config set ${setter} VALUE`,
    );
    return instead;
  }

  /** One error for all problems, which Pulumi shows without a stack; returns where there are none. */
  stop(): void {
    if (this.problems.length === 0) return;
    throw new RunError(
      `The configuration of ${this.config.name} has ${this.problems.length === 1 ? "a problem" : `${this.problems.length} problems`}, nothing was changed:\n${this.problems.join("\n")}`,
    );
  }
}
