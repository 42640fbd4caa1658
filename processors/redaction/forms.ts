/** Secrets in the fields of forms: of HTML, `<input type="password" value="…">`, and of a body in several parts. */
import type { FieldNames } from "./field-names";

/** One of them, in any case, is in every text that has such a field. */
export const formWords = ["<input", "form-data"];

export function createMaskForms({ isSecret }: FieldNames) {
  const input = /<input\b[^<>]{0,1000}/gi;
  const isPassword = /\stype\s?=\s?\\?["']?password\b/i;
  const inputName = /\s(?:name|id)\s?=\s?\\?["']?([\w.:[\]-]{1,64})/i;
  const inputValue = /(\svalue\s?=\s?)(?:(\\?["'])[^]*?(?:\2|$)|[^\s"'\\]+)/i;
  const maskInput = (tag: string): string => {
    const name = inputName.exec(tag)?.[1] ?? "";
    return isPassword.test(tag) || isSecret(name) ? tag.replace(inputValue, "$1$2[redacted]$2") : tag;
  };
  // A line's end, as it is or escaped.
  const end = String.raw`(?:\r?\n|\\r\\n|\\n)`;
  const part = new RegExp(
    String.raw`(\bform-data;\s?name=\\?"([\w.:[\]-]{1,64})\\?"[^\r\n\\]{0,200}${end}(?:[\w-]{1,40}:[^\r\n\\]{0,200}${end}){0,4}${end})[^]*?(?=${end}--|$)`,
    "gi",
  );
  const maskPart = (all: string, head: string, name: string): string =>
    isSecret(name) ? `${head}[redacted]` : all;
  return (text: string): string => text.replace(input, maskInput).replace(part, maskPart);
}
