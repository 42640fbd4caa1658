import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { failedRecordLines } from "../../../firehose/failed-record";
import { timeInName } from "../../../publisher/bucket/time-in-name";
import { parseTime } from "../../../publisher/command-line";
import { intoDomain } from "../../../publisher/replay/documents";
import { errorKindOfKey, type Item, readFailedLines } from "../../../publisher/replay/failed-lines";
import type { ReplayOptions } from "../../../publisher/replay/find-items";
import { listGroups } from "../../../publisher/replay/groups";
import { Marks } from "../../../publisher/replay/marks";
import { folderStore } from "../../../publisher/replay/objects";
import { parseQuery } from "../../../publisher/replay/query";
import { type ReplayTarget, replay } from "../../../publisher/replay/replay";
import { selects } from "../../../publisher/replay/selection";
import { connect } from "../../../publisher/wire/connection";
import { type Faults, manualClock, type Sink, startSink } from "../sink";
import { startDomain } from "./domain";
import { arrival, document, name, source } from "./failed-records";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
describe("publisher/replay/failed-lines", () => {
  it("reads lambdaArn and lambdaARN, numbers and strings, and every spelling of the folders [B47]", () => {
    const captured =
      '{"rawData":"YQ==","errorCode":"Lambda.ProcessingFailedStatus","errorMessage":"x","attemptsMade":1,"arrivalTimestamp":1772323200000,"attemptEndingTimestamp":1772323261000,"lambdaARN":"arn:aws:lambda:eu-west-1:111122223333:function:f"}';
    const texts = captured.replace("1772323200000", '"1772323200000"').replace("lambdaARN", "lambdaArn");
    const dated = captured.replace("1772323200000", '"2026-03-01T00:00:00Z"');

    const { items, problems } = readFailedLines(`${captured}\n${texts}\n\n${dated}`);

    deepStrictEqual(problems, []);
    deepStrictEqual(
      items.map((item) => [item.position, item.kind, item.bytes.toString(), item.reason, item.arrivalMs]),
      [0, 1, 3].map((position) => [position, "source", "a", "Lambda.ProcessingFailedStatus", 1772323200000]),
    );
    for (const folder of ["processing-failed", "processing_failed"])
      strictEqual(errorKindOfKey(`e/${folder}/2026/x`), "transform");
    for (const folder of [
      "AmazonOpenSearchService_failed",
      "AmazonOpenSearchService-failed",
      "elasticsearch-failed",
      "opensearch-failed",
    ]) {
      strictEqual(errorKindOfKey(`${folder}/2026/x`), "delivery");
    }
    strictEqual(errorKindOfKey("2026/03/01/09/web-1"), undefined);
  });

  it("tells documents from sources and decodes once [B48]", () => {
    const { items } = readFailedLines(failedRecordLines([source("aGVsbG8="), document('{"n":"x"}', "id-1")]));

    deepStrictEqual(
      items.map(({ kind, bytes, documentId, indexName }) => [kind, bytes.toString(), documentId, indexName]),
      [
        ["source", "aGVsbG8=", undefined, undefined],
        ["document", '{"n":"x"}', "id-1", "web-2026-03-01"],
      ],
    );
  });

  it("names the lines that it cannot read and reads the others", () => {
    const { items, problems } = readFailedLines('{"a":\n{"errorCode":"x"}\n{"rawData":"YQ=="}\nnull');

    strictEqual(items.length, 1);
    deepStrictEqual(problems, ["line 1: no JSON", "line 2: has no rawData", "line 4: has no rawData"]);
  });
});

describe("publisher/replay/selection", () => {
  const item = (changes: Partial<Item> = {}): Item => ({
    position: 0,
    kind: "source",
    bytes: Buffer.from('{"a":{"b":"x y"},"n":7,"message":"hello world"}'),
    reason: "400",
    message: "mapper_parsing_exception",
    arrivalMs: arrival,
    ...changes,
  });

  it("takes since inclusive and until exclusive", () => {
    strictEqual(selects({ sinceMs: arrival }, item()), true);
    strictEqual(selects({ sinceMs: arrival + 1 }, item()), false);
    strictEqual(selects({ untilMs: arrival }, item()), false);
    strictEqual(selects({ untilMs: arrival + 1 }, item()), true);
  });

  it("takes a reason by code or by part of its message", () => {
    strictEqual(selects({ reason: "400" }, item()), true);
    strictEqual(selects({ reason: "40" }, item()), false);
    strictEqual(selects({ reason: "parsing" }, item()), true);
  });

  it("takes a query over the decoded bytes", () => {
    strictEqual(selects({ query: parseQuery("message:hello AND n:7") }, item()), true);
    strictEqual(selects({ query: parseQuery("message:bye") }, item()), false);
  });

  it("reads times as UTC and refuses what is none", () => {
    strictEqual(parseTime("--since")("2026-03-01T09:08:07"), arrival);
    strictEqual(parseTime("--since")("2026-03-01T10:08:07+01:00"), arrival);
    strictEqual(parseTime("--since")("2026-03-01"), Date.parse("2026-03-01T00:00:00Z"));
    throws(() => parseTime("--since")("yesterday"), {
      message: /^--since: got yesterday; allowed: a time such as/,
    });
  });

  it("finds the time in a key", () => {
    strictEqual(timeInName(`raw/2026/03/01/09/${name}`), arrival);
    strictEqual(timeInName("raw/other"), undefined);
  });
});

describe("publisher/replay", () => {
  let dir: string;
  let sink: Sink;
  let closing: (() => void)[];

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "replay-"));
    closing = [];
  });

  afterEach(async () => {
    for (const close of closing) close();
    await sink?.close();
    rmSync(dir, { recursive: true });
  });

  const put = (key: string, text: string | Buffer) => {
    mkdirSync(dirname(join(dir, "s3", key)), { recursive: true });
    writeFileSync(join(dir, "s3", key), text);
  };
  const options = (changes: Partial<ReplayOptions> = {}): ReplayOptions => ({
    store: folderStore(join(dir, "s3")),
    marks: new Marks(join(dir, "replayed.ndjson")),
    selection: {},
    backups: false,
    again: false,
    say: () => {},
    ...changes,
  });
  const target = async (faults: Faults = {}, changes: Partial<ReplayTarget> = {}): Promise<ReplayTarget> => {
    await sink?.close();
    sink = await startSink(faults);
    const connection = connect(sink.target);
    closing.push(connection.close);
    return {
      put: connection.put,
      send: { clock: manualClock(), maxAttempts: 3 },
      throughTransform: false,
      ...changes,
    };
  };
  const failedKey = `bucket/errors/processing-failed/2026/03/01/09/${name}`;
  const refusedKey = `bucket/errors/AmazonOpenSearchService_failed/2026/03/01/09/${name}`;

  it("shows what is there by reason and hour", async () => {
    put(
      failedKey,
      failedRecordLines([source("a"), source("b"), source("c", { errorCode: "Lambda.MissingRecordId" })]),
    );
    put(refusedKey, failedRecordLines([document("{}", "1")]));
    put(`bucket/2026/03/01/09/${name}`, "one\ntwo\n");

    const failed = await listGroups(options());
    const all = await listGroups(options({ backups: true }));

    deepStrictEqual(
      failed.map(({ reason, kind, hour, records }) => [reason, kind, hour, records]),
      [
        ["400", "document", "2026-03-01T09", 1],
        ["Lambda.FunctionError", "source", "2026-03-01T09", 2],
        ["Lambda.MissingRecordId", "source", "2026-03-01T09", 1],
      ],
    );
    strictEqual(all.find(({ reason }) => reason === "backup")?.records, 2);
  });

  it("shows two problems of one error in two rows, and one problem in one, with its field", async () => {
    const refused = (field: string, value: string) => ({
      errorMessage: `mapper_parsing_exception: failed to parse field [${field}] of type [long]. Preview of field's value: '${value}'`,
    });
    const failed = (reason: string) => ({
      errorCode: "Lambda.ProcessingFailedStatus",
      errorMessage: "ProcessingFailed",
      reason,
    });
    put(
      refusedKey,
      failedRecordLines([
        { ...document("{}", "1"), ...refused("status", "x") },
        { ...document("{}", "2"), ...refused("bytes", "x") },
        { ...document("{}", "3"), ...refused("status", "unknown") },
      ]),
    );
    put(
      failedKey,
      failedRecordLines([
        source("a", failed("no access log line: no time")),
        source("b", failed("no access log line: no status")),
        source("c", { arrivalTimestamp: 9e15 }),
        source("d", { arrivalTimestamp: -1 }),
      ]),
    );

    const groups = await listGroups(options());

    deepStrictEqual(
      groups.map(({ hour, reason, field, records }) => [hour.slice(-3), reason, field, records]),
      [
        ["T09", "400", "bytes", 1],
        ["T09", "400", "status", 2],
        ["T09", "Lambda.ProcessingFailedStatus", undefined, 1],
        ["T09", "Lambda.ProcessingFailedStatus", undefined, 1],
        ["own", "Lambda.FunctionError", undefined, 2],
      ],
    );
    strictEqual(groups[3]?.problem, "ProcessingFailed; no access log line: no time");
  });

  it("keeps a second replay away while one sends, and not behind a killed one [B48]", () => {
    const file = join(dir, "replayed.ndjson");
    const letGo = new Marks(file).hold();

    throws(() => new Marks(file).hold(), { message: /^process \d+ is sending these records again already/ });
    letGo();
    writeFileSync(`${file}.lock`, String(2 ** 22 + 1));
    new Marks(file).hold()();

    strictEqual(existsSync(`${file}.lock`), false);
  });

  it("notes what was accepted as it goes: of a large object a stop leaves the rest to the next run [B48]", async () => {
    put(failedKey, failedRecordLines(Array.from({ length: 4500 }, (_, n) => source(`r${n}`))));
    const stop = new AbortController();
    const stopping = await target();
    const counted: ReplayTarget = {
      ...stopping,
      put: async (batch) => {
        if (sink.accepted() >= 2000) stop.abort();
        return stopping.put(batch);
      },
      send: { ...stopping.send, signal: stop.signal },
    };

    const first = await replay(options(), counted);
    const noted = new Marks(join(dir, "replayed.ndjson"));
    const marked = Array.from({ length: 4500 }, (_, n) => n).filter((n) =>
      noted.has(`${join(dir, "s3")}/${failedKey}`, n),
    );
    const second = await replay(options(), await target());

    deepStrictEqual([first.stopped, marked.length], ["interrupted", first.sent]);
    strictEqual(first.sent >= 2000 && first.sent < 4500, true);
    strictEqual(first.sent + second.sent, 4500);
  });

  it("sends sources decoded, once: a second run repeats nothing [B48]", async () => {
    put(failedKey, failedRecordLines([source("a\n"), source("aGVsbG8=")]));

    const first = await replay(options(), await target());
    deepStrictEqual([...sink.seen.keys()], [base64("a\n"), base64("aGVsbG8=")]);
    const second = await replay(options(), await target());
    strictEqual(sink.calls.length, 0);
    const again = await replay(options({ again: true }), await target());

    deepStrictEqual([first.sent, first.alreadySent], [2, 0]);
    deepStrictEqual([second.sent, second.alreadySent], [0, 2]);
    deepStrictEqual([again.sent, again.alreadySent], [2, 0]);
  });

  it("marks only what was accepted", async () => {
    put(failedKey, failedRecordLines(Array.from({ length: 100 }, (_, n) => source(`r${n}`))));

    const first = await replay(
      options(),
      await target(
        { failEntries: 0.7, seed: 5 },
        { send: { clock: manualClock(), maxAttempts: 1, timeoutMs: 1 } },
      ),
    );
    const second = await replay(options(), await target());

    strictEqual(first.sent > 0 && first.notAccepted > 0, true);
    strictEqual(second.sent, first.notAccepted);
    strictEqual(second.alreadySent, first.sent);
  });

  it("stops at an unknown stream and marks nothing", async () => {
    put(failedKey, failedRecordLines([source("a")]));
    put(`${failedKey}-2`, failedRecordLines([source("b")]));

    const refused = await replay(
      options(),
      await target({ refuse: { status: 400, name: "ResourceNotFoundException", message: "no" } }),
    );
    const after = await replay(options(), await target());

    deepStrictEqual(
      [refused.stopped, refused.sent, refused.notAccepted],
      ["ResourceNotFoundException: no", 0, 1],
    );
    strictEqual(after.sent, 2);
  });

  it("replays a backup as the records that came in [B49]", async () => {
    put(`bucket/2026/03/01/09/${name}`, '{"a":1}\n{"a":2}\n');

    const without = await replay(options(), await target());
    const summary = await replay(options({ backups: true }), await target());

    strictEqual(without.sent, 0);
    strictEqual(summary.sent, 2);
    deepStrictEqual([...sink.seen.keys()], [base64('{"a":1}\n'), base64('{"a":2}\n')]);
  });

  it("sends of the backup alone what was refused, for the repaired processor: the runbook's way [B48]", async () => {
    put(refusedKey, failedRecordLines([document('{"n":"x"}', "1")]));
    put(`bucket/2026/03/01/09/${name}`, '{"n":1}\n{"n":"x"}\n');
    const selection = { reason: "backup", query: parseQuery("n:x") };

    const summary = await replay(options({ backups: true, selection }), await target());

    deepStrictEqual([summary.sent, summary.leftOut], [1, 0]);
    deepStrictEqual([...sink.seen.keys()], [base64('{"n":"x"}\n')]);
  });

  it("sends no document through the transform unless told to [B48]", async () => {
    put(refusedKey, failedRecordLines([document('{"n":1}', "1")]));

    const left = await replay(options(), await target());
    strictEqual(sink.calls.length, 0);
    const sent = await replay(options(), await target({}, { throughTransform: true }));

    deepStrictEqual([left.leftOut, left.sent], [1, 0]);
    strictEqual(sent.sent, 1);
  });

  it("puts documents into their index under their ids: replayed twice they are there once [B48]", async () => {
    put(
      refusedKey,
      failedRecordLines([
        document('{"n":1}', "id-1"),
        document('{"n":2}', "id-2"),
        document('{"n":"x"}', "bad"),
      ]),
    );
    const { url, stored, close } = await startDomain();
    closing.push(close);
    const said: string[] = [];
    const say = (text: string) => said.push(text);

    const first = await replay(
      options({ say }),
      await target({}, { putDocuments: intoDomain({ url, user: "admin", password: "p" }) }),
    );
    const again = await replay(
      options({ again: true }),
      await target({}, { putDocuments: intoDomain({ url, user: "admin", password: "p" }) }),
    );

    deepStrictEqual([first.indexed, first.notAccepted], [2, 1]);
    deepStrictEqual([again.indexed, again.alreadyThere, again.notAccepted], [0, 2, 1]);
    deepStrictEqual([...stored.keys()], ["web-2026-03-01/id-1", "web-2026-03-01/id-2"]);
    deepStrictEqual(said, ["refused again: mapper_parsing_exception: no long"]);
    strictEqual(sink.calls.length, 0);
  });

  it("tells objects apart that have the same name in different folders", async () => {
    put(failedKey, failedRecordLines([source("a")]));
    put(failedKey.replace("bucket/", "other/"), failedRecordLines([source("b")]));

    const first = await replay(options(), await target());
    const second = await replay(options(), await target());

    deepStrictEqual([first.sent, second.sent, second.alreadySent], [2, 0, 2]);
  });

  it("names an object that it cannot read, counts it, and sends the others", async () => {
    put(`bucket/2026/03/01/09/${name}`, "one\n");
    put(`bucket/2026/03/01/08/${name}.zip`, "PK");
    put(`bucket/2026/03/01/07/${name}.gz`, "torn");
    const said: string[] = [];

    const summary = await replay(options({ backups: true, say: (text) => said.push(text) }), await target());

    deepStrictEqual([summary.sent, summary.unread], [1, 2]);
    strictEqual(said[0]?.startsWith(`bucket/2026/03/01/07/${name}.gz: `), true);
    strictEqual(said[1]?.startsWith(`bucket/2026/03/01/08/${name}.zip: is ZIP; `), true);
  });

  it("goes on behind a mark that a crash has torn", () => {
    const file = join(dir, "replayed.ndjson");
    new Marks(file).mark("o", [1]);
    appendFileSync(file, '{"object":"o","posi');

    new Marks(file).mark("o", [2]);

    const marks = new Marks(file);
    deepStrictEqual(
      [0, 1, 2].map((n) => marks.has("o", n)),
      [false, true, true],
    );
  });
});
