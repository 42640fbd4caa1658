import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { type LineOptions, lineBatches } from "../../../publisher/records/lines";
import { type Chunk, quiet } from "../../../publisher/records/quiet";
import type { PutBatch } from "../../../publisher/wire/put-batch";
import { seeded } from "../sink";
import { texts as text } from "./texts";

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

describe("publisher/records/lines, quiet", () => {
  const refuse = () => ({ write() {}, end() {} });

  async function batches(chunks: Chunk[]): Promise<string[][]> {
    const all: string[][] = [];
    for await (const batch of lineBatches(chunks, { refuse })) all.push(text(batch));
    return all;
  }

  it("gives what is whole when the source is quiet; a line that has begun goes on behind it [C21]", async () => {
    const chunks = ["a\nb\nunf", quiet, "in", quiet, "ished\nc", quiet] as const;

    deepStrictEqual(await batches(chunks.map((chunk) => (chunk === quiet ? chunk : Buffer.from(chunk)))), [
      ["a\n", "b\n"],
      ["unfinished\n"],
      ["c\n"],
    ]);
  });

  it("makes no empty batch of silence", async () => {
    deepStrictEqual(await batches([quiet, Buffer.from("\n"), quiet, quiet]), []);
  });

  it("goes on with a line that is too long", async () => {
    const long = Buffer.alloc(700_000, "x");

    deepStrictEqual(await batches([Buffer.from("a\n"), long, quiet, long, quiet, Buffer.from("x\nb\n")]), [
      ["a\n"],
      ["b\n"],
    ]);
  });
});
