/** JSON whose numbers keep their digits: the one reader of the local run for documents that others have written. */

/** A number whose digits JavaScript's own number would not give back, such as 9007199254740993 or 1.0. */
export class ExactNumber {
  constructor(readonly text: string) {}

  get isInteger(): boolean {
    return !/[.eE]/.test(this.text);
  }

  /** `JSON.stringify` writes the number as it came. */
  toJSON(): unknown {
    return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(this.text);
  }
}

export type Scalar = string | number | boolean | ExactNumber;

/** A number, outside strings as a rule, that JavaScript would write otherwise. Too many hits only cost time. */
const inexactNumber = /[:,[]\s*(?:-0(?![\d.])|-?(?:\d{16}|\d+\.\d*0(?!\d)|\d+\.\d{15}|\d+(?:\.\d+)?[eE]))/;

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

const keepDigits: Reviver = (_key, value, context) =>
  typeof value === "number" && context.source !== undefined && String(value) !== context.source
    ? new ExactNumber(context.source)
    : value;

/** Parses JSON; numbers that would lose digits become {@link ExactNumber}. Throws SyntaxError. */
export function parseJson(text: string): unknown {
  return inexactNumber.test(text)
    ? JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown)
    : JSON.parse(text);
}
