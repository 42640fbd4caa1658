/** Numbers as FTS5 writes them into its pages. */

/** Worded as SQLite does, so that it is taken for what it is. */
export function malformed(what: string): never {
  throw new Error(`database disk image is malformed: ${what}`);
}

/** Numbers of seven bits a byte, the greatest first. */
export class Numbers {
  at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  next(): number {
    const first = this.bytes[this.at] as number;
    if (first < 128) {
      this.at++;
      return first;
    }
    return this.longer();
  }

  private longer(): number {
    let value = 0;
    for (let taken = 0; taken < 8; taken++) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) break;
      if (byte < 128) return value * 128 + byte;
      value = value * 128 + (byte - 128);
    }
    return malformed("a number without an end");
  }
}

/** Writes a number the same way, and says where it ends. */
export function putNumber(bytes: Uint8Array, at: number, value: number): number {
  const rest = Math.floor(value / 128);
  const last = rest === 0 ? at : putAllButLast(bytes, at, rest);
  bytes[last] = value - rest * 128;
  return last + 1;
}

function putAllButLast(bytes: Uint8Array, at: number, value: number): number {
  const rest = Math.floor(value / 128);
  const last = rest === 0 ? at : putAllButLast(bytes, at, rest);
  bytes[last] = value - rest * 128 + 128;
  return last + 1;
}
