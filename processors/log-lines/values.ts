/** Readers of the values that all access logs share: times, counts, addresses, quoted and escaped text. */

/** `-` and nothing are the same in every access log: no value, which is `""` for text and -1 for numbers. */
export function createText() {
  return (value: string | undefined): string => (value && value !== "-" ? value : "");
}

/** A count in decimal digits; anything else is no value. 15 digits are exact in a double. */
export function createCount() {
  return (value: string | undefined): number => {
    if (!value || value.length > 15) return -1;
    let count = 0;
    for (let i = 0; i < value.length; i++) {
      const digit = value.charCodeAt(i) - 48;
      if (digit < 0 || digit > 9) return -1;
      count = count * 10 + digit;
    }
    return count;
  };
}

/** Seconds with or without a fraction; the -1 of an ALB, which means that there was no answer, is no value. */
export function createSeconds() {
  const decimal = /^\d{1,9}(?:\.\d{1,9})?$/;
  return (value: string | undefined): number => (value && decimal.test(value) ? +value : -1);
}

/**
 * `01/Mar/2026:00:30:00 +0100` to `2026-02-28T23:30:00.000Z`, with a fraction of the second too. The names of months are English whatever the
 * machine's locale; a date that no calendar has is no value. Neighbouring lines mostly share the minute, so the
 * last one is remembered.
 */
export function createLogTime() {
  const months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const shape = /^\d\d\/[A-Z][a-z][a-z]\/\d{4}:[0-2]\d:[0-5]\d: [+-]\d{4}$/;
  const seconds = /^[0-5]\d$/;
  const { UTC } = Date;
  const OfMs = Date;
  let lastMinute = "";
  let lastZone = "";
  let last = "";
  const read = (minute: string, zone: string): string => {
    if (!shape.test(minute + zone)) return "";
    const at = months.indexOf(minute.slice(3, 6));
    const year = +minute.slice(7, 11);
    const day = +minute.slice(0, 2);
    const hour = +minute.slice(12, 14);
    const offset = +zone.slice(2, 4) * 60 + +zone.slice(4, 6);
    if (at < 0 || at % 3 !== 0 || hour > 23 || offset > 840) return "";
    // Day 31 of a shorter month would silently be a day of the next.
    if (new OfMs(UTC(year, at / 3, day)).getUTCDate() !== day) return "";
    const local = UTC(year, at / 3, day, hour, +minute.slice(15, 17));
    return new OfMs(local - (zone[1] === "-" ? -offset : offset) * 60_000).toISOString().slice(0, 17);
  };
  const fraction = /^\.\d{1,9}(?= )/;
  return (written: string): string => {
    const part = written.charCodeAt(20) === 46 ? (fraction.exec(written.slice(20))?.[0] ?? "") : "";
    const text = part === "" ? written : written.slice(0, 20) + written.slice(20 + part.length);
    const minute = text.slice(0, 18);
    const zone = text.slice(20);
    if (minute !== lastMinute || zone !== lastZone) {
      last = read(minute, zone);
      lastMinute = minute;
      lastZone = zone;
    }
    const second = text.slice(18, 20);
    if (last === "" || !seconds.test(second)) return "";
    return part === "" ? `${last}${second}.000Z` : `${last}${second}${`${part}00`.slice(0, 4)}Z`;
  };
}

/** `2026-03-01T00:00:00.123456Z` to milliseconds; what is not such a time is no value. */
export function createIsoTime() {
  const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/;
  const OfText = Date;
  return (text: string | undefined): string => {
    if (!text || !shape.test(text)) return "";
    const time = new OfText(text.replace(",", "."));
    if (!(time.getTime() > 0)) return "";
    // The calendar of the text itself: 30 February would silently be 2 March.
    const days = new OfText(`${text.slice(0, 10)}T00:00:00Z`).toISOString();
    return days.startsWith(text.slice(0, 10)) ? time.toISOString() : "";
  };
}

/** Seconds (`$msec` of nginx has a fraction) or milliseconds since 1970, between 2001 and 2100: anything else is no time. */
export function createEpochTime() {
  const number = /^\d{10,13}(?:\.\d{1,9})?$/;
  const OfMs = Date;
  return (text: string): string => {
    if (!number.test(text)) return "";
    const ms = +text < 1e11 ? +text * 1000 : +text;
    return ms > 1e12 && ms < 4.1e12 ? new OfMs(ms).toISOString() : "";
  };
}

/** Splits at the last colon, so that an IPv6 address stays whole: `2001:db8::1:50718`, `[2001:db8::1]:80`. */
export function createAddressPort() {
  return (value: string | undefined): { address: string; port: number } => {
    if (!value || value === "-") return { address: "", port: -1 };
    const colon = value.lastIndexOf(":");
    const digits = value.slice(colon + 1);
    const isPort = colon > 0 && digits !== "" && digits.length < 6 && +digits <= 65_535;
    const address = isPort ? value.slice(0, colon) : value;
    return {
      address: address.startsWith("[") && address.endsWith("]") ? address.slice(1, -1) : address,
      port: isPort ? +digits : -1,
    };
  };
}

/**
 * The place of the quote that ends the text begun before `from`, or -1. A quote after a backslash is part of the
 * text, and so is one that no blank follows: some writers do not escape quotes.
 */
export function createClosingQuote() {
  return (line: string, from: number): number => {
    let at = line.indexOf('"', from);
    while (at !== -1) {
      let before = at - 1;
      while (before >= from && line.charCodeAt(before) === 92) before--;
      const escaped = (at - 1 - before) % 2 === 1;
      const next = line.charCodeAt(at + 1);
      if (!escaped && (next === 32 || at + 1 === line.length)) return at;
      at = line.indexOf('"', at + 1);
    }
    return -1;
  };
}

/**
 * Undoes the escapes of Apache and nginx: `\"`, `\\`, and `\xC3\xA9`, which are bytes of UTF-8. Escaped control
 * characters and bytes that are no UTF-8, as of a TLS handshake sent to port 80, stay as they are.
 */
export function createUnescape() {
  const escapes = /(?:\\x[0-9a-fA-F]{2})+|\\["\\/']/g;
  const hex = /\\x/g;
  const control = /^\\x(?:[01][0-9a-f]|7f)/i;
  const parts = /(?:\\x(?:[01][0-9a-f]|7f))+|(?:\\x(?:[2-689a-f][0-9a-f]|7[0-9a-e]))+/gi;
  const from = Buffer.from.bind(Buffer) as (text: string, encoding: "hex") => Buffer;
  const bytes = (escaped: string): string => {
    if (control.test(escaped)) return escaped;
    const decoded = from(escaped.replace(hex, ""), "hex").toString("utf8");
    return decoded.includes("\ufffd") ? escaped : decoded;
  };
  return (text: string): string => {
    if (!text.includes("\\")) return text;
    return text.replace(escapes, (found) =>
      found.charCodeAt(1) === 120 ? found.replace(parts, bytes) : found.slice(1),
    );
  };
}

/** Splits a line at blanks; `"…"` and `[…]` hold blanks (`[2001:db8::1]:80` is no such thing). At most 100 fields, the last one with what follows. */
export function createFields(
  closingQuote: (line: string, from: number) => number,
  undoEscapes: (text: string) => string,
) {
  return (line: string, start: number): string[] => {
    const fields: string[] = [];
    let at = start;
    while (at < line.length && fields.length < 100) {
      const first = line.charCodeAt(at);
      if (first === 32) {
        at++;
        continue;
      }
      let end = -1;
      if (first === 34) {
        end = closingQuote(line, at + 1);
        // Cut off within a text.
        if (end === -1) end = line.length;
      } else if (first === 91) end = line.indexOf("] ", at);
      if (end !== -1) {
        const inner = line.slice(at + 1, end);
        fields.push(first === 34 ? undoEscapes(inner) : inner);
        at = end + 1;
      } else {
        end = line.indexOf(" ", at);
        if (end === -1) end = line.length;
        // `urt="0.1, 0.2"` holds blanks too.
        const quote = line.slice(at, end).indexOf('="');
        if (quote !== -1) {
          const close = closingQuote(line, at + quote + 2);
          if (close !== -1) end = close + 1;
        }
        fields.push(line.slice(at, end));
        at = end;
      }
    }
    return fields;
  };
}

/** All of the above, which a format takes what it needs from. */
export interface Readers {
  readonly text: ReturnType<typeof createText>;
  readonly count: ReturnType<typeof createCount>;
  readonly seconds: ReturnType<typeof createSeconds>;
  readonly logTime: ReturnType<typeof createLogTime>;
  readonly isoTime: ReturnType<typeof createIsoTime>;
  readonly epochTime: ReturnType<typeof createEpochTime>;
  readonly addressPort: ReturnType<typeof createAddressPort>;
  readonly closingQuote: ReturnType<typeof createClosingQuote>;
  readonly undoEscapes: ReturnType<typeof createUnescape>;
  readonly fieldsOf: ReturnType<typeof createFields>;
}

/** A set for each format, as the time that a set remembers is that of the format's last line. */
export function createReaders(): Readers {
  const closingQuote = createClosingQuote();
  const undoEscapes = createUnescape();
  return {
    text: createText(),
    count: createCount(),
    seconds: createSeconds(),
    logTime: createLogTime(),
    isoTime: createIsoTime(),
    epochTime: createEpochTime(),
    addressPort: createAddressPort(),
    closingQuote,
    undoEscapes,
    fieldsOf: createFields(closingQuote, undoEscapes),
  };
}
