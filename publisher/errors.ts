/** All errors of the publisher that a person can do something about. They are printed as one line, without a stack. */

/** Exit codes of the publisher and of replay. */
export const exitCodes = {
  /** All records were accepted. */
  accepted: 0,
  /** Some records were not accepted, or the target could not be reached. */
  notAccepted: 1,
  /** Wrong usage: nothing was tried. */
  usage: 2,
} as const;

export class PublisherError extends Error {
  constructor(
    message: string,
    /** One of {@link exitCodes}. */
    readonly exitCode: number = exitCodes.notAccepted,
  ) {
    super(message);
    this.name = "PublisherError";
  }
}

/** Wrong usage: what, got, allowed. */
export const wrongUsage = (what: string, got: string, allowed: string): PublisherError =>
  new PublisherError(`${what}: got ${got}; allowed: ${allowed}`, exitCodes.usage);

export const cannotRead = (path: string, cause: unknown): PublisherError =>
  new PublisherError(`cannot read ${path}: ${oneLine(cause)}; nothing of it was sent`, exitCodes.usage);

export const noLocalRun = (file: string): PublisherError =>
  new PublisherError(
    `no local run of this project is up (looked at ${file}); start one with npm start, or leave --local away`,
    exitCodes.usage,
  );

export const noTarget = (stack: string, cause: string): PublisherError =>
  new PublisherError(
    `no target: no --stream, no local run is up, and the outputs of stack ${stack} could not be read (${cause}); ` +
      "start a local run with npm start, name a stream with --stream, or deploy the stack",
    exitCodes.usage,
  );

export const wrongArn = (arn: string): PublisherError =>
  wrongUsage("--stream", arn, "a stream name, or arn:aws:firehose:<region>:<account>:deliverystream/<name>");

/** The first line of an error's text, with the error's name where the text does not have it. */
export function oneLine(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause).split("\n")[0] ?? "";
  const text = (cause.message || codeOf(cause) || cause.name).split("\n")[0] ?? "";
  return cause.name === "Error" || text.includes(cause.name) ? text : `${cause.name}: ${text}`;
}

/** Node's error code, such as `ECONNRESET`; an AggregateError (several addresses tried) has the first one's. */
export function codeOf(cause: unknown): string | undefined {
  const error = cause as { code?: unknown; errors?: unknown[] } | undefined;
  if (typeof error?.code === "string") return error.code;
  return error?.errors?.length ? codeOf(error.errors[0]) : undefined;
}
