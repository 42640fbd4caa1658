/** What a shape of the corpus is, and what it is made with. */

/** Secrets as they stand in the record; some shapes encode them, and then their encoded form must go as well. */
export interface Shape {
  readonly name: string;
  readonly record: (secret: string) => string;
  /** What must not be found. @default the secret */
  readonly hidden?: (secret: string) => string;
}

export const shape = (name: string, record: Shape["record"], hidden?: Shape["hidden"]): Shape =>
  hidden ? { name, record, hidden } : { name, record };

export const json = (value: unknown): string => JSON.stringify(value);
export const message = (text: string): string => json({ level: "info", message: text });
export const base64 = (text: string): string => Buffer.from(text).toString("base64");
