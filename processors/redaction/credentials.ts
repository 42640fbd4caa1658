/** One of them, in any case, is in every text that has credentials which no `@` follows. */
export const credentialWords = ["bearer", "basic", "sig=", " -u", " --user", " --proxy-user", "jdbc:o"];

/** The credentials of an `Authorization` header without its name, and those within a URL, whose user stays. */
export function createMaskCredentials() {
  const scheme = /\b(Bearer|Basic)(?:\s{1,3}|%20)([\w.~+/-]{8,}={0,2})(?![\w.~+/=-])/gi;
  // Behind a version, `@sha256:…` is the digest of an image.
  const inUrl = /(:\/\/[^\s:/?#@"'\\]{0,256}:)[^\s/?#"'\\<>]{1,256}@(?!sha\d{3}:)/g;
  // With `/`, `?` or `#` as they are: in front of a path there would be a port.
  const inUrlRaw =
    /(:\/\/[^\s:/?#@"'\\]{0,256}:)(?!\d{1,5}[/?#]|port\b|[$%{[])[^\s/?#@"'\\<>]{0,256}[/?#][^\s@"'\\<>]{0,256}@(?=[\w.-]{1,253}(?:[:/?#\s"',;)]|$))/gi;
  const tokenInUrl = /(:\/\/)[^\s:/?#@"'\\.]{20,256}@/g;
  // A proxy's address without its scheme.
  const inAddress = /((?:^|[\s="'(,])[\w.+-]{1,64}:)(?!\/\/)[^\s:@/"'<>]{3,128}@(?=[\w.-]{1,253}:\d{2,5}\b)/g;
  const signature = /([?&]sig=)[^&\s"'\\]{8,}/g;
  const userOption =
    /((?:^|\s)(?:-u|--user|--proxy-user)[\s=]{0,3}["']?(?!\d+:\d+(?:\s|$))[^\s:"']{1,64}:)[^\s"']+/g;
  const oracle = /(jdbc:oracle:\w{1,10}:[^\s/@]{1,64}\/)[^\s@]{1,128}@/g;
  const from = Buffer.from.bind(Buffer) as (text: string, encoding: "base64") => Buffer;
  const readable = /^[\x20-\x7e]*:[\x20-\x7e]*$/;
  /** "Bearer authentication" and "basic understanding" are words. */
  const isCredential = (name: string, value: string): boolean =>
    name.charCodeAt(1) === 101 || name.charCodeAt(1) === 69
      ? /\d/.test(value) || value.length >= 24
      : readable.test(from(value, "base64").toString("latin1"));
  const maskScheme = (all: string, name: string, value: string): string =>
    isCredential(name, value) ? "[key]" : all;
  const maskHinted = (text: string): string =>
    text
      .replace(scheme, maskScheme)
      .replace(signature, "$1[key]")
      .replace(oracle, "$1[key]@")
      .replace(userOption, "$1[key]");
  return (text: string, isHinted: boolean): string => {
    const masked = isHinted ? maskHinted(text) : text;
    if (!masked.includes("@")) return masked;
    return masked
      .replace(inUrl, "$1[key]@")
      .replace(inUrlRaw, "$1[key]@")
      .replace(tokenInUrl, "$1[key]@")
      .replace(inAddress, "$1[key]@");
  };
}
