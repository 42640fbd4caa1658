/** Pictures of a browser's encoder, one after another in one file: https://developers.google.com/speed/webp/docs/riff_container */

/** A part of the film's picture that is laid over what was there before. */
export interface FilmFrame {
  /** A WebP file of one picture. */
  readonly webp: Buffer;
  /** Place of its left upper corner, in even pixels, as the format counts them. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
}

/** Without end, from the first frame again. */
export function animatedWebp(width: number, height: number, frames: readonly FilmFrame[]): Buffer {
  const isAnimated = 0b10;
  const canvas = Buffer.concat([Buffer.from([isAnimated, 0, 0, 0]), uint24(width - 1), uint24(height - 1)]);
  const whiteForEver = Buffer.from([255, 255, 255, 255, 0, 0]);
  const parts = [chunk("VP8X", canvas), chunk("ANIM", whiteForEver), ...frames.map(frameChunk)];
  return chunk("RIFF", Buffer.concat([Buffer.from("WEBP"), ...parts]));
}

function frameChunk({ webp, x, y, width, height, durationMs }: FilmFrame): Buffer {
  const doNotBlend = 0b10;
  const head = [x / 2, y / 2, width - 1, height - 1, durationMs].map(uint24);
  return chunk("ANMF", Buffer.concat([...head, Buffer.from([doNotBlend]), pictureOf(webp)]));
}

/** The chunk with the pixels: an encoder may have laid others around it. */
function pictureOf(webp: Buffer): Buffer {
  const riffHead = 12;
  for (let at = riffHead; at + 8 <= webp.length; ) {
    const size = 8 + webp.readUInt32LE(at + 4);
    const name = webp.toString("latin1", at, at + 4);
    if (name === "VP8 " || name === "VP8L") return webp.subarray(at, at + size + (size % 2));
    at += size + (size % 2);
  }
  throw new Error("The browser's picture holds no pixels.");
}

/** Padded to an even length. */
function chunk(name: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8, name, "latin1");
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

function uint24(value: number): Buffer {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntLE(value, 0, 3);
  return bytes;
}
