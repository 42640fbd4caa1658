import assert from "node:assert/strict";
import { animatedWebp } from "../../docs/film/animated-webp";

/** Chunks of a RIFF file, each `[name, data]`. */
function chunksOf(bytes: Buffer): [string, Buffer][] {
  const chunks: [string, Buffer][] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = bytes.readUInt32LE(at + 4);
    chunks.push([bytes.toString("latin1", at, at + 4), bytes.subarray(at + 8, at + 8 + size)]);
    at += 8 + size + (size % 2);
  }
  return chunks;
}

/** As an encoder writes it, with a chunk of other things in front of the pixels. */
function picture(pixels: string): Buffer {
  const chunk = (name: string, data: string) => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(data.length);
    return Buffer.concat([Buffer.from(name), size, Buffer.from(data), Buffer.alloc(data.length % 2)]);
  };
  return Buffer.concat([Buffer.from("RIFF\0\0\0\0WEBP"), chunk("ICCP", "odd"), chunk("VP8L", pixels)]);
}

describe("an animated WebP", () => {
  it("holds the pixels of each frame, its place, its size and how long it is seen", () => {
    const place = { x: 4, y: 2, width: 3, height: 5, durationMs: 700 };

    const film = animatedWebp(960, 860, [
      { webp: picture("first"), x: 0, y: 0, width: 960, height: 860, durationMs: 90 },
      { webp: picture("next"), ...place },
    ]);

    const [[riff, whole]] = chunksOf(film) as [[string, Buffer]];
    assert.deepEqual([riff, whole.toString("latin1", 0, 4), whole.length + 8], ["RIFF", "WEBP", film.length]);
    const [head, , first, next] = chunksOf(whole.subarray(4));
    assert.deepEqual([head![0], head![1].readUIntLE(4, 3), head![1].readUIntLE(7, 3)], ["VP8X", 959, 859]);
    const data = next![1];
    const numbers = [0, 3, 6, 9, 12].map((at) => data.readUIntLE(at, 3));
    assert.deepEqual(numbers, [2, 1, 2, 4, 700]);
    assert.deepEqual(chunksOf(first![1].subarray(16))[0]![1].toString(), "first");
    assert.deepEqual(chunksOf(data.subarray(16))[0]![1].toString(), "next");
  });
});
