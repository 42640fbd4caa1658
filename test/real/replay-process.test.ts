import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { failedRecordLines } from "../../firehose/failed-record";
import { startDomain } from "../publisher/replay/domain";
import { document, name, source } from "../publisher/replay/failed-records";
import { type Faults, type Sink, startSink } from "../publisher/sink";
import { finish, startCommand } from "./spawned";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("publisher/replay/main", () => {
  let dir: string;
  let sink: Sink | undefined;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "replay-"));
  });

  afterEach(async () => {
    await sink?.close();
    sink = undefined;
    rmSync(dir, { recursive: true });
  });

  const put = (key: string, text: string) => {
    const path = join(dir, "data", "s3", key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  const failedKey = `bucket/failed/processing-failed/2026/03/01/09/${name}`;
  const refusedKey = `bucket/failed/AmazonOpenSearchService_failed/2026/03/01/09/${name}`;

  const start = async (args: readonly string[], faults: Faults = {}, env: Record<string, string> = {}) => {
    await sink?.close();
    sink = await startSink(faults);
    const all = ["--data", join(dir, "data"), "--stream", "web", ...args];
    return startCommand("replay/main.ts", all, dir, sink.url, env);
  };
  const replay = async (...args: Parameters<typeof start>) => finish(await start(...args));

  it("only shows what is there by reason and hour: nothing is sent or noted", async () => {
    put(failedKey, failedRecordLines([source("a"), source("b")]));
    put(refusedKey, failedRecordLines([document("{}", "1")]));
    put(`bucket/raw/2026/03/01/09/${name}`, "one\n");

    const { stdout, stderr, code } = await replay([]);
    const json = await replay(["--dry-run", "--json", "--reason", "400"]);

    strictEqual(code, 0);
    const rows = stdout.trimEnd().split("\n");
    match(rows[0] ?? "", /^hour \(UTC\) +reason +kind +records +re-sent +field +problem$/);
    match(rows[1] ?? "", /^2026-03-01T09 +400 +document +1 +0 +mapper_parsing_exception: n is no long$/);
    match(rows[2] ?? "", /^2026-03-01T09 +Lambda\.FunctionError +source +2 +0 +it broke$/);
    strictEqual(rows.length, 3);
    deepStrictEqual(stderr, [`reading ${join(dir, "data", "s3")}`]);
    deepStrictEqual(
      JSON.parse(json.stdout).groups.map(({ reason, records }: { reason: string; records: number }) => [
        reason,
        records,
      ]),
      [["400", 1]],
    );
    strictEqual(sink?.calls.length, 0);
    strictEqual(existsSync(join(dir, "data", "replayed.ndjson")), false);
  });

  it("sends with --send what the options select, and a second time nothing [B48]", async () => {
    put(failedKey, failedRecordLines([source('{"level":"error"}\n'), source('{"level":"info"}\n')]));

    const first = await replay(["--send", "--query", "level:error", "--json"]);
    const sent = [...(sink?.seen.keys() ?? [])];
    const second = await replay(["--send", "--query", "level:error"]);

    strictEqual(first.code, 0);
    deepStrictEqual(sent, [base64('{"level":"error"}\n')]);
    strictEqual(JSON.parse(first.stdout).sent, 1);
    strictEqual(second.code, 0);
    strictEqual(sink?.calls.length, 0);
    deepStrictEqual(second.stderr.slice(-2), [
      "0 records sent, 0 documents indexed",
      "1 record sent by an earlier run and left out (--again sends all)",
    ]);
  });

  it("leaves transformed documents out and says what to do, or puts them under their ids [B48]", async () => {
    put(refusedKey, failedRecordLines([document('{"n":1}', "id-1"), document('{"n":"x"}', "id-2")]));
    const domain = await startDomain();
    try {
      const left = await replay(["--send"]);
      const to = ["--send", "--documents-to", domain.url, "--user", "admin"];
      const wrong = await replay(to, {}, { OPENSEARCH_PASSWORD: "wrong" });
      const right = await replay(to, {}, { OPENSEARCH_PASSWORD: "p" });

      strictEqual(left.code, 1);
      match(left.stderr.at(-1) ?? "", /^2 transformed documents left out: .*--documents-to URL/);
      strictEqual(wrong.code, 1);
      match(wrong.stderr.join("\n"), /stopped: the domain answers 401/);
      strictEqual(right.code, 1);
      deepStrictEqual([...domain.stored.keys()], ["web-2026-03-01/id-1"]);
      deepStrictEqual(right.stderr.slice(-4), [
        "refused again: mapper_parsing_exception: no long",
        "0 records sent, 1 document indexed",
        "1 document refused: repair the processor and send the sources, --backups --reason backup --query …, or the documents with --through-transform",
        "1 record NOT accepted; the same command tries them again",
      ]);
      strictEqual(sink?.calls.length, 0);
    } finally {
      domain.close();
    }
  });

  it("exits with 1 where something was not accepted or not readable", async () => {
    put(failedKey, failedRecordLines([source("a")]));
    put(`bucket/raw/2026/03/01/09/${name}.zip`, "PK");

    const unread = await replay(["--send", "--backups"]);
    const refused = await replay(["--send", "--again"], {
      refuse: { status: 400, name: "ResourceNotFoundException", message: "no" },
    });

    strictEqual(unread.code, 1);
    match(
      unread.stderr.join("\n"),
      /\.zip: is ZIP; replay reads gzip.*\n1 record sent, 0 documents indexed\n1 object could not be read/,
    );
    strictEqual(refused.code, 1);
    match(refused.stderr.join("\n"), /\nstopped: ResourceNotFoundException: no\n1 record NOT accepted/);
  });

  it("ends in good order at Ctrl-C; the same command goes on with the rest", async () => {
    put(failedKey, failedRecordLines(Array.from({ length: 700 }, (_, n) => source(`r${n}`))));
    const child = await start(["--send", "--json"], { throttleEntries: 1 });
    const done = finish(child);
    while (sink?.calls.length === 0 && child.exitCode === null)
      await new Promise((resolve) => setImmediate(resolve));
    child.kill("SIGINT");

    const stopped = await done;
    const rest = await replay(["--send", "--json"]);

    strictEqual(stopped.code, 1);
    const { sent, notAccepted, stopped: why } = JSON.parse(stopped.stdout);
    deepStrictEqual([sent, notAccepted, why], [0, 700, "interrupted"]);
    match(stopped.stderr.join("\n"), /stopping: calls in flight end, the same command goes on with the rest/);
    deepStrictEqual([rest.code, JSON.parse(rest.stdout).sent], [0, 700]);
  });

  it("exits with 2 and one line for wrong usage, and sends nothing", async () => {
    put(failedKey, failedRecordLines([source("a")]));
    const wrong: Record<string, RegExp> = {
      "--send --dry-run": /^--send: got --dry-run with it; allowed: one of the two$/,
      "--since yesterday": /^--since: got yesterday; allowed: a time such as/,
      "--query n:>4": /^--query: got "n:>4" at position 0 of n:>4; allowed: words/,
      "--rate 0": /^--rate: got 0; allowed: a whole number from 1 on$/,
      "--what": /unknown option '--what'/,
      [join(dir, "none")]: /^cannot read .*none: ENOENT/,
    };

    for (const [args, why] of Object.entries(wrong)) {
      const { stderr, code, stdout } = await replay(args.split(" "));
      const lines = stderr.filter((line) => !line.startsWith("reading "));

      deepStrictEqual([code, stdout, lines.length], [2, "", 1], stderr.join("\n"));
      match(lines[0] ?? "", why);
    }
    strictEqual(sink?.calls.length, 0);
  });

  it("notes what it sent in the data folder", async () => {
    put(failedKey, failedRecordLines([source("a"), source("b")]));

    await replay(["--send"]);

    const [line = ""] = readFileSync(join(dir, "data", "replayed.ndjson"), "utf8").split("\n");
    const { object, positions } = JSON.parse(line);
    deepStrictEqual([object, positions], [`${join(dir, "data", "s3")}/${failedKey}`, [0, 1]]);
  });
});
