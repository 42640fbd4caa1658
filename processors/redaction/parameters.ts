/**
 * In text that is no JSON, the values behind the names to drop: `?token=abc&`, `password: abc`, `"password":"abc"`
 * where the JSON around it was cut off, `Cookie: a=b; c=d`, `Authorization: Digest username="jane", …`.
 */
import { createIsHarmless, createIsSaidSecret } from "./doubtful-names";
import type { FieldNames } from "./field-names";
import { createValueEnd, type NameBefore } from "./value-end";

export function createMaskParameters({ isSecret, doubtOf }: FieldNames) {
  const isSaidSecret = createIsSaidSecret(doubtOf);
  const isHarmless = createIsHarmless();
  const separators = /=|:|%3[AD]/gi;
  const nameBefore = createNameBefore();
  const valueEnd = createValueEnd();
  const element =
    /(<(?:\w{1,40}:)?([\w.-]{1,64})(?:\s[^<>]{0,200})?>)(?:<!\[CDATA\[[^\]]*\]\]>|[^<]+)(?=<\/)/g;
  const attribute =
    /(\b(?:name|key|id)\s?=\s?["']([\w.:-]{1,64})["'][^<>]{0,100}?\b(?:value|content)\s?=\s?["'])[^"']+/gi;
  // As Rails logs what it binds.
  const pair = /(\[\s?\\?"([\w.:-]{1,64})\\?",\s{0,3}\\?")[^"\\]+(?=\\?"\s?\])/g;
  const option = /((?:^|\s)--?([A-Za-z][\w-]{1,63})\s{1,3})([^\s-]\S*)/g;
  // In a sentence only what has letters and digits: "password is required" says no password.
  const said =
    /((?<![\w.$-])([A-Za-z][\w.-]{2,63})\s{1,3}(?:(?:is|was|to|:|->)\s{1,3})?["'`]?)((?=[^\s"'`]*\d)(?=[^\s"'`]*[A-Za-z])[^\s"'`,;]{6,})/g;
  const mask = (all: string, before: string, name: string): string =>
    isSecret(name) ? `${before}[redacted]` : all;
  const maskInDoubt = (all: string, before: string, name: string): string =>
    isSaidSecret(name, all.slice(before.length), false, true)
      ? `${before}[redacted]`
      : mask(all, before, name);
  const maskValue = (all: string, before: string, name: string, value: string): string =>
    /^[=:[]/.test(value) ? all : mask(all, before, name);
  const maskOption = (all: string, before: string, name: string, value: string): string =>
    /^[=:[]/.test(value) ? all : maskInDoubt(all, before, name);
  /** What is longer is secret or not by so many characters. */
  const mostSeenInDoubt = 512;
  const amidFields = /[{,&?;(]\s*$/;
  return (text: string): string => {
    let masked = "";
    let from = 0;
    separators.lastIndex = 0;
    for (let found = separators.exec(text); found !== null; found = separators.exec(text)) {
      const name = nameBefore(text, found.index, from);
      if (name === null) continue;
      const isSure = isSecret(name.name);
      if (!isSure && doubtOf(name.name) === "") continue;
      const at = found.index + found[0].length;
      // One that stays may hold many more names in doubt, each of which would be followed to the same end.
      const seen = isSure ? text : text.slice(0, at + mostSeenInDoubt);
      let value = valueEnd(seen, at, name);
      if (value === null) continue;
      const isField = name.isQuoted || name.lineQuote !== null || amidFields.test(name.before);
      const isColon = /[:A]$/i.test(found[0]);
      const said = text.slice(value.start, value.end);
      const isMeant = isSure
        ? !isHarmless(name.name, said, isColon)
        : isSaidSecret(name.name, said, isColon, isField);
      if (!isMeant) continue;
      if (value.end === seen.length) value = valueEnd(text, at, name)!;
      masked += `${text.slice(from, value.start)}[redacted]`;
      from = value.end;
      separators.lastIndex = from;
    }
    const rest = masked + text.slice(from);
    return rest
      .replace(element, maskInDoubt)
      .replace(attribute, maskInDoubt)
      .replace(pair, mask)
      .replace(option, maskOption)
      .replace(said, maskValue);
  };
}

/** Looks from a separator backwards, never further than `from` and a hundred characters. */
function createNameBefore() {
  const part = /(?:[\w.$[\]-]|%5[BD])+$/i;
  const between = /(?:\s{0,3})(?:[\\"'`]{0,5}|[\\"'`]{1,5}\]|%22)(\s{0,3}):?$/i;
  const lineStart = /(?:^|[\r\n]|\\[rn])\s{0,3}(["']?)$|(["'])$/;
  const maxName = 80;
  const { max } = Math;
  return (text: string, at: number, from: number): NameBefore | null => {
    // `==`, `!=`, `::` compare and qualify.
    const next = text.charCodeAt(at + 1);
    const previous = text.charCodeAt(at - 1);
    if (text.charCodeAt(at) === 61 && (next === 61 || previous === 61 || previous === 33)) return null;
    if (text.charCodeAt(at) === 58 && (next === 58 || previous === 58 || next === 61)) return null;
    const head = text.slice(max(from, at - maxName - 12), at);
    const gap = between.exec(head)![0];
    const start = head.slice(0, head.length - gap.length);
    const name = part.exec(start)?.[0] ?? "";
    if (name === "") return null;
    const before = start.slice(0, start.length - name.length).slice(-24);
    const line = lineStart.exec(before);
    const isStart = line !== null && (before !== "" || head.length === at - from);
    return {
      // Behind `%26`, an escaped ampersand.
      name: (before.endsWith("%") ? name.slice(2) : name).replace(/%5[BD]/gi, "."),
      before,
      lineQuote: isStart ? line[1] || line[2] || "" : null,
      isApart: /\s/.test(gap),
      isQuoted: /["'`\\%]/.test(gap),
    };
  };
}
