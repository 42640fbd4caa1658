/** Where the value behind a secret's name ends. */
/** The name in front of a separator, and whether it begins a line, as the name of a header does. */
export interface NameBefore {
  readonly name: string;
  /** The quote that the line begins with, `""` for none; null where the name does not begin a line. */
  readonly lineQuote: string | null;
  /** What stands in front of the name, 24 characters at most. */
  readonly before: string;
  /** Whether a blank is between the name and the separator. */
  readonly isApart: boolean;
  /** Whether the name is in quotes, so that it is no header's. */
  readonly isQuoted: boolean;
}

interface Value {
  readonly start: number;
  readonly end: number;
}

/** The value that begins behind a separator; null where there is none, or what stands there says so. */
export function createValueEnd() {
  const blanks = /[^\S\r\n]{0,3}/y;
  const opening = /(?:\\{0,3}["'`]|%22)/iy;
  // PHP writes the type in front of a value.
  const typed = /\s{0,20}string\(\d{1,9}\)\s/y;
  const below = /(?:[>|][+-]?)?\r?\n[ \t]{1,40}(?![\w.-]{1,64}:|- )/y;
  const unquoted = createUnquotedEnd();
  const headerName = /-|authorization$|cookie$/i;
  const lineEnd = /[\r\n]|\\[rn]/g;
  const innocentBefore =
    /(?:^|\W)(?:invalid|unexpected|missing|unknown|expired|bad|wrong|no|illegal|malformed|incorrect|undefined)\s$/i;
  const plainWord = /[a-z']+(?![\w=+/-])/y;
  const endOf = (text: string, start: number, quote: string): number => {
    if (quote === '"' || quote === "'" || quote === "`") {
      let at = text.indexOf(quote, start);
      while (at > 0 && text.charCodeAt(at - 1) === 92 && text.charCodeAt(at - 2) !== 92)
        at = text.indexOf(quote, at + 1);
      return at === -1 ? text.length : at;
    }
    const at = text.indexOf(quote, start);
    return at === -1 ? text.length : at;
  };
  return (text: string, at: number, name: NameBefore): Value | null => {
    const isColon = text.charCodeAt(at - 1) === 58;
    // `:secret:` is a part of a resource's name, `/token:` of an image's.
    if (isColon && /[:/]$/.test(name.before)) return null;
    let start = text.charCodeAt(at - 1) === 61 && text.charCodeAt(at) === 62 ? at + 1 : at;
    // No blank behind `=`: an empty value is followed by the rest of its line.
    if (isColon || name.isApart || start > at) {
      blanks.lastIndex = start;
      start += blanks.exec(text)?.[0].length ?? 0;
    }
    if (start >= text.length || text.startsWith("//", start)) return null;
    const isHeader = isColon && start > at && name.lineQuote !== null && !name.isQuoted;
    if (isHeader && headerName.test(name.name)) {
      lineEnd.lastIndex = start;
      const end = lineEnd.exec(text)?.index ?? text.length;
      const quote = name.lineQuote === "" ? -1 : text.indexOf(name.lineQuote, start);
      return { start, end: quote === -1 || quote > end ? end : quote };
    }
    if (isColon) {
      // YAML puts a long value below its name.
      below.lastIndex = start;
      start += below.exec(text)?.[0].length ?? 0;
    }
    typed.lastIndex = start;
    start += typed.exec(text)?.[0].length ?? 0;
    opening.lastIndex = start;
    const quote = opening.exec(text)?.[0] ?? "";
    if (quote !== "") {
      const end = endOf(text, start + quote.length, quote);
      return end === start + quote.length ? null : { start: start + quote.length, end };
    }
    plainWord.lastIndex = start;
    if (isColon && innocentBefore.test(name.before) && plainWord.test(text)) return null;
    const end = unquoted(text, start, name.name);
    return end === start ? null : { start, end };
  };
}

/** The end of a value without quotes: a word, a list of cookies, a scheme and its parameters, or something in brackets. */
function createUnquotedEnd() {
  const schemes =
    "basic|bearer|digest|negotiate|ntlm|token|api-?key|hawk|oauth|signature|sharedkey\\w*|aws4-hmac-sha256|mac|dpop|jwt|hmac[\\w-]*";
  const parameter = String.raw`[\w-]{1,40}=(?:\\?"[^"\\]*\\?"|[^\s,"']*)`;
  const word = String.raw`(?:[^&\s"'\\,;)}\]<>|]|\\(?![rnt"'\\]))+`;
  const bare = new RegExp(`(?:(?:${schemes})\\s{1,3})?${word}(?:[,;](?![\\w.-]{1,40}[=:])${word})*`, "iy");
  const authorization = new RegExp(
    String.raw`(?:(?:${schemes})\s{1,3}|[A-Za-z][\w-]{1,30}\s{1,3}(?=[^\s"',;]*[\d=+/]))?` +
      `(?:${parameter}(?:,\\s{0,3}${parameter})*|${word})`,
    "iy",
  );
  const cookies =
    /[^\s;"'\\]+(?:;\s{0,3}(?:expires=[^;"'\r\n]{0,40}|[^\s;="']{1,128}=[^\s;"'\\]*|secure|httponly|partitioned))*/iy;
  const isAuthorization = /authorization$/i;
  const isCookie = /cookies?$/i;
  const bracketEnd = (text: string, start: number): number => {
    let depth = 0;
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 91 || code === 123) depth++;
      else if ((code === 93 || code === 125) && --depth === 0) return at + 1;
    }
    return text.length;
  };
  return (text: string, start: number, name: string): number => {
    const first = text.charCodeAt(start);
    if (text.startsWith("[redacted]", start)) return start;
    if (first === 91 || first === 123) return bracketEnd(text, start);
    let shape = bare;
    if (isAuthorization.test(name)) shape = authorization;
    else if (isCookie.test(name)) shape = cookies;
    shape.lastIndex = start;
    return start + (shape.exec(text)?.[0].length ?? 0);
  };
}
