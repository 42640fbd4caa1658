/** Objects as they lie in people's buckets, cut into records. */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { createReadRecords, type From } from "../../log-objects/read-records";
import type { Cut } from "../../log-objects/split";
import type { Store } from "../../log-objects/store";

const zstd = (text: string | Buffer): Buffer => zstdCompressSync(Buffer.from(text as string));
const first: From = { records: 0, bytes: 0, isPacked: false };
const object = { bucket: "logs", key: "a" };

interface Read {
  readonly isWhole: boolean;
  readonly tooLong: number;
  readonly cuts: readonly Cut[];
  readonly isPacked: boolean | undefined;
}

/** @param chunkBytes that come from the bucket at once @param records after which the reader has enough */
async function read(body: Buffer, chunkBytes: number, from: From = first, records = Infinity): Promise<Read> {
  const cuts: Cut[] = [];
  let isPacked: boolean | undefined;
  const store = {
    read: async (_: unknown, start: number, take: (chunk: Buffer) => Promise<void>) => {
      for (let at = start; at < body.length; at += chunkBytes) await take(body.subarray(at, at + chunkBytes));
    },
  } as unknown as Store;
  const outcome = await createReadRecords(store)(object, {
    from,
    isTaken: () => false,
    mayGoOn: () => cuts.length < records,
    take: async (some, isPackedText) => {
      cuts.push(...some);
      isPacked = isPackedText;
      return cuts.length < records;
    },
  });
  return { ...outcome, cuts, isPacked };
}
const textsOf = ({ cuts }: Read): string[] => cuts.map(({ data }) => data.toString());

describe("log-objects/read-records", () => {
  const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);
  const readable: readonly (readonly [what: string, body: Buffer, lines: readonly string[]])[] = [
    ["an empty object", Buffer.alloc(0), []],
    ["gzip of nothing", gzipSync(""), []],
    ["one byte", Buffer.from("x"), ["x\n"]],
    ["gzip members in a row", Buffer.concat([gzipSync("a\nb"), gzipSync("c\n")]), ["a\n", "bc\n"]],
    ["gzip with zeros behind it", Buffer.concat([gzipSync("a\n"), Buffer.alloc(700)]), ["a\n"]],
    [
      "gzip members with zeros between them",
      Buffer.concat([gzipSync("a\n"), Buffer.alloc(700), gzipSync("b\n")]),
      ["a\n", "b\n"],
    ],
    ["zstd frames in a row", Buffer.concat([zstd("a\n"), zstd("b\n"), zstd("c\n")]), ["a\n", "b\n", "c\n"]],
    [
      "zstd behind a frame that is to be skipped",
      Buffer.concat([skippable, zstd("a\n"), skippable, zstd("b\n")]),
      ["a\n", "b\n"],
    ],
    [
      "a header and no line",
      Buffer.from("#Version: 1.0\n#Fields: date time\n"),
      ["#Version: 1.0\n", "#Fields: date time\n"],
    ],
    ["a byte order mark", Buffer.from("\ufeffa\n\ufeffb"), ["a\n", "\ufeffb\n"]],
    ["a byte order mark in gzip", gzipSync("\ufeffa\nb\n"), ["a\n", "b\n"]],
    ["a byte order mark alone", Buffer.from("\ufeff"), []],
    ["a byte order mark before CloudTrail's list", Buffer.from('\ufeff{"Records":[{"a":1}]}'), ['{"a":1}\n']],
    ["lines that end with CR and LF", Buffer.from("a\r\n\r\nb\r\n"), ["a\r\n", "b\r\n"]],
    ["text that begins like bzip2", Buffer.from("BZh9 is no magic\n"), ["BZh9 is no magic\n"]],
  ];
  for (const [what, body, lines] of readable) {
    it(`reads ${what}, whatever pieces it comes in`, async () => {
      for (const chunkBytes of [1, 7, 64_000]) {
        const got = await read(body, chunkBytes);
        deepStrictEqual([got.isWhole, textsOf(got)], [true, lines], `pieces of ${chunkBytes} bytes`);
      }
    });
  }

  const unreadable: readonly (readonly [what: string, body: Buffer, reason: RegExp])[] = [
    ["Parquet", Buffer.from("PAR1\x15\x04", "latin1"), /is Parquet/],
    ["Avro", Buffer.from("Obj\x01\x04", "latin1"), /is Avro/],
    ["ORC", Buffer.from("ORC\x08\x03", "latin1"), /is ORC/],
    ["ZIP", Buffer.from("PK\x03\x04\x14", "latin1"), /is ZIP/],
    ["bzip2", Buffer.from("BZh91AY&SY", "latin1"), /is bzip2/],
    ["xz", Buffer.from("\xfd7zXZ\0", "latin1"), /is xz/],
    ["lz4", Buffer.from("\x04\x22\x4d\x18", "latin1"), /is lz4/],
    ["UTF-16", Buffer.from("\ufeffone line\n", "utf16le"), /is UTF-16/],
    ["UTF-16 without its mark", Buffer.from("one line\n", "utf16le"), /is UTF-16/],
    ["Parquet in gzip", gzipSync(Buffer.from("PAR1\x15\x04", "latin1")), /is Parquet/],
    ["gzip in gzip", gzipSync(gzipSync("a\n")), /packed twice/],
    ["zstd in gzip", gzipSync(zstd("a\n")), /packed twice/],
    ["zstd that is cut", zstd("abc\n".repeat(5000)).subarray(0, -3), /unexpected end of file/],
    ["zstd with text behind it", Buffer.concat([zstd("a\n"), Buffer.from("b\nc\nd\n")]), /not packed|frame/i],
    [
      "gzip with text behind it",
      Buffer.concat([gzipSync("a\n"), Buffer.from("b\nc\nd\n")]),
      /incorrect header/,
    ],
    [
      "gzip with text behind its zeros",
      Buffer.concat([gzipSync("a\n"), Buffer.alloc(9), Buffer.from("b\nc\n")]),
      /not packed/,
    ],
    ["the first bytes of gzip behind gzip", Buffer.concat([gzipSync("a\n"), Buffer.from([0x1f, 0x8b])]), /./],
  ];
  for (const [what, body, reason] of unreadable) {
    it(`refuses ${what}, whatever pieces it comes in`, async () => {
      for (const chunkBytes of [1, 7, 64_000]) await rejects(read(body, chunkBytes), reason);
    });
  }

  it("sends the whole lines before the damage", async () => {
    const lines = Array.from({ length: 5000 }, (_, n) => `${Math.sin(n)}\n`);
    const taken: string[] = [];
    const cut = gzipSync(lines.join("")).subarray(0, 40_000);
    const store = { read: (_: unknown, __: number, take: (chunk: Buffer) => Promise<void>) => take(cut) };
    const reading = createReadRecords(store as unknown as Store)(object, {
      from: first,
      isTaken: () => false,
      mayGoOn: () => true,
      take: async (some) => taken.push(...some.map(({ data }) => data.toString())) > 0,
    });

    await rejects(reading, /unexpected end of file/);
    ok(taken.length % 500 > 0 && taken.length > 1000, String(taken.length));
    deepStrictEqual(taken, lines.slice(0, taken.length));
  });

  it("goes on within lines where it stopped, plain from that byte on, unpacked from that byte of the text on", async () => {
    const text = Array.from({ length: 2000 }, (_, n) => `line ${n}${n % 3 ? "\n" : "\r\n\n"}`).join("");
    const whole = textsOf(await read(Buffer.from(text), 4096));
    for (const body of [
      Buffer.from(text),
      gzipSync(text),
      Buffer.concat([zstd(text.slice(0, 700)), zstd(text.slice(700))]),
    ]) {
      const begun = await read(body, 4096, first, 500);
      const last = begun.cuts.at(-1)!;
      const rest = await read(body, 4096, { records: 500, bytes: last.end, isPacked: begun.isPacked! });

      strictEqual(begun.isWhole, false);
      deepStrictEqual(rest.cuts[0]!.place, 500);
      deepStrictEqual([...textsOf(begun), ...textsOf(rest)], whole);
    }
  });

  it("leaves out a line of 64 MiB, and sends the lines around it", async () => {
    const mebibyte = Buffer.alloc(1 << 20, "x");
    const store = {
      read: async (_: unknown, __: number, take: (chunk: Buffer) => Promise<void>) => {
        await take(Buffer.from(`one\n${" ".repeat(300)}`));
        for (let n = 0; n < 64; n++) await take(mebibyte);
        await take(Buffer.from("\ntwo"));
      },
    } as unknown as Store;
    const lines: string[] = [];
    const { tooLong } = await createReadRecords(store)(object, {
      from: first,
      isTaken: () => false,
      mayGoOn: () => true,
      take: async (some) => {
        lines.push(...some.map(({ data }) => data.toString()));
        return true;
      },
    });

    deepStrictEqual([lines, tooLong], [["one\n", "two\n"], 1]);
  });

  it("ends where its reader has no time, though there is no record in what it reads", async () => {
    const { isWhole, cuts } = await read(Buffer.alloc(5000, "x"), 100, first, 0);
    deepStrictEqual([isWhole, cuts], [false, []]);
  });
});
