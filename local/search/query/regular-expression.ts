/**
 * Regular expressions in Lucene's syntax, matched against a whole text by walking all states at once: no expression
 * takes more than its length times the text's.
 */
import { bytesToEnd, reach, type State, type Test } from "./expression-states";
import type { Pattern } from "./pattern-parts";
import { type MachinePlan, open, TextMachine } from "./text-machine";

interface Piece {
  readonly start: State;
  readonly end: State;
  /** Whatever fits the piece fits one of these. */
  readonly patterns: readonly Pattern[];
}

/** Repetition by numbers is written out. */
const maxStates = 10_000;
/** More say nothing that would be worth it. */
const mostPatterns = 8;
/** Of one pattern; all that is behind them may be anything. */
const mostParts = 64;
const anything: readonly Pattern[] = [["many"]];

const characterClasses: Readonly<Record<string, Test>> = {
  d: (code) => code >= 48 && code <= 57,
  s: (code) => code === 32 || (code >= 9 && code <= 13 && code !== 11),
  w: (code) => /^[A-Za-z0-9_]$/.test(String.fromCodePoint(code)),
};

function isCharacter(char: string): Test {
  const wanted = char.codePointAt(0);
  return (code) => code === wanted;
}

function few(patterns: readonly Pattern[]): readonly Pattern[] {
  return patterns.length > mostPatterns ? anything : patterns;
}

/** Each of the first ones with each of the others behind it. */
function joined(first: readonly Pattern[], second: readonly Pattern[]): readonly Pattern[] {
  if (first.length * second.length > mostPatterns)
    return first.length > second.length ? joined(anything, second) : joined(first, anything);
  return first.flatMap((before) => second.map((behind) => oneBehind(before, behind)));
}

function oneBehind(before: Pattern, behind: Pattern): Pattern {
  if (before.length >= mostParts) return before.at(-1) === "many" ? before : [...before, "many"];
  return before.at(-1) === "many" && behind[0] === "many"
    ? [...before, ...behind.slice(1)]
    : [...before, ...behind];
}

/** What Lucene has and this does not: complement, intersection and numeric ranges. */
export class NotSupported extends Error {}

class Compiler {
  private at = 0;
  private states = 0;
  private readonly chars: string[];

  constructor(text: string) {
    this.chars = [...text];
  }

  compile(): Piece {
    const piece = this.chars.length === 0 ? this.empty() : this.union();
    if (this.at < this.chars.length) throw new SyntaxError("end expected");
    return piece;
  }

  private state(on?: Test): State {
    if (++this.states > maxStates) throw new NotSupported("so large a regular expression");
    return { on, next: undefined, other: undefined };
  }

  private empty(): Piece {
    const state = this.state();
    return { start: state, end: state, patterns: [[]] };
  }

  private one(on: Test, char?: string): Piece {
    const start = this.state(on);
    start.next = this.state();
    return { start, end: start.next, patterns: [[char === undefined ? "one" : { char }]] };
  }

  private take(char: string): boolean {
    if (this.chars[this.at] !== char) return false;
    this.at++;
    return true;
  }

  private union(): Piece {
    const left = this.concatenation();
    if (!this.take("|")) return left;
    const right = this.union();
    const start = this.state();
    const end = this.state();
    start.next = left.start;
    start.other = right.start;
    left.end.next = end;
    right.end.next = end;
    return { start, end, patterns: few([...left.patterns, ...right.patterns]) };
  }

  private concatenation(): Piece {
    let piece = this.repetition();
    while (this.at < this.chars.length && !")|".includes(this.chars[this.at] as string)) {
      piece = this.join(piece, this.repetition());
    }
    return piece;
  }

  private join(first: Piece, second: Piece): Piece {
    first.end.next = second.start;
    return { start: first.start, end: second.end, patterns: joined(first.patterns, second.patterns) };
  }

  private repetition(): Piece {
    const from = this.at;
    let piece = this.simple();
    let to = this.at;
    while (this.at < this.chars.length) {
      if (this.take("?")) piece = this.optional(piece);
      else if (this.take("*")) piece = this.optional(this.many(piece));
      else if (this.take("+")) piece = this.many(piece);
      else if (this.take("{")) piece = this.counted(from, to, piece);
      else break;
      to = this.at;
    }
    return piece;
  }

  private optional(piece: Piece): Piece {
    const start = this.state();
    const end = this.state();
    start.next = piece.start;
    start.other = end;
    piece.end.next = end;
    return { start, end, patterns: anything };
  }

  private many(piece: Piece): Piece {
    const start = this.state();
    const end = this.state();
    start.next = piece.start;
    piece.end.next = end;
    end.other = piece.start;
    const after = this.state();
    end.next = after;
    return { start, end: after, patterns: joined(piece.patterns, anything) };
  }

  /** `{n}`, `{n,}` and `{n,m}`: what stands before is compiled anew for each time. */
  private counted(from: number, to: number, first: Piece): Piece {
    const found = /^(\d+)(,?)(\d*)\}/.exec(this.chars.slice(this.at).join(""));
    if (found === null) throw new SyntaxError("number expected");
    const after = this.at + found[0].length;
    const least = Number(found[1]);
    const most = found[3] !== "" ? Number(found[3]) : found[2] === "" ? least : undefined;
    const again = (): Piece => {
      const inner = new Compiler(this.chars.slice(from, to).join(""));
      inner.states = this.states;
      const piece = inner.compile();
      this.states = inner.states;
      return piece;
    };
    let piece = least === 0 ? this.empty() : first;
    for (let count = 1; count < least; count++) piece = this.join(piece, again());
    if (most === undefined) piece = this.join(piece, this.optional(this.many(again())));
    for (let count = least; most !== undefined && count < most; count++)
      piece = this.join(piece, this.optional(again()));
    this.at = after;
    return piece;
  }

  private simple(): Piece {
    const char = this.chars[this.at];
    if (char === undefined || "|)".includes(char)) throw new SyntaxError("expression expected");
    if (this.take("#")) return { start: this.state(), end: this.state(), patterns: anything };
    if (this.take("@")) return this.optional(this.many(this.one(() => true)));
    if ("~&<".includes(char)) throw new NotSupported(`${char} in a regular expression`);
    if (this.take(".")) return this.one(() => true);
    if (this.take("[")) return this.one(this.characterClass());
    if (this.take('"')) return this.quoted();
    if (this.take("(")) {
      const piece = this.take(")") ? this.empty() : this.union();
      if (this.chars[this.at - 1] !== ")" && !this.take(")")) throw new SyntaxError(") expected");
      return piece;
    }
    const character = this.character();
    return this.one(character.on, character.char);
  }

  private quoted(): Piece {
    let piece = this.empty();
    while (!this.take('"')) {
      const char = this.chars[this.at++];
      if (char === undefined) throw new SyntaxError('" expected');
      piece = this.join(piece, this.one(isCharacter(char), char));
    }
    return piece;
  }

  /** One character, escaped or not, or a class such as `\d`, which is no `char`. */
  private character(): { readonly on: Test; readonly char?: string } {
    const escaped = this.take("\\");
    const char = this.chars[this.at++];
    if (char === undefined) throw new SyntaxError("character expected");
    const known = escaped ? characterClasses[char.toLowerCase()] : undefined;
    if (known !== undefined) return { on: char === char.toLowerCase() ? known : (code) => !known(code) };
    return { on: isCharacter(char), char };
  }

  private characterClass(): Test {
    const negated = this.take("^");
    const tests: Test[] = [];
    do {
      const { on } = this.character();
      const low = this.chars[this.at - 1]?.codePointAt(0) as number;
      if (this.take("-")) {
        this.take("\\");
        const high = this.chars[this.at++]?.codePointAt(0) ?? 0;
        if (low > high) throw new SyntaxError("range out of order");
        tests.push((code) => code >= low && code <= high);
      } else tests.push(on);
    } while (this.at < this.chars.length && this.chars[this.at] !== "]");
    if (!this.take("]")) throw new SyntaxError("] expected");
    return (code) => tests.some((test) => test(code)) !== negated;
  }
}

const ascii = 128;

/** A test for whole texts. Throws SyntaxError, or {@link NotSupported}. */
export function regularExpression(text: string): TextMachine<ReadonlySet<State>> {
  const { start, end } = new Compiler(text).compile();
  const first = new Set<State>();
  reach(start, first);
  const after = (states: ReadonlySet<State>, code: number): ReadonlySet<State> | undefined => {
    const then = new Set<State>();
    for (const state of states) if (state.on?.(code)) reach(state.next, then);
    return then.size === 0 ? undefined : then;
  };
  const test = (value: string): boolean => {
    let now: ReadonlySet<State> = first;
    for (const char of value) {
      const then = after(now, char.codePointAt(0) as number);
      if (then === undefined) return false;
      now = then;
    }
    return now.has(end);
  };
  const needed = bytesToEnd(start, end);
  const numbers = new Map<State, number>();
  const numberOf = (state: State): number => {
    const number = numbers.get(state) ?? numbers.size;
    numbers.set(state, number);
    return number;
  };
  const plan: MachinePlan<ReadonlySet<State>> = {
    start: first,
    after: (states, byte) => (byte < ascii ? after(states, byte) : open),
    passes: (states) => states.has(end),
    bytesNeeded: (states) =>
      [...states].reduce(
        (least, state) => Math.min(least, needed.get(state) ?? least),
        Number.POSITIVE_INFINITY,
      ),
    nameOf: (states) => Uint32Array.from(states, numberOf).sort().join(" "),
  };
  return new TextMachine(plan, test);
}

/** Whether what fits the expression surely may have anything before it and behind it. */
export function isOpenExpression(expression: string): boolean {
  return /^\.\*([^|]*[^|\\])?\.\*$/s.test(expression);
}

/** Whatever fits the expression fits one of these. Throws as {@link regularExpression} does. */
export function coarsePatterns(expression: string): readonly Pattern[] {
  return new Compiler(expression).compile().patterns;
}
