/**
 * Leads from the text of a serialized function back to the program. Pulumi writes each function that is captured as its
 * module has it, letter by letter but for the name in front: so each is looked for in the modules that were loaded.
 */
import type { LoadedScript } from "./loaded-scripts";
import { type MappedLines, type Place, type PlaceOf, placesOf, writeMap } from "./source-map";

export interface MappedClosure {
  /** The text with a comment at its end that holds the map. */
  readonly text: string;
  /** How many functions it has. */
  readonly functions: number;
  /** First lines of those that are found nowhere, or in several places. */
  readonly unknown: readonly string[];
}

export class ClosureMaps {
  private readonly places = new Map<LoadedScript, PlaceOf>();
  private readonly done = new Map<string, MappedClosure>();

  constructor(private readonly scripts: readonly LoadedScript[]) {}

  /** @param text a function as Pulumi has serialized it */
  map(text: string): MappedClosure {
    const found = this.done.get(text) ?? this.mapAnew(text);
    this.done.set(text, found);
    return found;
  }

  private mapAnew(text: string): MappedClosure {
    const lines: { column: number; place: Place }[][] = text.split("\n").map(() => []);
    const unknown: string[] = [];
    const parts = [...functionsIn(text)];
    for (const part of parts) {
      const origin = this.originOf(part.text);
      if (origin) this.mapPart(text, part.at + origin.from, origin, lines);
      else unknown.push(part.text.slice(0, 60).split("\n")[0]!);
    }
    const map = Buffer.from(writeMap(lines satisfies MappedLines)).toString("base64");
    const comment = `//# sourceMappingURL=data:application/json;base64,${map}\n`;
    return { text: `${text.trimEnd()}\n${comment}`, functions: parts.length, unknown };
  }

  private originOf(part: string): Origin | undefined {
    const whole = this.find(part, "");
    if (whole.length > 0) return onlyOne(whole, 0, part.length);
    // Methods and named functions: what is in front of their parameters is Pulumi's.
    const from = part.indexOf("(");
    const name = /(?:\/\*|function\*? )([\w$]+)[^(]*$/.exec(part.slice(0, from))?.[1] ?? "";
    return onlyOne(this.find(part.slice(from), name), from, part.length);
  }

  private find(part: string, name: string): Omit<Origin, "from" | "length">[] {
    const found = [];
    for (const script of this.scripts) {
      for (let at = script.text.indexOf(part); at >= 0; at = script.text.indexOf(part, at + 1)) {
        if (script.text.slice(0, at).trimEnd().endsWith(name)) found.push({ script, at });
      }
    }
    return found;
  }

  private mapPart(
    text: string,
    start: number,
    { script, at, from, length }: Origin,
    lines: { column: number; place: Place }[][],
  ): void {
    const placeOf = this.places.get(script) ?? placesOf(script);
    this.places.set(script, placeOf);
    const here = new Cursor(text, start);
    const there = new Cursor(script.text, at);
    let last: Place | undefined;
    for (let i = from; i < length; i++) {
      const place = placeOf(there.line, there.column);
      if (place && begins(place, last, text.slice(start + i - from - 1, start + i - from + 1)))
        lines[here.line]!.push({ column: here.column, place });
      last = place;
      here.next();
      there.next();
    }
  }
}

/** @param letters the one before, and the one that is there */
function begins(place: Place, last: Place | undefined, letters: string): boolean {
  if (/\s$/.test(letters)) return false;
  if (place.url !== last?.url || place.line !== last.line || letters.startsWith("\n")) return true;
  // A script that is its own source has a place for each letter: those of its words are enough.
  return place.column === last.column + 1 ? !/\w\w/.test(letters) : place.column !== last.column;
}

interface Origin {
  readonly script: LoadedScript;
  /** Where in the script's text it begins. */
  readonly at: number;
  /** How many letters of the part are Pulumi's. */
  readonly from: number;
  readonly length: number;
}

const onlyOne = (
  found: readonly Omit<Origin, "from" | "length">[],
  from: number,
  length: number,
): Origin | undefined => (found.length === 1 ? { ...found[0]!, from, length } : undefined);

/** What Pulumi puts around the text of each function. */
const around = /\n {4}with\([^\n]*\) \{\n\nreturn ([\s\S]*?);\n\n {4}\}\n {2}\}\)\.apply\(/g;
/** A constructor that the class does not write itself. */
const isMade = (text: string): boolean => /^function \/\*constructor\*\/\(\) \{ (super\(\); )?\}$/.test(text);

function* functionsIn(text: string): Generator<{ readonly at: number; readonly text: string }> {
  for (const match of text.matchAll(around)) {
    const [whole, part = ""] = match;
    if (!isMade(part))
      yield { at: match.index + whole.indexOf("\n\nreturn ") + "\n\nreturn ".length, text: part };
  }
}

/** A place in a text, moved letter by letter. */
class Cursor {
  line = 0;
  column = 0;

  constructor(
    private readonly text: string,
    private at: number,
  ) {
    const before = text.slice(0, at);
    const lineStart = before.lastIndexOf("\n") + 1;
    this.line = before.split("\n").length - 1;
    this.column = at - lineStart;
  }

  next(): void {
    if (this.text[this.at] === "\n") {
      this.line++;
      this.column = 0;
    } else this.column++;
    this.at++;
  }
}
