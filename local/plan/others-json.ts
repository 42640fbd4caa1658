/** JSON that a program of somebody else wrote: what is of another shape is read as if nothing were there. */

// biome-ignore lint/suspicious/noExplicitAny: its values are looked at one by one
export type Json = Readonly<Record<string, any>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Empty for what is no object. */
export const objectIn = (value: unknown): Json => (isObject(value) ? value : {});

/** The objects of a list; empty for what is none. */
export const objectsIn = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** The texts of a list; empty for what is none. */
export const textsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];

/** What the text says; undefined for what is no text or no JSON. */
export function parsed(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
