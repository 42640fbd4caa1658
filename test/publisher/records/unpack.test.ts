import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { gunzipSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { Chunk } from "../../../publisher/records/quiet";
import { packingOf, unpacked } from "../../../publisher/records/unpack";

/** Bytes as they are read from a file, or with `again` off from a pipe. */
async function unpack(bytes: Buffer, { again = true, chunkBytes = 100_000 } = {}) {
  async function* chunks(): AsyncGenerator<Chunk> {
    for (let at = 0; at < bytes.length; at += chunkBytes)
      yield Buffer.from(bytes.subarray(at, at + chunkBytes));
  }
  const packing = packingOf(bytes)!;
  const parts: Buffer[] = [];
  let problem = "";
  try {
    const options = again ? { packing, again: chunks } : { packing };
    for await (const chunk of unpacked(chunks(), options)) parts.push(Buffer.from(chunk as Buffer));
  } catch (error) {
    problem = (error as Error).message;
  }
  return { text: Buffer.concat(parts).toString("latin1"), problem };
}

/** Text that does not pack well. */
const lines = (count: number): string =>
  Array.from({ length: count }, (_, n) => `line ${n} ${Math.imul(n, 2654435761) >>> 0}\n`).join("");

const packers = { gzip: gzipSync, zstd: zstdCompressSync } as const;

describe("publisher/records/unpack", () => {
  for (const [name, pack] of Object.entries(packers)) {
    it(`unpacks several members of ${name} in a row, wherever they are cut, and zeros behind them`, async () => {
      const bytes = Buffer.concat([
        pack("one\n"),
        pack(lines(3000)),
        pack(""),
        pack("two\n"),
        Buffer.alloc(512),
      ]);

      for (const chunkBytes of [7, 1000, 1_000_000]) {
        deepStrictEqual(await unpack(bytes, { chunkBytes }), {
          text: `one\n${lines(3000)}two\n`,
          problem: "",
        });
      }
    });

    it(`gives what ${name} has before text that stands behind it, and says that it stands there [C25]`, async () => {
      for (const behind of ["plain line\n", "\0\0plain", "\x1f", "(\xb5/x"]) {
        const { text, problem } = await unpack(Buffer.concat([pack("one\n"), Buffer.from(behind, "latin1")]));

        strictEqual(text, "one\n");
        match(
          problem,
          /behind the compressed data|header|descriptor|unexpected end|magic|prefix|Src size|unsupported/i,
        );
      }
    });

    it(`gives all that stands before the end of torn ${name} [C25]`, async () => {
      const bytes = pack(lines(3000));

      for (const cut of [1, 3, 8, bytes.length >> 1]) {
        const { text, problem } = await unpack(bytes.subarray(0, bytes.length - cut));

        match(problem, /unexpected end/);
        strictEqual(lines(3000).startsWith(text), true);
        // A block of zstd is whole or not at all.
        if (name === "gzip") strictEqual(text.length > 20_000, true);
      }
    });
  }

  it("gives all that stands before a flipped bit in gzip, as a byte-wise reader would, and the problem [C25]", async () => {
    const whole = lines(8000);
    const bytes = Buffer.from(gzipSync(whole));
    const at = bytes.length >> 1;
    bytes.fill(0xff, at, at + 40);

    const { text, problem } = await unpack(bytes);
    const before = gunzipSync(bytes.subarray(0, at), { finishFlush: 2 }).toString("latin1");

    match(problem, /invalid|incorrect/);
    strictEqual(before.length > 50_000, true);
    strictEqual(text.startsWith(before.slice(0, -300)), true);
    strictEqual((await unpack(bytes, { again: false })).problem, problem);
  });

  it("gives all of a member whose checksum is wrong, and the problem [C25]", async () => {
    const bytes = Buffer.from(gzipSync("one\ntwo\n"));
    bytes[bytes.length - 8]! ^= 1;

    deepStrictEqual(await unpack(bytes), { text: "one\ntwo\n", problem: "incorrect data check" });
  });

  for (const [name, start] of [
    ["xz", "\xfd7zXZ\0\0\0"],
    ["bzip2", "BZh91AY&SY"],
    ["lz4", "\x04\x22\x4d\x18data"],
    ["ZIP", "PK\x03\x04data"],
    ["compress", "\x1f\x9ddata"],
  ] as const) {
    it(`refuses ${name} with what to type`, () => {
      let problem = "";
      try {
        packingOf(Buffer.from(start, "latin1"));
      } catch (error) {
        problem = (error as Error).message;
      }
      match(
        problem,
        new RegExp(`^is ${name}, and gzip and zstd are read: .* FILE \\| npm run publish -- --file -$`),
      );
    });
  }

  it("takes text for text", () => {
    strictEqual(packingOf(Buffer.from("BZhello world")), undefined);
  });
});
