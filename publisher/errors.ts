/** All errors of the publisher that a person can do something about. They are printed as one line, without a stack. */

import { typedCommand } from "../typed/command";

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

/** @param cause names the file, as the system does */
export const noUnsentFile = (cause: unknown): PublisherError =>
  wrongUsage("--unsent", oneLine(cause), "a file that is not there yet, in a folder that can be written");

/** The same when something is to be kept by now. @param cause names the file, as the system does */
export const cannotKeep = (cause: unknown): PublisherError =>
  new PublisherError(
    `stopped: records that were not accepted cannot be kept: ${oneLine(cause)}; ` +
      "make room, or name another file with --unsent, and send the input again",
  );

export const noJsonText = (why: string): Error => new Error(`is no JSON: ${why}`);

/** @param command what unpacks it to standard output */
export const packedOtherwise = (name: string, command: string): Error =>
  new Error(
    `is ${name}, and gzip and zstd are read: ${command} FILE | ${typedCommand("publish", "--file -")}`,
  );

export const isParquet = (): Error =>
  new Error("is Parquet, and lines, gzip and zstd are read: have the logs delivered as text");

export const noObjects = (url: string): PublisherError =>
  new PublisherError(
    `${url}: no object is there; allowed: s3://bucket or s3://bucket/prefix with objects below it, the prefix as it stands in their keys`,
    exitCodes.usage,
  );

/** An object of a bucket that was overwritten between two parts of it. */
export const objectChanged = (bytes: number): Error =>
  new Error(`was written anew after its first ${bytes} bytes had been read`);

export const objectGone = (): Error => new Error("is gone since it was listed");

export const objectCut = (bytes: number, of: number): Error =>
  withCode(`the answer ended after ${bytes} of ${of} bytes`, "ECONNRESET");

export const trailingBytes = (place: number): Error =>
  new Error(`behind the compressed data, from byte ${place} on, stands something else`);

export const cannotDecode = (encoding: string): Error =>
  new Error(
    `is ${encoding}, and UTF-8 and UTF-16 are read: iconv -f ${encoding} -t UTF-8 FILE | ${typedCommand("publish", "--file -")}`,
  );

export const cannotContinue = (path: string, cause: unknown): PublisherError =>
  new PublisherError(
    `--continue ${path}: ${oneLine(cause)}; allowed: the file that an interrupted ${typedCommand("publish")} has named`,
    exitCodes.usage,
  );

export const noFile = (): Error => new Error("is no file, and only files can be followed");

export const wrongState = (file: string): PublisherError =>
  new PublisherError(
    `${file} is no file of places that files were sent to; remove it to send them from their begin, or name another folder with --data`,
    exitCodes.usage,
  );

export const noLocalRun = (file: string): PublisherError =>
  new PublisherError(
    `no local run of this project is up (looked at ${file}); start one with ${typedCommand("start")}, or leave --local out`,
    exitCodes.usage,
  );

export const severalStreams = (names: readonly string[]): PublisherError =>
  new PublisherError(
    `the local run has several streams: ${names.join(", ")}; choose one with --stream NAME`,
    exitCodes.usage,
  );

/** @param file of the local run that was looked for; undefined where none was to be taken */
export const noTarget = (stack: string, cause: string, file: string | undefined): PublisherError => {
  const run = file === undefined ? "" : `no local run is up (looked at ${file}), `;
  const start = file === undefined ? "" : `start a local run with ${typedCommand("start")}, `;
  return new PublisherError(
    `no target: no --stream, ${run}and the outputs of stack ${stack} could not be read (${cause}); ` +
      `${start}name a stream with --stream, or deploy the stack`,
    exitCodes.usage,
  );
};

/** Ends in the brackets of {@link noTarget}. */
export const pulumiMissing = (): Error => new Error("the command pulumi is not installed");

/** @param cause as the SDK says it, which does not always name the profile */
export const noCredentials = (cause: unknown): PublisherError => {
  const profile = process.env["AWS_PROFILE"];
  const said = oneLine(cause instanceof Error ? cause.message : cause).replace(/\.$/, "");
  const tried = profile ? ` (AWS_PROFILE is ${profile})` : "";
  return new PublisherError(
    `no credentials for AWS${tried}: ${said}; log in (aws sso login, aws configure), ` +
      "choose another AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  );
};

export const wrongArn = (arn: string): PublisherError =>
  wrongUsage("--stream", arn, "a stream name, or arn:aws:firehose:<region>:<account>:deliverystream/<name>");

/** The first line of an error's text, with the error's name where the text does not have it. */
export function oneLine(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause).split("\n")[0] ?? "";
  const name = String(cause.name);
  const text = String(cause.message || codeOf(cause) || name).split("\n")[0] ?? "";
  return name === "Error" || cause instanceof PublisherError || text.includes(name)
    ? text
    : `${name}: ${text}`;
}

/** Node's error code, such as `ECONNRESET`; an AggregateError (several addresses tried) has the first one's. */
export function codeOf(cause: unknown): string | undefined {
  const error = cause as { code?: unknown; errors?: unknown[] } | undefined;
  if (typeof error?.code === "string") return error.code;
  return error?.errors?.length ? codeOf(error.errors[0]) : undefined;
}

/** An error of the wire, with the code by which failures.ts tells what it means for the records. */
export const withCode = (message: string, code: string): Error => Object.assign(new Error(message), { code });

/** What answers is no HTTP server, or one that does not end. */
export const notHttp = (what: string): Error => withCode(`the answer is no HTTP: ${what}`, "ECONNRESET");

export const tooLongAnswer = (limitBytes: number): Error =>
  new Error(`the answer has more than ${limitBytes} bytes`);

export const notJson = (text: string): Error =>
  new Error(`the answer is no JSON object, it begins with ${JSON.stringify(text.slice(0, 80))}`);

/** @param who such as `the domain` */
export const refusedBy = (who: string, status: number, begin: string): Error =>
  new Error(`${who} answers ${status}: ${begin}`);

/** A 200 without a word about each document. */
export const noOutcome = (who: string, documents: number): Error =>
  new Error(`${who} answers 200 and does not say what became of the ${documents} documents: no bulk answer`);

export const replayRuns = (pid: number, lock: string): PublisherError =>
  new PublisherError(
    `process ${pid} is sending these records again already: wait for its end; if it is no replay, remove ${lock}`,
  );

export const takesNoDocuments = (url: string): Error =>
  new Error(
    `the local run at ${url} takes no documents itself: name the OpenSearch that it delivers to with --documents-to URL`,
  );

/** A refusal that is not in the service's words, a proxy's page for example. @param name the error's, where it has one */
export const noServiceError = (httpStatusCode: number, begin: string, name?: string): Error =>
  Object.assign(new Error(`the endpoint answers ${httpStatusCode} and ${begin}`), {
    $metadata: { httpStatusCode },
    ...(name && { name }),
  });

/** Code of {@link notAnAnswer}. */
export const noAnswerCode = "NO_ANSWER";

/** A server said 200 and did not say what became of the records. */
export const notAnAnswer = (got: string): Error =>
  withCode(
    `the server's answer is none to PutRecordBatch: ${got}; is the endpoint a Firehose?`,
    noAnswerCode,
  );

/**
 * Text of others as it may stand on a terminal: control characters (escape sequences move the cursor and hide lines) and
 * marks that turn the direction of writing are written out, `\\u001b`. Line breaks and tabs stay.
 */
export const printable = (text: string): string => text.replace(unprintable, escaped);

/** JSON for machines that may end on a terminal: the same characters, by JSON's own escapes. */
export const jsonLine = (value: unknown): string =>
  `${JSON.stringify(value).replace(unprintable, escaped)}\n`;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
