import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { itemsOf } from "../../../publisher/replay/items";
import { splitBackup } from "../../../publisher/replay/split-backup";

const texts = (bytes: Buffer): string[] =>
  splitBackup(bytes).records.map((record) => record.bytes.toString());

describe("publisher/replay/split-backup", () => {
  it("splits JSON texts that stand one after another, strings and nesting respected", () => {
    const records = ['{"a":"}{","b":[1,{"c":"\\"]"}]}', "[1,2]", '{"d":"\\\\"}', '{\n  "pretty": true\n}'];

    deepStrictEqual(texts(Buffer.from(records.join(""))), records);
  });

  it("keeps the newline that belongs to a record [B13]", () => {
    deepStrictEqual(texts(Buffer.from('{"a":1}\n{"a":2}\n\n{"a":3}')), ['{"a":1}\n', '{"a":2}\n', '{"a":3}']);
  });

  it("takes lines where there is no JSON, also such that begin with a bracket", () => {
    const lines = ["[error] no {json\n", '{"torn":"\n', "192.0.2.9 GET /\n", '{"a":1}\n'];

    deepStrictEqual(texts(Buffer.from(lines.join(""))), lines);
  });

  it("cannot split text without any delimiter: it stays one record [B13]", () => {
    deepStrictEqual(texts(Buffer.from("abcabcabc")), ["abcabcabc"]);
  });

  it("reports a torn tail with its offset", () => {
    const { records, torn } = splitBackup(Buffer.from('{"a":1}{"a":[2,'));

    strictEqual(records.length, 1);
    deepStrictEqual(torn, [{ offset: 7, lengthBytes: 8, reason: "a JSON text that does not end" }]);
  });

  const payload = '{"messageType":"DATA_MESSAGE","logEvents":[]}';
  const gzipped = Array.from({ length: 2 }, () => gzipSync(payload));

  it("splits at gzip members, byte for byte, one level only [B50]", () => {
    const object = { key: "2026/03/01/09/web-1-x", sizeBytes: 0, timeMs: 0 };
    const bytes = Buffer.concat(gzipped);

    const plain = itemsOf(object, bytes);
    const packed = itemsOf({ ...object, key: `${object.key}.gz` }, gzipSync(bytes));

    deepStrictEqual(
      plain.items.map((item) => item.bytes),
      gzipped,
    );
    deepStrictEqual(
      packed.items.map((item) => item.bytes),
      gzipped,
    );
    deepStrictEqual([...plain.problems, ...packed.problems], []);
  });

  it("splits members with names and comments in their headers, among JSON [B50]", () => {
    const [member] = gzipped as [Buffer];
    const named = Buffer.concat([
      member.subarray(0, 3),
      Buffer.from([8 | 16]),
      member.subarray(4, 10),
      Buffer.from("n\0c\0"),
      member.subarray(10),
    ]);

    deepStrictEqual(
      splitBackup(Buffer.concat([named, Buffer.from('{"a":1}\n'), member])).records.map(
        ({ bytes }) => bytes.length,
      ),
      [named.length, 8, member.length],
    );
  });

  it("reports a gzip member that is torn or damaged, with its offset [B50]", () => {
    const [member] = gzipped as [Buffer];
    const damaged = Buffer.from(member);
    damaged.writeUInt32LE(1, damaged.length - 8);

    for (const cut of [5, 20, member.length - 4]) {
      const { records, torn } = splitBackup(Buffer.concat([member, member.subarray(0, cut)]));
      strictEqual(records.length, 1);
      strictEqual(torn[0]?.offset, member.length);
    }
    strictEqual(splitBackup(damaged).torn[0]?.reason, "a gzip member with a wrong checksum");
  });

  for (const [format, key, bytes] of [
    ["ZIP", "web-1-x.zip", ""],
    ["ZIP", "web-1-x", "PK\x03\x04"],
    ["Snappy", "web-1-x.snappy", ""],
    ["Snappy", "web-1-x", "\xff\x06\x00\x00sNaPpY"],
    ["Hadoop-compatible Snappy", "web-1-x.hsnappy", ""],
  ] as const) {
    it(`refuses ${format} (${key}${bytes && ", by its first bytes"}) instead of cutting it into lines`, () => {
      throws(() => itemsOf({ key, sizeBytes: 0, timeMs: 0 }, Buffer.from(`${bytes}a\nb\n`, "latin1")), {
        message: new RegExp(`^is ${format}; replay reads gzip and uncompressed objects: unpack it`),
      });
    });
  }
});
