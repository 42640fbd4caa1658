import { randomInt } from "node:crypto";

/** Of each process another: whoever writes what is logged must not know which tokens share a slot. */
const hashSeed = randomInt(2 ** 31);

/** Of the bytes of a token. */
export function hashOf(bytes: Buffer, begin: number, end: number): number {
  let hash = hashSeed ^ (end - begin);
  for (let at = begin; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  // The low bits choose the slot.
  return hash ^ (hash >>> 15);
}
