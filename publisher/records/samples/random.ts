/** Numbers that look random and are the same for the same seed (mulberry32). */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  /** One of the values; the first ones more often, as pages and visitors are in real logs. */
  skewed<T>(values: readonly T[]): T;
  pick<T>(values: readonly T[]): T;
  /** True in `percent` of the calls. */
  chance(percent: number): boolean;
  hex(digits: number): string;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    skewed: (values) => values[Math.floor(next() ** 2 * values.length)]!,
    pick: (values) => values[below(values.length)]!,
    chance: (percent) => next() * 100 < percent,
    hex: (digits) => Array.from({ length: digits }, () => below(16).toString(16)).join(""),
  };
}
