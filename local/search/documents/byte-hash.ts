import { randomInt } from "node:crypto";

/** Of each process another: whoever writes what is logged must not know which bytes share a slot. */
export const hashSeed = randomInt(2 ** 31);

/** The hash of one byte more. */
export const withByte = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x01000193);

/** The hash of so many bytes that have all been taken into it. */
export function finished(hash: number, length: number): number {
  const whole = hash ^ length;
  // The low bits choose the slot.
  return whole ^ (whole >>> 15);
}

export function hashOf(bytes: Uint8Array, begin: number, end: number): number {
  let hash = hashSeed;
  for (let at = begin; at < end; at++) hash = withByte(hash, bytes[at] as number);
  return finished(hash, end - begin);
}

/** Another one, of longer stretches: four bytes at a time. */
export function wideHashOf(bytes: Buffer, begin: number, end: number): number {
  let hash = hashSeed;
  let at = begin;
  for (; at + 4 <= end; at += 4) {
    const four =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    hash = withByte(hash, four);
    // The product takes low bits up alone.
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = withByte(hash, bytes[at] as number);
  return finished(hash, end - begin);
}
