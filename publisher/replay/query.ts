/**
 * `--query`: the part of the page's query language that can be judged by one record alone. What is taken means the
 * same as on the page; all else is refused with its place. The page's own parser and index belong to the local run.
 *
 *     words     hello          field:word      level:error, status:404, ok:true, a.b:x
 *     phrases   "hello world"  field:"phrase"  message:"hello world"
 *     joined    by AND, or by OR, not by both; NOT at the start or behind AND
 */
import { gunzipSync } from "node:zlib";
import { wrongUsage } from "../errors";

/** Judges one record, decoded. */
export type RecordQuery = (bytes: Buffer) => boolean;

interface Term {
  readonly field: string | undefined;
  /** One after the other in one value, in lower case. */
  readonly tokens: readonly string[];
  readonly not: boolean;
}

/** A text, number or truth value of a record; `field` is undefined where the record is no JSON. */
interface Value {
  readonly field: string | undefined;
  readonly value: string | number | boolean;
}

const allowed =
  'words, "phrases", field:word and field:"phrase", joined by AND or by OR, with NOT behind AND';
const shape =
  /\s*(?:(?<operator>AND|OR)|(?<not>NOT\s+)?(?:(?<field>[A-Za-z@][\w.@-]*):)?(?:"(?<phrase>[^"\\]*)"|(?<word>(?!(?:AND|OR|NOT)(?:\s|$))[\p{L}\p{N}_][^\s"()[\]{}^~*?:\\/<>=!&|+]*)))(?=\s|$)/uy;

/** Throws where the text is no such query, with the place. */
export function parseQuery(text: string): RecordQuery {
  const refuse = (what: string, place: number): never => {
    throw wrongUsage("--query", `${what} at position ${place} of ${text}`, allowed);
  };
  const terms: Term[] = [];
  let joined: string | undefined;
  let operator: string | undefined;
  for (let at = 0; text.slice(at).trim() !== ""; at = shape.lastIndex) {
    const place = at + text.slice(at).search(/\S/);
    shape.lastIndex = at;
    const found = shape.exec(text)?.groups;
    if (!found) return refuse(shownAt(text, place), place);
    if (found["operator"]) {
      if (operator || terms.length === 0)
        return refuse(`${found["operator"]} without a term before it`, place);
      operator = found["operator"];
      if (joined && joined !== operator) return refuse("AND and OR together", place);
      joined = operator;
      continue;
    }
    if (terms.length > 0 && !operator) return refuse("two terms without AND or OR between them", place);
    terms.push(termOf(found, (what) => refuse(what, place)));
    if (joined === "OR" && terms.some(({ not }) => not)) return refuse("NOT together with OR", place);
    operator = undefined;
  }
  if (terms.length === 0) return refuse("nothing", 0);
  if (operator) return refuse(`${operator} without a term behind it`, text.length);
  return (bytes) => {
    const values = valuesOf(bytes);
    const holds = (term: Term) => values.some((value) => matches(term, value)) !== term.not;
    return joined === "OR" ? terms.some(holds) : terms.every(holds);
  };
}

function termOf(found: Record<string, string | undefined>, refuse: (what: string) => never): Term {
  const { not, field, phrase, word = "" } = found;
  if (field === "@timestamp") return refuse("a time (use --since and --until)");
  if (field?.endsWith(".keyword")) return refuse("a .keyword field");
  const tokens = tokensOf(phrase ?? word);
  if (tokens.length === 0) return refuse("a term without a letter or digit");
  if (tokens.length > 1 && phrase === undefined)
    return refuse(`${tokens.length} words in one (in quotes they are a phrase)`);
  return { field, tokens, not: not !== undefined };
}

const shownAt = (text: string, place: number): string => JSON.stringify(text.slice(place).split(/\s/)[0]);

function matches({ field, tokens }: Term, { field: name, value }: Value): boolean {
  if (field !== undefined && field !== name) return false;
  const [first = ""] = tokens;
  if (typeof value === "number")
    return tokens.length === 1 && /^\d+(\.\d+)?(e\d+)?$/.test(first) && Number(first) === value;
  if (typeof value === "boolean") return tokens.length === 1 && first === String(value);
  if (!value.toLowerCase().includes(first)) return false; // Cutting a long text into words takes time.
  const words = tokensOf(value);
  return words.some((_, start) => tokens.every((token, n) => words[start + n] === token));
}

const segmenter = new Intl.Segmenter("en", { granularity: "word" });

/** Words by the rule of UAX #29, in lower case, as the index cuts them. */
const tokensOf = (text: string): string[] =>
  Array.from(segmenter.segment(text))
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment.toLowerCase());

/** What can be looked at: the values of a JSON object, with their fields, or else the text as a whole. */
function valuesOf(bytes: Buffer): Value[] {
  const text = textOf(bytes);
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === "object" && document !== null && !Array.isArray(document))
      return fieldsOf(document, "");
  } catch {
    // A line of a log, say: it has words, but no fields.
  }
  return [{ field: undefined, value: text }];
}

function fieldsOf(value: unknown, field: string): Value[] {
  if (Array.isArray(value)) return value.flatMap((element) => fieldsOf(element, field));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, inner]) =>
      fieldsOf(inner, field ? `${field}.${name}` : name),
    );
  }
  const isScalar = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return isScalar ? [{ field, value }] : [];
}

const maxUnpackedBytes = 64 * 1024 * 1024;

/** A record may be compressed, as those of CloudWatch Logs are. */
function textOf(bytes: Buffer): string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString("utf8");
  try {
    return gunzipSync(bytes, { maxOutputLength: maxUnpackedBytes }).toString("utf8");
  } catch {
    return bytes.toString("utf8"); // It only begins like gzip, or unpacks to more than any log event has.
  }
}
