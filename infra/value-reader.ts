/** How one value is read: text in, a value or the sentence that says what is allowed out. */
import { type Input, Output, output, RunError } from "@pulumi/pulumi";
import { nearestName } from "../typed/nearest-name";
import { chooseAnother, type Origin } from "./origin";

/** Where values come from: the stack's configuration, or the arguments of a component. */
export interface ValueSource {
  /** What has the problems, such as `The configuration of web`. */
  readonly subject: string;
  readonly origin: Origin;
  /** All that is given. */
  keys(): readonly string[];
  /** As it was given, be it a function; undefined where nothing was. */
  given(key: string): unknown;
  /** The value as text, undefined where there is none; an empty one counts as none. */
  text(key: string): string | undefined;
  /** The value where it is to be kept from the eyes. */
  secret(key: string): Output<string> | undefined;
  isSet(key: string): boolean;
  /** How a person sees the value. */
  shown(key: string, got: string): string;
}

const isLater = (value: unknown): value is Output<string> | Promise<string> =>
  Output.isInstance(value) || value instanceof Promise;

/** Finds all problems before it stops, so that one run of the program tells them all. */
export class ValueReader {
  private readonly problems: string[] = [];

  constructor(private readonly source: ValueSource) {}

  get origin(): Origin {
    return this.source.origin;
  }

  given(key: string): unknown {
    return this.source.given(key);
  }

  /**
   * Notes each name that nothing is read from: its value would be as if it were not there.
   * @param elsewhere names that have their place in another component, and where that is
   */
  refuseUnknown(known: readonly string[], elsewhere: Readonly<Record<string, string>> = {}): void {
    for (const key of this.source.keys().filter((one) => !known.includes(one))) {
      const place = Object.hasOwn(elsewhere, key) ? elsewhere[key] : undefined;
      const nearest = nearestName(key, known);
      const advice = place ?? (nearest ? `did you mean ${nearest}?` : `there are ${known.join(", ")}`);
      const isArgument = this.origin === "arguments";
      // Without the value: nobody knows whether it is a secret.
      this.problems.push(
        isArgument
          ? `  ${key} is no argument here; ${advice}`
          : `  ${key} is no setting; ${advice} Run: pulumi config rm ${key}`,
      );
    }
  }

  text(key: string, fallback: string): string {
    return this.source.text(key) ?? fallback;
  }

  /** Whether there is a value, be it a secret. */
  isSet(key: string): boolean {
    return this.source.isSet(key);
  }

  secret(key: string): Output<string> | undefined {
    return this.source.secret(key);
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
    const got = this.source.text(key);
    if (!got) return fallback;
    try {
      const value: unknown = JSON.parse(got);
      if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value as string[];
    } catch {
      // The sentence below says what a list looks like.
    }
    return this.wrong(key, got, "a list of texts", fallback, `--path '${key}[0]'`);
  }

  /** As {@link list}, none where it is not given; texts in it may be known only while the program is deployed. */
  inputList(key: string): readonly Input<string>[] {
    const given = this.source.given(key);
    if (Array.isArray(given) && given.some(isLater)) return given as Input<string>[];
    return this.list(key, []);
  }

  /** As {@link inputList}; the list itself may be known only while the program is deployed. */
  inputs(key: string): Input<readonly Input<string>[]> {
    const given = this.source.given(key);
    return isLater(given) ? (given as unknown as Output<string[]>) : this.inputList(key);
  }

  /** Text that `problemOf` has nothing against; it answers with what is allowed. */
  checked(key: string, fallback: string, problemOf: (value: string) => string | undefined): string {
    const got = this.text(key, fallback);
    const problem = problemOf(got);
    return problem === undefined ? got : this.wrong(key, got, problem, fallback);
  }

  /** As {@link checked}; what is known only while the program is deployed is looked at then. */
  checkedInput(key: string, problemOf: (value: string) => string | undefined): Input<string> {
    const given = this.source.given(key);
    if (!isLater(given)) return this.checked(key, "", problemOf);
    return output(given).apply((value) => {
      const problem = problemOf(value);
      if (problem !== undefined) throw this.error([this.sentence(key, value, problem, key)]);
      return value;
    });
  }

  /** Notes a problem and goes on with `instead`; {@link stop} ends the program. */
  wrong<T>(key: string, got: string, allowed: string, instead: T, setter: string = key): T {
    this.problems.push(this.sentence(key, got, allowed, setter));
    return instead;
  }

  /** One error for all problems, which Pulumi shows without a stack; returns where there are none. */
  stop(): void {
    if (this.problems.length > 0) throw this.error(this.problems);
  }

  private sentence(key: string, got: string, allowed: string, setter: string): string {
    return `  ${key} is ${this.source.shown(key, got)}; allowed: ${allowed}. ${chooseAnother(this.origin, setter)}`;
  }

  private error(problems: readonly string[]): RunError {
    const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    return new RunError(`${this.source.subject} has ${count}, nothing was changed:\n${problems.join("\n")}`);
  }
}
