const [zero, nine] = [48, 57];

export interface NumberedForm {
  /** ASCII, as all of a text. */
  readonly before: string;
  /** Of the number, with zeros in front. */
  readonly digits: number;
  readonly behind: string;
}

/**
 * So many texts one behind the other, the number of each one more than that before. They are counted up as digits: a text
 * for each, put together of its zeros and its number, takes several times the time and the memory.
 */
export function numberedTexts(
  { before, digits, behind }: NumberedForm,
  first: number,
  count: number,
): string {
  const text = `${before}${String(first).padStart(digits, "0")}${behind}`;
  const { length } = text;
  const all = Buffer.allocUnsafe(count * length);
  all.write(text, "latin1");
  for (let start = length; start < all.length; start += length) {
    all.copyWithin(start, start - length, start);
    let digit = start + length - behind.length - 1;
    for (; all[digit] === nine; digit--) all[digit] = zero;
    all[digit]!++;
  }
  return all.toString("latin1");
}
