/** From the text of a query to its syntax tree. */
import { QueryError } from "../../rooms";
import { parse } from "./grammar.peggy";

/** One clause in a run of clauses, with the operator before it and its sign. */
export interface Clause {
  readonly joined: "none" | "and" | "or";
  readonly mark: "none" | "required" | "prohibited";
  readonly node: SyntaxNode;
}

export interface RangeEnd {
  readonly text: string;
  readonly quoted: boolean;
}

/** `text` is as it was written, escapes and all; `at` is the offset in the query. */
export type SyntaxNode =
  | { readonly kind: "clauses"; readonly clauses: readonly Clause[] }
  | { readonly kind: "field"; readonly field: string; readonly node: SyntaxNode; readonly at: number }
  | {
      readonly kind: "words" | "wildcard" | "regex";
      readonly text: string;
      readonly fuzzy?: string | null;
      readonly at: number;
    }
  | { readonly kind: "phrase"; readonly text: string; readonly slop: string | null; readonly at: number }
  | {
      readonly kind: "range";
      readonly low: RangeEnd;
      readonly high: RangeEnd;
      readonly includeLow: boolean;
      readonly includeHigh: boolean;
      readonly at: number;
    };

/** Deeper nesting would need more stack than there is. */
const maxDepth = 900;
/** Longer queries are refused unread. */
const maxUnits = 100_000;

interface GrammarError {
  readonly location?: { readonly start: { readonly offset: number } };
  readonly expected?: readonly {
    readonly type: string;
    readonly description?: string;
    readonly text?: string;
  }[];
}

function checkDepth(query: string): void {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < query.length; at++) {
    const char = query[at];
    if (char === "\\") at++;
    else if (char === '"') quoted = !quoted;
    else if (char === "(" && !quoted && ++depth > maxDepth) {
      throw new QueryError({ message: `More than ${maxDepth} nested brackets`, position: at });
    } else if (char === ")" && !quoted) depth--;
  }
}

/** The last sign that opens something and is not closed. */
function unclosed(query: string): number | undefined {
  const brackets: number[] = [];
  for (let at = 0; at < query.length; at++) {
    const char = query[at] as string;
    if (char === "\\") at++;
    else if (char === "(") brackets.push(at);
    else if (char === ")") brackets.pop();
    else if (/["/[{]/.test(char)) {
      const end = char === '"' || char === "/" ? char : "]}";
      let close = at + 1;
      while (close < query.length && !end.includes(query[close] as string))
        close += query[close] === "\\" ? 2 : 1;
      if (close >= query.length) return at;
      at = close;
    }
  }
  return brackets.at(-1);
}

const openedHints: Readonly<Record<string, string>> = {
  '"': "a quote is not closed",
  "/": "a / begins a regular expression that is not closed; write \\/ or put the value in quotes",
  "(": "a bracket is not closed",
};
const rangeHint =
  "a range is written [400 TO 499], with TO in capitals; write \\[ for a bracket that is text";

/** What to tell about the place where the parser stopped, or about the one that it comes from. */
function explain(query: string, stoppedAt: number): { at: number; told: string } {
  const found = query[stoppedAt];
  const here = (told: string) => ({ at: stoppedAt, told });
  if (/(?:^|[^\\])(?:\\\\)*\\$/.test(query))
    return { at: query.length - 1, told: "a backslash at the end has nothing to escape" };
  if (found === undefined) {
    if (/(?:^|[\s(])(?:AND|OR|NOT|&&|\|\||[-+!])\s*$/.test(query))
      return here("the query ends after an operator");
    if (/:\s*$/.test(query)) return here("a field needs a value after its colon");
    const at = unclosed(query);
    if (at === undefined) return here("the query ends too early");
    return { at, told: openedHints[query[at] as string] ?? rangeHint };
  }
  if (found === ":")
    return here(
      'a colon follows what is no field name; within a value write \\: or put the value in quotes: "…"',
    );
  if (openedHints[found] !== undefined && found !== "(") return here(openedHints[found]);
  if (/[[{][^\]}]*$/.test(query.slice(0, stoppedAt))) return here(rangeHint);
  return here(`"${String.fromCodePoint(query.codePointAt(stoppedAt) as number)}" is not expected here`);
}

/** Throws {@link QueryError}. */
export function parseQuery(query: string): SyntaxNode {
  if (query.length > maxUnits)
    throw new QueryError({ message: `A query may have at most ${maxUnits} characters` });
  checkDepth(query);
  try {
    return parse(query) as SyntaxNode;
  } catch (error) {
    const stoppedAt = (error as GrammarError).location?.start.offset;
    if (stoppedAt === undefined) throw error;
    const { at, told } = explain(query, stoppedAt);
    throw new QueryError({
      message: `Cannot parse the query at character ${at + 1}: ${told}`,
      position: at,
    });
  }
}

/** The syntax tree of a query; undefined for an empty one, which means all documents. */
export function parseOptional(query: string): SyntaxNode | undefined {
  return /^[ \t\n\r]*$/.test(query) ? undefined : parseQuery(query);
}

/** Whether the answer changes with the clock, so that it cannot be kept. */
export function dependsOnNow(query: string): boolean {
  return /now/.test(query);
}

/** Takes the escapes out: `\x` is x, `\u00e9` is é. */
export function withoutEscapes(text: string, at: number): string {
  if (!text.includes("\\")) return text;
  return text.replace(
    /\\u([0-9a-fA-F]{4})|\\u|\\([\s\S])|\\$/g,
    (whole, code: string | undefined, char: string | undefined) => {
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      if (char === undefined)
        throw new QueryError({
          message: `"${whole}" needs four hexadecimal digits, as in \\u00e9`,
          position: at,
        });
      return char;
    },
  );
}
