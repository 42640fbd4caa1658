/** Every error of the local run that a person is meant to read is born here. */

import { plainText } from "./plain-text";

/** A mistake or a circumstance that the user can mend: printed as one line, without a stack. */
export class UserError extends Error {
  /** What the command ends with: 2 where something was typed that cannot be, 1 for other circumstances. */
  readonly exitCode: number;

  constructor(message: string, options: { cause?: unknown; exitCode?: number } = {}) {
    super(message, options);
    this.name = "UserError";
    this.exitCode = options.exitCode ?? 1;
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | undefined)?.code;
const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Where a server wants to listen. */
export interface Listening {
  /** Such as "Firehose endpoint". */
  readonly what: string;
  readonly port: number;
  /** The flag that sets the port. */
  readonly flag: string;
  readonly host: string | undefined;
}

/** Why a server cannot listen there; an error of another kind comes back as it is. */
export function cannotListen({ what, port, flag, host }: Listening, cause: unknown): unknown {
  const usage = { cause, exitCode: 2 };
  switch (codeOf(cause)) {
    case "EADDRINUSE":
      return new UserError(
        `${what}: port ${port} is in use. Stop the program that has it, or take another: ${flag} PORT (0 = any free one).`,
        { cause },
      );
    case "EACCES":
    case "EPERM":
      return new UserError(
        `${what}: port ${port} may be opened by the system's administrator only. Take one from 1024 to 65535: ${flag} PORT (0 = any free one).`,
        usage,
      );
    case "EADDRNOTAVAIL":
    case "EAFNOSUPPORT":
    case "EINVAL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new UserError(
        `--host ${plainText(host ?? "")} is no address of this machine. Leave it out for 127.0.0.1, or take 0.0.0.0 for all of its addresses.`,
        usage,
      );
    default:
      return cause;
  }
}

export function folderInUse(folder: string): UserError {
  return new UserError(
    `The data folder ${folder} is in use by another run. Stop that run, or take another folder: --data DIR.`,
  );
}

export function folderNotWritable(folder: string, cause: unknown): UserError {
  return new UserError(
    `The data folder ${folder} cannot be written (${textOf(cause)}). Mend its rights, or take another folder: --data DIR.`,
    { cause, exitCode: 2 },
  );
}

export function wrongKind(path: string, got: string, wanted: string): UserError {
  return new UserError(
    `${path} is ${got}; a run keeps a ${wanted} there. Move it away, or take another folder: --data DIR.`,
    { exitCode: 2 },
  );
}

export function lockIsGarbage(path: string): UserError {
  return new UserError(
    `${path} is no lock of a run. Delete it if no run uses this folder, or take another folder: --data DIR.`,
    { exitCode: 2 },
  );
}

export function streamsFileWrong(file: string): UserError {
  return new UserError(
    `${file} does not say which stream has which folder. Mend it, such as {"web": ".", "orders": "streams/orders"}, or take another folder: --data DIR.`,
    { exitCode: 2 },
  );
}

export function otherDestination(streamName: string, folder: string): UserError {
  return new UserError(
    `The stream ${streamName} delivered to another kind of destination when ${folder} was used last. Move the folder away, or take another one: --data DIR.`,
    { exitCode: 2 },
  );
}

export function cannotOpen(file: string, cause: unknown): UserError {
  return new UserError(
    `${file} cannot be opened (${textOf(cause)}). Move it away, or take another folder: --data DIR.`,
    { cause, exitCode: 2 },
  );
}

export function remoteAddressWrong(got: string): UserError {
  return new UserError(
    `--opensearch ${plainText(got)} is no address. Expected http://HOST:PORT or https://USER:PASSWORD@HOST:PORT.`,
    { exitCode: 2 },
  );
}

export function remoteAway(origin: string, why: string): UserError {
  return new UserError(
    `Nobody answers at ${origin} (${plainText(why)}). Start the OpenSearch there, or leave --opensearch out to use the embedded index.`,
  );
}

export function remoteRefused(origin: string, object: string, why: string): UserError {
  return new UserError(`${origin} did not take ${object}: ${plainText(why)}`);
}

export function dataFolderGone(): UserError {
  return new UserError(
    "The data folder was removed or replaced below this run, so nothing is taken any more. Stop this run and start again.",
  );
}

/** The local index is in a module of Node that earlier ones lack or have unfinished. */
export function oldNode(version: string): UserError {
  return new UserError(
    `This is Node ${version}; a local run needs 24. The package "node" brings it: npm rebuild node, then run the tests through npx or npm.`,
    { exitCode: 2 },
  );
}

export function noProject(folder: string): UserError {
  return new UserError(`${folder} has no Pulumi.yaml. Name the folder of a Pulumi program: --program DIR.`, {
    exitCode: 2,
  });
}

export function otherRuntime(file: string, runtime: unknown): UserError {
  const got = typeof runtime === "string" ? runtime : (JSON.stringify(runtime) ?? "missing");
  return new UserError(
    `${file}: the program's runtime is ${got}. Allowed here: nodejs, in TypeScript or JavaScript.`,
  );
}

export function programMissing(path: string): UserError {
  return new UserError(
    `${path}, the \`main\` of Pulumi.yaml, is not there. Build the program first, or mend \`main\`.`,
  );
}

export function noPulumi(folder: string): UserError {
  return new UserError(
    `@pulumi/pulumi is not installed for the program in ${folder}. Run \`npm install\` there.`,
  );
}

export function cannotRead(file: string, cause: unknown): UserError {
  return new UserError(`${file} cannot be read: ${textOf(cause)}`, { cause });
}

/** The parser shows the place below its words. */
export function notYaml(file: string, cause: unknown): UserError {
  const [words = ""] = textOf(cause).split(":\n");
  return new UserError(`${file} is not valid YAML: ${words}`, { cause });
}

/** @param what has another shape, such as `config` */
export function notMapping(file: string, what: string, got: unknown): UserError {
  return new UserError(
    `${file}: ${what} is ${JSON.stringify(got)}. Allowed: names with their values, each as NAME: VALUE on a line.`,
  );
}

export function notText(file: string, key: string, got: unknown): UserError {
  return new UserError(`${file}: ${key} is ${JSON.stringify(got) ?? "missing"}. Allowed: a text.`);
}

/** @param resources what the program calls them */
export function twoStreams(name: string, resources: readonly string[]): UserError {
  return new UserError(
    `${resources.length} streams have the name ${name} on AWS: ${resources.join(", ")}. It is one stream's in a region, and in a local run; give each a \`name\` of its own.`,
  );
}

export function notJson(file: string, cause: unknown): UserError {
  return new UserError(`${file} is not valid JSON: ${textOf(cause)}`, { cause });
}

export function entryMissing(folder: string, entry: string): UserError {
  return new UserError(
    `The program's file ${entry} is not in ${folder}. Name it as \`main\` of Pulumi.yaml or of package.json, or build it first.`,
  );
}

/** A sentence, one cause of several. */
export const moduleMissing = (name: string, place: string, folder: string): string =>
  `The program fails: there is no module ${name}${place}.${/^[./]/.test(name) ? "" : ` Is it installed? Run: npm install, in ${folder}`}`;

/** A sentence, one cause of several. */
export const packageFileMissing = (folder: string): string =>
  `The program's functions cannot be packed: Pulumi reads in package.json which packages go with them, and there is none in ${folder} nor above it. Make one there: npm init -y`;

/** @param causes sentences, at least one */
export function notEvaluated(causes: readonly string[]): UserError {
  return new UserError(causes.join("\n"));
}

export function badStandIn(text: string, why: string): UserError {
  return new UserError(
    `--stand-in ${plainText(text)}: ${why}. Expected NAME=JSON, such as --stand-in 'getVpc={"id":"vpc-0123"}'.`,
    { exitCode: 2 },
  );
}

/** A sentence, one cause of several. */
export const unanswered = (token: string, asked: object): string =>
  `The program asks AWS for ${token}(${JSON.stringify(asked)}) while it is evaluated; nobody knows the answer on one machine. Give it: --stand-in '${token}={"FIELD": …}'.`;

/** A sentence for the person at the console. @param outside ends of sentences that begin with "The program" */
export const notKept = (outside: readonly string[]): string =>
  `The program ${outside.slice(0, 3).join(", ")}: it is evaluated at each start.`;

/** A sentence, one cause of several. */
export const settingMissing = (key: string, project: string): string =>
  `The program needs the setting ${key}, and the stack has none. Give it: --set ${key.replace(`${project}:`, "")}=VALUE.`;

interface NotSerialized {
  /** A function as Pulumi titles it: its text or name, and where it stands. */
  readonly subject: string;
  /** The resource that is made of it, where it is known. */
  readonly resource: string | undefined;
  /** What it holds of its surroundings, and through which the trouble comes. */
  readonly captured: string | undefined;
  /** Why that cannot be done, as Pulumi words it. */
  readonly why: string;
}

/** A sentence, one cause of several. */
export function notSerialized({ subject, resource, captured, why }: NotSerialized): string {
  const whose = resource === undefined ? "" : ` of ${resource}`;
  // Of some Pulumi knows better.
  const advice = why.includes(". ") ? "" : " Make what it needs inside of it, or require it there.";
  const through =
    captured === undefined ? ":" : ` captures ${captured}, and there something could not be serialized:`;
  return `The function${whose} cannot be written as text for Lambda: ${subject}${through} ${why.replace(/\.$/, "")}.${advice}`;
}

/** A sentence. @param others that are not made either */
export const neverMade = (resource: string, others: number): string =>
  `The program has ended, and ${resource}${others > 0 ? ` and ${others} more are` : " is"} not made: something that it is given never comes, such as a promise that nobody settles.`;

/** For the person at the console. */
export const stillEvaluated =
  "note: The program has been running for 20 s, and is waited for. A loop without an end, a timer, an open server or an open connection would keep it for ever; Ctrl-C stops it.\n";

export const neverComplete =
  "The program waits for what never comes: a promise in its last lines, in the function that it exports, or among what it exports is settled by nobody.";

/** @param how its exit code, or the signal that ended it */
export function programEnded(how: number | string | null): UserError {
  const why =
    typeof how === "string"
      ? "A program that takes too much memory ends so; `nodeargs` of Pulumi.yaml gives it more."
      : "It may not call process.exit.";
  return new UserError(`The program ended (${how}) while it was evaluated; what it printed says why. ${why}`);
}

/** @param nearest the one that was meant, perhaps */
export function unknownStack(stack: string, known: readonly string[], nearest?: string): UserError {
  const list = known.length > 0 ? known.join(", ") : "none";
  const advice = nearest ? `Did you mean --stack ${nearest}?` : "Choose one with --stack NAME.";
  return new UserError(`There is no Pulumi.${stack}.yaml. Stacks here: ${list}. ${advice}`, { exitCode: 2 });
}

export function badSetting(text: string, why: string): UserError {
  return new UserError(`--set ${text}: ${why}`, { exitCode: 2 });
}

/** Without the value: nobody knows whether it is a secret. @param nearest the one that was meant, perhaps */
export function unknownSetting(key: string, known: readonly string[], nearest?: string): UserError {
  const advice = nearest ? `Did you mean ${nearest}?` : `There are ${known.join(", ")}.`;
  return new UserError(`--set ${key}: there is no setting ${key}. ${advice}`, { exitCode: 2 });
}

/** @param reasons why each stream that there is does not run here, in sentences */
export function noStream(reasons: readonly string[]): UserError {
  return reasons.length === 0
    ? new UserError(
        "The program has no Firehose delivery stream. One with OpenSearch, Elasticsearch or S3 as its destination runs here.",
      )
    : new UserError(reasons.join("\n"));
}

/** @param why the end of a sentence that begins with the function's name */
export const functionElsewhere = (name: string, why: string): UserError =>
  new UserError(`The function ${name} ${why}. Nobody knows here what it makes of a record.`);

export function outsideOfArchive(name: string): UserError {
  return new UserError(
    `The archive holds ${plainText(name)}, which lies outside of it. Nothing of it is unpacked.`,
  );
}

export const notHere = (what: string, got: string, allowed: string): UserError =>
  new UserError(`${what} is ${got}, which does not run on one machine. Allowed here: ${allowed}.`);

/** @param member such as `errorOutputPrefix` */
export const prefixNotHere = (member: string, got: string, problem: string): UserError =>
  new UserError(`The bucket's ${member} is ${JSON.stringify(got)}, of which no key can be made: ${problem}.`);

/** Where a debugger shows what Pulumi has written instead of the program. */
export function unmappedFunctions(
  name: string,
  { functions, unknown }: { readonly functions: number; readonly unknown: readonly string[] },
): string {
  return `${name}: a debugger shows ${unknown.length} of its ${functions} functions as Pulumi has written them, as they are in no file of the program so or in several: ${unknown.join(" | ")}`;
}

/** What to print of an error that ends the program: the line of a user error, the whole of any other. */
export function report(error: unknown): string {
  if (error instanceof UserError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** What the command ends with. */
export const exitCodeOf = (error: unknown): number => (error instanceof UserError ? error.exitCode : 1);

/** SQLite's primary result code of a failed call, such as 5 (busy) or 13 (full); undefined for other errors. */
export function sqliteCode(error: unknown): number | undefined {
  const { errcode } = (error ?? {}) as { errcode?: number };
  return codeOf(error) === "ERR_SQLITE_ERROR" && errcode !== undefined ? errcode & 0xff : undefined;
}

export { codeOf, textOf };
