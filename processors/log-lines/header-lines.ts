/** Header lines of W3C's log format, `#Version: 1.0` and `#Fields: date time …`. */

/** The one line of a record that is no header, and the names that its header announces. */
export interface OnlyLine {
  readonly line: string;
  readonly names: readonly string[];
}

/**
 * A record with header lines has the one line that they belong to, or none: null. A string tells what is wrong.
 * Headers that come as records of their own say nothing about other records: those go through other workers too.
 */
export function createHeaderLines() {
  const lineEnd = /\r\n|\r|\n/;
  const maxHeaders = 10;
  return (text: string): OnlyLine | string | null => {
    const lines = text.split(lineEnd, maxHeaders + 2);
    let names: readonly string[] = [];
    let line = "";
    for (const one of lines) {
      if (one.startsWith("#Fields:")) names = one.slice(8).trim().split(/\s+/).slice(0, 200);
      else if (one !== "" && !one.startsWith("#")) {
        if (line !== "") return "more than one line";
        line = one;
      }
    }
    if (lines.length > maxHeaders) return "more than one line";
    return line === "" ? null : { line, names };
  };
}
