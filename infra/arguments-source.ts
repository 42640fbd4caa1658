/** The arguments of a component, read as the stack's configuration is: one set of rules for both. */
import * as pulumi from "@pulumi/pulumi";
import { type Origin, originOf } from "./origin";
import type { ValueSource } from "./value-reader";

export class ArgumentsSource implements ValueSource {
  readonly subject: string;
  readonly origin: Origin;
  private readonly args: Readonly<Record<string, unknown>>;

  /** @param owner such as `The pipeline web` */
  constructor(owner: string, args: object) {
    this.subject = owner;
    this.origin = originOf(args);
    this.args = args as Readonly<Record<string, unknown>>;
  }

  keys(): readonly string[] {
    return Object.keys(this.args).filter((key) => this.args[key] !== undefined);
  }

  given(key: string): unknown {
    return this.args[key] ?? undefined;
  }

  text(key: string): string | undefined {
    if (!this.isSet(key)) return undefined;
    const value = this.args[key];
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  }

  secret(key: string): pulumi.Output<string> | undefined {
    return this.isSet(key) ? pulumi.secret(this.args[key] as pulumi.Input<string>) : undefined;
  }

  isSet(key: string): boolean {
    return (this.args[key] ?? "") !== "";
  }

  shown(key: string, got: string): string {
    return typeof this.args[key] === "number" ? got : JSON.stringify(got);
  }
}
