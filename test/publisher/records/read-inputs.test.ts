import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { findInputs } from "../../../publisher/records/byte-source";
import { type LineOptions, lineBatches } from "../../../publisher/records/lines";
import { type ReadOptions, readInputs } from "../../../publisher/records/read-inputs";
import type { PutBatch } from "../../../publisher/wire/put-batch";
import { seeded } from "../sink";

const text = (batch: PutBatch): string[] =>
  Array.from({ length: batch.count }, (_, n) => Buffer.from(batch.record(n)).toString("latin1"));

/** Cuts bytes at random places: a line may begin in one chunk and end in another. */
function* shredded(bytes: Buffer, seed: number): Generator<Buffer> {
  const random = seeded(seed);
  for (let at = 0; at < bytes.length; ) {
    const next = at + 1 + Math.floor(random() * 9);
    yield bytes.subarray(at, next);
    at = next;
  }
}

async function linesOf(chunks: Iterable<Buffer>, options: Partial<LineOptions> = {}) {
  const records: string[] = [];
  const refused: { line: number; text: string; bytes: number }[] = [];
  const refuse = (line: number) => {
    const entry = { line, text: "", bytes: 0 };
    refused.push(entry);
    return {
      write: (piece: Buffer) => {
        entry.text += piece.toString("latin1");
      },
      end: (bytes: number) => {
        entry.bytes = bytes;
      },
    };
  };
  for await (const batch of lineBatches(chunks, { refuse, ...options })) records.push(...text(batch));
  return { records, refused };
}

describe("publisher/records/lines", () => {
  const odd = Buffer.from("\ufeffone\r\ntwo\r\nth\rree");

  it("takes off the byte order mark and CR LF, keeps a CR inside, sends the last line without newline [B28]", async () => {
    deepStrictEqual((await linesOf([odd])).records, ["one\n", "two\n", "th\rree\n"]);
  });

  it("does the same wherever the bytes are cut [B28]", async () => {
    for (let seed = 1; seed <= 50; seed++) {
      deepStrictEqual((await linesOf(shredded(odd, seed))).records, ["one\n", "two\n", "th\rree\n"]);
    }
  });

  it("adds exactly one newline, or none [B13]", async () => {
    deepStrictEqual((await linesOf([Buffer.from("a\nb\n")])).records, ["a\n", "b\n"]);
    deepStrictEqual((await linesOf([Buffer.from("a\nb\n")], { newline: false })).records, ["a", "b"]);
  });

  it("takes the CR of a line that ends in CR LF off [B16]", async () => {
    const line = '192.0.2.9 - - [01/Mar/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 5';

    deepStrictEqual((await linesOf([Buffer.from(`${line}\r\n`)])).records, [`${line}\n`]);
  });

  it("skips blank lines and keeps bytes that are not UTF-8 [B24]", async () => {
    const bytes = Buffer.from("\n\r\n\xff\xfe\x00\n\n\n", "latin1");

    deepStrictEqual((await linesOf([bytes])).records, ["\xff\xfe\x00\n"]);
    deepStrictEqual((await linesOf([Buffer.from("\n\n\r\n")])).records, []);
    deepStrictEqual((await linesOf([])).records, []);
  });

  it("counts the newline: 1,023,999 bytes go, 1,024,000 do not [B22]", async () => {
    const bytes = Buffer.from([1_023_999, 1_024_000, 1_024_001].map((n) => `${"x".repeat(n)}\n`).join(""));

    const added = await linesOf([bytes]);
    const bare = await linesOf([bytes], { newline: false });

    deepStrictEqual(
      added.records.map((record) => record.length),
      [1_024_000],
    );
    deepStrictEqual(
      added.refused.map(({ line, bytes }) => [line, bytes]),
      [
        [2, 1_024_001],
        [3, 1_024_002],
      ],
    );
    deepStrictEqual(
      bare.records.map((record) => record.length),
      [1_023_999, 1_024_000],
    );
    deepStrictEqual(
      bare.refused.map(({ line, bytes }) => [line, bytes]),
      [[3, 1_024_001]],
    );
  });

  it("gives the whole lines that came before a failure of the source, and then the failure", async () => {
    const records: string[] = [];
    function* failing() {
      yield Buffer.from("a\nb\nunfin");
      throw new Error("torn");
    }

    await rejects(async () => {
      const refuse = () => ({ write() {}, end() {} });
      for await (const batch of lineBatches(failing(), { refuse })) records.push(...text(batch));
    }, /torn/);

    deepStrictEqual(records, ["a\n", "b\n"]);
  });

  it("hands a line that is too long over whole, uncut, and goes on [B25]", async () => {
    const long = `{"text":"${"é".repeat(550_000)}"}`;
    const bytes = Buffer.from(`a\n${long}\nb`);
    const chunks = Array.from({ length: Math.ceil(bytes.length / 1000) }, (_, n) =>
      bytes.subarray(n * 1000, n * 1000 + 1000),
    );

    const { records, refused } = await linesOf(chunks);

    deepStrictEqual(records, ["a\n", "b\n"]);
    strictEqual(Buffer.from(refused[0]?.text ?? "", "latin1").toString(), long);
    deepStrictEqual(
      refused.map(({ line, bytes }) => [line, bytes]),
      [[2, Buffer.byteLength(long) + 1]],
    );
  });
});

describe("publisher/records/lines, endless", () => {
  it("refuses a line while it still goes by: of one that never ends no more is held than a record may have [B25]", async () => {
    const piece = Buffer.alloc(100_000, "x");
    let given = 0;
    let written = 0;
    let refusedAt = 0;
    function* endless() {
      for (; given < 50; given++) yield piece;
    }
    const refuse = () => {
      refusedAt = given;
      return {
        write: (bytes: Buffer) => {
          written += bytes.length;
          // All that came is handed on, none of it is waiting.
          strictEqual(written <= (given + 1) * piece.length, true);
        },
        end: (bytes: number) => strictEqual(bytes, 5_000_001),
      };
    };

    const batches: PutBatch[] = [];
    for await (const batch of lineBatches(endless(), { refuse })) batches.push(batch);

    deepStrictEqual([refusedAt, written, batches.length], [10, 5_000_000, 0]);
  });
});

describe("publisher/records/read-inputs", () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "inputs-"));
  });

  afterEach(() => rmSync(dir, { recursive: true }));

  const file = (name: string, bytes: string | Buffer): string => {
    writeFileSync(join(dir, name), bytes);
    return join(dir, name);
  };

  async function read(paths: readonly string[], options: Partial<ReadOptions> = {}) {
    const records: string[] = [];
    const problems: string[] = [];
    const notes: string[] = [];
    const refused: string[] = [];
    const batches = readInputs(findInputs(paths), {
      newline: true,
      onProblem: (problem) => problems.push(problem),
      onNote: (note) => notes.push(note),
      refuse: (place) => {
        refused.push(place);
        return { write() {}, end() {} };
      },
      ...options,
    });
    for await (const batch of batches) records.push(...text(batch));
    return { records, problems, notes, refused };
  }

  it("reads several files, one after the other", async () => {
    const paths = [file("b.log", "1\n2"), file("a.log", "3\n")];

    deepStrictEqual((await read(paths)).records, ["1\n", "2\n", "3\n"]);
  });

  it("unpacks gzip, several members too, whatever the name [B28]", async () => {
    const bytes = Buffer.concat([gzipSync("\ufeffone\r\n"), gzipSync("two\r\nthree")]);

    deepStrictEqual((await read([file("big.log.gz", bytes)])).records, ["one\n", "two\n", "three\n"]);
    deepStrictEqual((await read([file("big.log", bytes)])).records, ["one\n", "two\n", "three\n"]);
  });

  it("unpacks zstd", async () => {
    deepStrictEqual((await read([file("big.zst", zstdCompressSync("one\ntwo"))])).records, [
      "one\n",
      "two\n",
    ]);
  });

  it("sends what a torn gzip file has and names the file", async () => {
    const bytes = gzipSync(Buffer.from(Array.from({ length: 50_000 }, (_, n) => `line ${n}\n`).join("")));

    const { records, problems } = await read([
      file("torn.gz", bytes.subarray(0, bytes.length - 9)),
      file("b", "next"),
    ]);

    strictEqual(records[0], "line 0\n");
    strictEqual(records.at(-1), "next\n");
    strictEqual(records.length > 40_000, true);
    deepStrictEqual(
      records.slice(0, -1),
      Array.from({ length: records.length - 1 }, (_, n) => `line ${n}\n`),
    );
    strictEqual(problems.length, 1);
    strictEqual(problems[0]?.startsWith(join(dir, "torn.gz")), true);
  });

  it("reads standard input, and ends it behind what has arrived when it is told to [B28]", async () => {
    const stdin = new PassThrough();
    const stop = new AbortController();
    stdin.write("\ufeffone\r\ntwo\r\nthr");
    setImmediate(() => stop.abort());

    const { records } = await read(["-"], { stdin, signal: stop.signal });

    deepStrictEqual(records, ["one\n", "two\n", "thr\n"]);
    deepStrictEqual((await read(["-"], { stdin: Readable.from([gzipSync("x\ny")]) })).records, [
      "x\n",
      "y\n",
    ]);
  });

  it("names file and line of what is too long", async () => {
    const path = file("access.log", `a\n${"x".repeat(2_000_000)}\nb\n`);

    const { records, refused } = await read([path]);

    deepStrictEqual(records, ["a\n", "b\n"]);
    deepStrictEqual(refused, [`${path}:2`]);
  });

  it("says at once that a file is not there", () => {
    throws(() => findInputs([join(dir, "none")]), { message: /^cannot read .*none: ENOENT/, exitCode: 2 });
  });

  it("sends each element of CloudTrail files in a folder, leaves digests out with a note [B54]", async () => {
    mkdirSync(join(dir, "trail", "deep"), { recursive: true });
    const digest = '{"digestS3Bucket":"b","logFiles":[]}';
    const pretty =
      '{\n "Records" : [\n {"id": 9007199254740993, "t": "a, ]} b\\"\\n"},\n {"n":[1,{"Records":[2]}]} ] }';
    const key = "111122223333_CloudTrail-Digest_eu-west-1_t_eu-west-1_20260301T000000Z.json.gz";
    file(join("trail", key), gzipSync(digest));
    file(join("trail", "renamed-digest.json"), digest);
    const named = "111122223333_CloudTrail-Digest_eu-west-1_t_eu-west-1_20260301T010000Z.json";
    file(join("trail", named), '{"Records":[{"not":"an event"}]}');
    file(join("trail", "deep", "1.json.gz"), gzipSync(pretty));
    file(join("trail", "empty.json"), '{"Records":[]}');
    file(join("trail", "other.json"), '{"hits":[1]}');

    const { records, notes, problems } = await read([join(dir, "trail")], { records: "Records" });

    deepStrictEqual(records, [
      '{"id":9007199254740993,"t":"a, ]} b\\"\\n"}\n',
      '{"n":[1,{"Records":[2]}]}\n',
    ]);
    deepStrictEqual(problems, []);
    deepStrictEqual(notes, [
      `${join(dir, "trail", key)}: a CloudTrail digest, left out`,
      `${join(dir, "trail", named)}: a CloudTrail digest, left out`,
      `${join(dir, "trail", "other.json")}: has no array Records, left out`,
      `${join(dir, "trail", "renamed-digest.json")}: a CloudTrail digest, left out`,
    ]);
  });

  it("names a JSON file that is torn and an element that is too long", async () => {
    const paths = [
      file("torn.json", '{"Records":[{"a":1},{"a"'),
      file("long.json", `{"Records":[{"a":"${"x".repeat(1_100_000)}"},{"b":2}]}`),
    ];

    const { records, problems, refused } = await read(paths, { records: "Records" });

    deepStrictEqual(records, ['{"a":1}\n', '{"b":2}\n']);
    deepStrictEqual(problems.length, 1);
    deepStrictEqual(refused, [`${paths[1]}: element 1 of Records`]);
  });
});
