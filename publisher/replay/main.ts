/** `npm run replay -- …`: shows what failed or was backed up, by reason and hour, and with `--send` sends it again. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { commandFolder, goWhereTyped, typedCommand } from "../../typed/command";
import {
  given,
  parseTime,
  runCommand,
  type SharedOptions,
  say,
  stopOnInterrupt,
  withSharedOptions,
} from "../command-line";
import { counted } from "../counted";
import { exitCodes, jsonLine, oneLine, printable, severalStreams, wrongUsage } from "../errors";
import { stackOutputs, streamsInFolder } from "../runs";
import { parseStream, resolveTarget, type Target, webAddress } from "../target";
import { connect } from "../wire/connection";
import { intoDomain, intoLocalRun, type PutDocuments } from "./documents";
import type { ReplayOptions } from "./find-items";
import { type Group, listGroups } from "./groups";
import { Marks } from "./marks";
import { bucketStore, folderStore, type ObjectStore, ofStream } from "./objects";
import { parseQuery, type RecordQuery } from "./query";
import { type ReplaySummary, replay } from "./replay";

interface Options extends SharedOptions {
  readonly since?: number;
  readonly until?: number;
  readonly reason?: string;
  readonly query?: RecordQuery;
  readonly backups?: boolean;
  readonly send?: boolean;
  readonly again?: boolean;
  readonly throughTransform?: boolean;
  readonly documentsTo?: string;
  readonly user?: string;
}

const program = withSharedOptions(
  new Command(typedCommand("replay", ""))
    .description("Shows failed and backed-up records by reason and hour; with --send sends them again.")
    .argument(
      "[from]",
      "folder, or s3://bucket/prefix (default: the local run's data, else the stack's bucket)",
      given("from"),
    )
    .option("--send", "send what is shown; without it nothing is changed")
    .option("--dry-run", "only show (the default)")
    .option("--backups", "backups too, and not only failed records")
    .option("--since <time>", "arrived then or later, such as 2026-03-01T09:00Z", parseTime("--since"))
    .option("--until <time>", "arrived before then", parseTime("--until"))
    .option("--reason <text>", "with this error code, or this text in the error message", given("--reason"))
    .option(
      "--query <query>",
      'records that match: words, "phrases" and field:word, joined by AND or by OR, with NOT behind AND',
      parseQuery,
    )
    .option("--again", "also what an earlier run has sent")
    .option(
      "--documents-to <url>",
      "put transformed documents into this OpenSearch, under their ids (default: the local run's index)",
      webAddress("--documents-to"),
    )
    .option("--user <name>", "its user; the password is taken from OPENSEARCH_PASSWORD", given("--user"))
    .option("--through-transform", "send transformed documents as if they were source records"),
);

async function main(argv: readonly string[]): Promise<number> {
  goWhereTyped();
  program.parse(argv);
  const options = program.opts<Options & { dryRun?: boolean }>();
  if (options.send && options.dryRun) throw wrongUsage("--send", "--dry-run with it", "one of the two");
  const dataDir = options.data ?? join(commandFolder(), ".local", options.stack ?? "dev");
  const store = await storeOf(program.args[0], dataDir, options);
  const { since, until, reason, query } = options;
  const replayOptions: ReplayOptions = {
    store,
    marks: new Marks(join(dataDir, "replayed.ndjson")),
    selection: {
      ...(since !== undefined && { sinceMs: since }),
      ...(until !== undefined && { untilMs: until }),
      ...(reason !== undefined && { reason }),
      ...(query !== undefined && { query }),
    },
    backups: options.backups ?? false,
    again: options.again ?? false,
    say,
    signal: stopOnInterrupt("the same command goes on with the rest"),
  };
  say(`reading ${store.name}`);
  if (options.send) return send(replayOptions, options);
  const groups = await listGroups(replayOptions);
  process.stdout.write(options.json ? jsonLine({ groups }) : printable(table(groups)));
  return exitCodes.accepted;
}

async function storeOf(from: string | undefined, dataDir: string, options: Options): Promise<ObjectStore> {
  if (from !== undefined)
    return from.startsWith("s3://") ? bucketStore(from, options.region) : folderStore(from);
  const folder = join(dataDir, "s3");
  if (!options.aws && existsSync(folder)) {
    const streams = streamsInFolder(dataDir);
    // The records of one stream must not go into another.
    if (streams.length > 1 && options.stream !== undefined)
      return ofStream(folderStore(folder), parseStream(options.stream).name);
    if (streams.length > 1 && options.send) throw severalStreams(streams);
    return folderStore(folder);
  }
  try {
    const { bucketName, streamArn } = await stackOutputs(options.stack ?? "dev", commandFolder());
    const region = options.region ?? String(streamArn).split(":")[3];
    return bucketStore(`s3://${bucketName}/`, region);
  } catch (error) {
    const found = `no ${folder}, and stack ${options.stack} has no outputs (${oneLine(error)})`;
    throw wrongUsage("what to read", found, "a folder or s3://bucket/prefix as the argument");
  }
}

async function send(replayOptions: ReplayOptions, options: Options): Promise<number> {
  const target = await resolveTarget(options);
  say(`sending to ${target.description}`);
  const letGo = replayOptions.marks.hold();
  const connection = connect(target);
  const putDocuments = documentsOf(options, target);
  try {
    const summary = await replay(replayOptions, {
      put: connection.put,
      send: {
        ...(replayOptions.signal && { signal: replayOptions.signal }),
        ...(options.rate && { ratePerSecond: options.rate }),
      },
      throughTransform: options.throughTransform ?? false,
      ...(putDocuments && { putDocuments }),
    });
    for (const line of describe(summary)) say(line);
    if (options.json) process.stdout.write(jsonLine(summary));
    const whole = summary.notAccepted + summary.leftOut + summary.unread === 0 && !summary.stopped;
    return whole ? exitCodes.accepted : exitCodes.notAccepted;
  } finally {
    connection.close();
    letGo();
  }
}

/** What to do about documents that no mapping takes. */
const instead =
  "repair the processor and send the sources, --backups --reason backup --query …, or the documents with --through-transform";

/** To the server that was named, else into the index of the local run that takes the records. */
function documentsOf(options: Options, { dashboard, streamName }: Target): PutDocuments | undefined {
  const { documentsTo: url, user } = options;
  if (url === undefined) return dashboard === undefined ? undefined : intoLocalRun(dashboard, streamName);
  const password = process.env["OPENSEARCH_PASSWORD"] ?? "";
  return intoDomain({ url, ...(user && { user, password }) });
}

function describe(summary: ReplaySummary): string[] {
  const {
    sent,
    indexed,
    alreadyThere,
    alreadySent,
    notAccepted,
    refused,
    leftOut,
    unread,
    possibleDuplicates,
    stopped,
  } = summary;
  const lines = [`${counted(sent, "record")} sent, ${counted(indexed, "document")} indexed`];
  if (alreadyThere > 0) lines.push(`${counted(alreadyThere, "document")} there already`);
  if (alreadySent > 0)
    lines.push(`${counted(alreadySent, "record")} sent by an earlier run and left out (--again sends all)`);
  if (leftOut > 0) {
    lines.push(
      `${counted(leftOut, "transformed document")} left out: a search server takes them under their ids with --documents-to URL; what its mapping refused (400) it refuses again: ${instead}`,
    );
  }
  if (refused > 0) lines.push(`${counted(refused, "document")} refused: ${instead}`);
  if (possibleDuplicates > 0)
    lines.push(`answers were lost: up to ${counted(possibleDuplicates, "record")} may be there twice`);
  if (unread > 0) lines.push(`${counted(unread, "object")} could not be read, see above`);
  if (stopped) lines.push(`stopped: ${stopped}`);
  if (notAccepted > 0)
    lines.push(`${counted(notAccepted, "record")} NOT accepted; the same command tries them again`);
  return lines;
}

function table(groups: readonly Group[]): string {
  if (groups.length === 0) return "nothing there\n";
  const rows = groups.map(({ hour, reason, kind, records, alreadySent, field, problem, example }) =>
    row(hour, reason, kind, String(records), String(alreadySent), field ?? "", problem || example),
  );
  return `${[row("hour (UTC)", "reason", "kind", "records", "re-sent", "field", "problem"), ...rows].join("\n")}\n`;
}

const row = (
  hour: string,
  reason: string,
  kind: string,
  records: string,
  sent: string,
  field: string,
  problem: string,
): string =>
  [
    hour.padEnd(14),
    reason.padEnd(32),
    kind.padEnd(9),
    records.padStart(9),
    sent.padStart(8),
    ` ${field.padEnd(24)}`,
    problem.replaceAll(/\s+/g, " ").slice(0, 160),
  ]
    .join(" ")
    .trimEnd();

void runCommand(main);
