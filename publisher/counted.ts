/** A number with its noun, such as `1 record` and `1,234 records`. */
export const counted = (n: number, noun: string): string =>
  `${n.toLocaleString("en-US")} ${n === 1 ? noun : `${noun}s`}`;
