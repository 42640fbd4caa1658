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
  const digits = Array.from({ length: bytesAtOnce / 2 }, (_, at) => digitsOf(texts, order, depth + 2 * at));
  let places: Int32Array = new Int32Array(length);
  for (let at = 0; at < length; at++) places[at] = at;
  for (const those of digits.toReversed()) places = sortedBy(those, places);
  const before = order.slice();
  for (let at = 0; at < length; at++) order[at] = before[places[at] as number] as number;
  sortTies(texts, order, { places, digits, depth });
}

/** Two bytes of each, all read once and in their order: later they are looked up here and there. */
function digitsOf({ bytes, starts }: Texts, order: Int32Array, depth: number): Uint16Array {
  const digits = new Uint16Array(order.length);
  for (let place = 0; place < order.length; place++) {
    const text = order[place] as number;
    const at = (starts[text] as number) + depth;
    const end = starts[text + 1] as number;
    if (at + 1 < end) digits[place] = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    else if (at < end) digits[place] = (bytes[at] as number) << 8;
  }
  return digits;
}

function sortedBy(digits: Uint16Array, places: Int32Array): Int32Array {
  const { length } = places;
  const counts = new Int32Array(digitValues);
  for (let place = 0; place < length; place++) counts[digits[place] as number]!++;
  if (counts[digits[0] as number] === length) return places;
  let sum = 0;
  for (let digit = 0; digit < digitValues; digit++) {
    const those = counts[digit] as number;
    counts[digit] = sum;
    sum += those;
  }
  const to = new Int32Array(length);
  for (let at = 0; at < length; at++) {
    const place = places[at] as number;
    to[counts[digits[place] as number]!++] = place;
  }
  return to;
}

interface ByDigits {
  readonly places: Int32Array;
  readonly digits: readonly Uint16Array[];
  readonly depth: number;
}

function sortTies(texts: Texts, order: Int32Array, { places, digits, depth }: ByDigits): void {
  const [first, second, third] = digits as [Uint16Array, Uint16Array, Uint16Array];
  for (let from = 0; from < order.length; ) {
    const one = places[from] as number;
    let to = from + 1;
    for (; to < order.length; to++) {
      const other = places[to] as number;
      if (first[one] !== first[other] || second[one] !== second[other] || third[one] !== third[other]) break;
    }
    if (to - from > 1) sortFrom(texts, order.subarray(from, to), depth + bytesAtOnce);
    from = to;
  }
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
