/** Where the values that a component is given were chosen, and thus how a person chooses others. */
export type Origin = "configuration" | "arguments";

/** Marks arguments that are a stack's configuration. */
export const fromConfiguration = Symbol("from the configuration");

export const originOf = (args: object): Origin => (fromConfiguration in args ? "configuration" : "arguments");

/** The end of a sentence about a value. @param setter the key, or how `pulumi config set` has to name it */
export const chooseAnother = (origin: Origin, setter: string): string =>
  origin === "configuration" ? `Run: pulumi config set ${setter} VALUE` : "Change the argument";

/** What to do so that a value is this one. */
export const choose = (origin: Origin, key: string, value: string): string =>
  origin === "configuration" ? `pulumi config set ${key} ${value}` : `${key}: ${JSON.stringify(value)}`;
