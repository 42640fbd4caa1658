/**
 * What is wrong with a failed record, apart from what is only this record's: two records with one problem are one row of
 * the list, two problems never are. In doubt there is a row more.
 */

export interface Problem {
  /** The field that the message names. */
  readonly field?: string;
  /** The message with `…` in place of values, ids, times and places. */
  readonly text: string;
}

/** Texts longer than this differ in what a document says, not in what is wrong with it. */
const maxCharacters = 2000;

/** In this order: a later one finds nothing in what an earlier one has put in place. */
const ofOneRecord: readonly (readonly [RegExp, string])[] = [
  // OpenSearch quotes the document: its id, the value, where in its text.
  [/(\bid ['"])[^'"]*(['"])/gi, "$1…$2"],
  [/(Preview of field's value: ')[\s\S]*'(?=[^']*$)/g, "$1…'"],
  [/\[\d+:\d+\]/g, "[…]"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "…"],
  [/\b\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?)?/g, "…"],
  [/(?<![\w.])\d{1,3}(\.\d{1,3}){3}(?![\w.])/g, "…"],
  [/\b(at |on |in )?(line|column|col|position|offset|byte|char|character|index) \d+/gi, "$1$2 …"],
  [/\b\d[\d,_]*(\.\d+)? ?(bytes|characters|ms|s|seconds|events|records|levels)\b/gi, "… $2"],
  [/\b(0x)?(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, "…"],
  [/-?(?<![\w.[])\d{4,}(\.\d+)?([eE][+-]?\d+)?\b(?!\])/g, "…"],
];

/** A quoted text is a value, unless the words before it say that it is a name. */
const quoted =
  /(?:\b(field|key|property|column|parameter|setting|mapping|index|type|processor|format) )?("(?:[^"\\]|\\.)*"|(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}]))/giu;

const named =
  /\b(?:field|mapping|mapping for|object mapping|property|key|column) (?:\[([^\]]+)\]|"([^"]+)"|'([^']+)')/i;

export function problemOf(message: string): Problem {
  let text = plain(message).slice(0, 4 * maxCharacters);
  const field = named
    .exec(text)
    ?.slice(1)
    .find((name) => name !== undefined);
  for (const [pattern, instead] of ofOneRecord) text = text.replace(pattern, instead);
  text = text.replace(quoted, (whole: string, name: string | undefined, value: string) =>
    name === undefined ? `${value[0]}…${value[0]}` : whole,
  );
  text = text.slice(0, maxCharacters);
  return { text, ...(field !== undefined && { field }) };
}

/** AWS hands the search server's error on as it came, as JSON: `{"type":…,"reason":…,"caused_by":{…}}`. */
function plain(message: string): string {
  if (!message.startsWith("{")) return message;
  try {
    return wordsOf(JSON.parse(message)) || message;
  } catch {
    return message;
  }
}

function wordsOf(error: unknown, depth = 0): string {
  const { type, reason, caused_by: cause } = (error ?? {}) as Record<string, unknown>;
  const own = [type, reason].filter((part) => typeof part === "string").join(": ");
  const inner = cause && depth < 5 ? wordsOf(cause, depth + 1) : "";
  return [own, inner].filter(Boolean).join("; ");
}
