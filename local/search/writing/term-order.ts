/** Puts texts of bytes in order: many by six bytes at a time, without a look at two of them together. */

const bytesAtOnce = 6;
/** Fewer are compared with each other: a count of each value of two bytes would cost more. */
const manyTexts = 2048;
const fewTexts = 16;
const digitValues = 2 ** 16;

/**
 * Places of the texts in the order of their bytes; text `n` begins at `starts[n]` and ends where the next one begins. No two are
 * the same, and none has a byte 0.
 */
export function sortTerms(bytes: Uint8Array, starts: Int32Array, count: number): Int32Array {
  const order = new Int32Array(count);
  for (let at = 0; at < count; at++) order[at] = at;
  sortFrom({ bytes, starts }, order, 0);
  return order;
}

interface Texts {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
}

/** All of `order` have their first `depth` bytes in common. */
function sortFrom(texts: Texts, order: Int32Array, depth: number): void {
  if (order.length <= fewTexts) insertEach(texts, order, depth);
  else if (order.length < manyTexts) order.sort((one, other) => compare(texts, one, other, depth));
  else sortByDigits(texts, order, depth);
}

/** The last two of the six bytes first: what is equal then stays in its order. */
function sortByDigits(texts: Texts, order: Int32Array, depth: number): void {
  const { length } = order;
  const counts = new Int32Array(digitValues);
  const digits = new Uint16Array(length);
  let from: Int32Array = order;
  let to: Int32Array = new Int32Array(length);
  for (let at = bytesAtOnce - 2; at >= 0; at -= 2) {
    counts.fill(0);
    for (let place = 0; place < length; place++) {
      const digit = digitOf(texts, from[place] as number, depth + at);
      digits[place] = digit;
      counts[digit]!++;
    }
    let sum = 0;
    for (let digit = 0; digit < digitValues; digit++) {
      const those = counts[digit] as number;
      counts[digit] = sum;
      sum += those;
    }
    for (let place = 0; place < length; place++)
      to[counts[digits[place] as number]!++] = from[place] as number;
    [from, to] = [to, from];
  }
  order.set(from);
  sortTies(texts, order, depth);
}

function sortTies(texts: Texts, order: Int32Array, depth: number): void {
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && hasSameBytes(texts, order[from] as number, order[to] as number, depth)) to++;
    if (to - from > 1) sortFrom(texts, order.subarray(from, to), depth + bytesAtOnce);
    from = to;
  }
}

function digitOf({ bytes, starts }: Texts, text: number, depth: number): number {
  const at = (starts[text] as number) + depth;
  const end = starts[text + 1] as number;
  if (at + 1 < end) return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
  return at < end ? (bytes[at] as number) << 8 : 0;
}

function hasSameBytes(texts: Texts, one: number, other: number, depth: number): boolean {
  for (let at = 0; at < bytesAtOnce; at += 2)
    if (digitOf(texts, one, depth + at) !== digitOf(texts, other, depth + at)) return false;
  return true;
}

function compare({ bytes, starts }: Texts, one: number, other: number, depth: number): number {
  let at = (starts[one] as number) + depth;
  let to = (starts[other] as number) + depth;
  const end = starts[one + 1] as number;
  const otherEnd = starts[other + 1] as number;
  for (; at < end && to < otherEnd; at++, to++) {
    const difference = (bytes[at] as number) - (bytes[to] as number);
    if (difference !== 0) return difference;
  }
  return end - at - (otherEnd - to);
}

function insertEach(texts: Texts, order: Int32Array, depth: number): void {
  for (let at = 1; at < order.length; at++) {
    const text = order[at] as number;
    let to = at;
    for (; to > 0 && compare(texts, text, order[to - 1] as number, depth) < 0; to--)
      order[to] = order[to - 1] as number;
    order[to] = text;
  }
}
