/** Goes through the tokens of one segment and hands on the records of each, where a set of them all is not enough. */
import { malformed } from "./page-numbers";
import { SegmentWalk } from "./segment-walk";
import type { TokenTest, WantedTokens } from "./wanted-tokens";

/** Records that are handed on at once. */
const recordsAtOnce = 1024;

export interface TokenVisitor {
  /** Shown a token where it lies in memory: whether its records are wanted. One token may be in several segments. */
  readonly token: TokenTest;
  /** Records of the token that was shown last, as numbers beyond the origin; they may come in several parts. */
  records(records: Int32Array, count: number): void;
}

export class TokenRecordsWalk extends SegmentWalk {
  private readonly part = new Int32Array(recordsAtOnce);

  /** No record is before the origin, and none 2^31 beyond it. */
  constructor(
    wanted: WantedTokens,
    private readonly visitor: TokenVisitor,
    private readonly origin: number,
    lastSeq: number,
  ) {
    super([wanted], lastSeq);
  }

  protected override records(page: Uint8Array, begin: number, end: number): void {
    const { part, visitor, origin, lastSeq } = this;
    let count = 0;
    let seq = 0;
    for (let at = begin; at < end; ) {
      let byte = page[at++] as number;
      let difference = byte;
      if (byte >= 128) {
        difference = byte - 128;
        do {
          byte = at < end ? (page[at++] as number) : malformed("a list of records breaks off");
          difference = difference * 128 + (byte & 127);
        } while (byte >= 128);
      }
      seq += difference;
      if (difference === 0 || seq > lastSeq || seq < origin)
        malformed("a token of a record that is not there");
      part[count++] = seq - origin;
      if (count < recordsAtOnce) continue;
      visitor.records(part, count);
      count = 0;
    }
    if (count > 0) visitor.records(part, count);
  }
}
