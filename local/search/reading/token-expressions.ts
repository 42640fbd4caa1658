/**
 * Sets of documents as expressions over tokens. Negation is kept beside the expression, so that nobody need know which
 * documents there are.
 */
import type { TokenRange } from "../file/token-segments";

type Operator = "AND" | "OR" | "NOT";

export interface TokensLeaf extends TokenRange {
  /** What only narrows a set may be left out where it costs more than it saves. */
  readonly narrows?: boolean;
}

/** What a set is made of. */
export type Leaf =
  /** The documents that have the token. */
  | { readonly kind: "token"; readonly token: string }
  /** Those that have one of the tokens. */
  | ({ readonly kind: "tokens" } & TokensLeaf)
  /** Those whose time, as their row has it, is within both ends. */
  | { readonly kind: "time"; readonly lowMs: number; readonly highMs: number }
  | { readonly kind: "id"; readonly id: string }
  /** Those before a record that have some words. */
  | { readonly kind: "before"; readonly seq: number; readonly words: Expression };

export interface Expression {
  /** As FTS5 takes it, where it can: all leaves are tokens. Else only a name. */
  readonly text: string;
  readonly leaf: Leaf | undefined;
  readonly operator: Operator | undefined;
  readonly parts: readonly Expression[];
  /** Levels of brackets. */
  readonly height: number;
}

/** The documents of an expression, or all others; no expression is the empty set. */
export interface TokenSet {
  readonly expression: Expression | undefined;
  readonly complement: boolean;
}

export const emptySet: TokenSet = { expression: undefined, complement: false };
export const fullSet: TokenSet = { expression: undefined, complement: true };

let testedLeaves = 0;

function single(leaf: Leaf): Expression {
  const text =
    leaf.kind === "token"
      ? `"${leaf.token.replaceAll('"', '""')}"`
      : // Tests of two questions are two, whatever they are.
        leaf.kind === "tokens" && (leaf.test !== undefined || leaf.machine !== undefined)
        ? `tested ${++testedLeaves}`
        : JSON.stringify(leaf);
  return { text, leaf, operator: undefined, parts: [], height: 0 };
}

/** Joins by AND or OR; parts of the same operator are taken in, so that long runs stay flat. */
function flat(operator: "AND" | "OR", all: readonly Expression[]): Expression {
  const parts = new Map<string, Expression>();
  for (const expression of all) {
    for (const part of expression.operator === operator ? expression.parts : [expression])
      parts.set(part.text, part);
  }
  const distinct = [...parts.values()];
  if (distinct.length === 1) return distinct[0] as Expression;
  const height = 1 + Math.max(...distinct.map((part) => part.height));
  const text = `(${[...parts.keys()].join(` ${operator} `)})`;
  return { text, leaf: undefined, operator, parts: distinct, height };
}

function without(inside: Expression, outside: Expression): Expression {
  const [base, before] =
    inside.operator === "NOT" ? (inside.parts as [Expression, Expression]) : [inside, undefined];
  const taken = before === undefined ? outside : flat("OR", [before, outside]);
  const height = 1 + Math.max(base.height, taken.height);
  const text = `(${base.text} NOT ${taken.text})`;
  return { text, leaf: undefined, operator: "NOT", parts: [base, taken], height };
}

const defined = (...all: (Expression | undefined)[]): Expression[] => all.filter((one) => one !== undefined);

/** What is in each of them. All at once: taken one by one, a long run would be joined anew for each. */
export function allOf(sets: readonly TokenSet[]): TokenSet {
  const inside = sets.filter(({ complement }) => !complement).map(({ expression }) => expression);
  const outside = defined(...sets.filter(({ complement }) => complement).map(({ expression }) => expression));
  if (inside.includes(undefined)) return emptySet;
  const out = outside.length === 0 ? undefined : flat("OR", outside);
  if (inside.length === 0) return { expression: out, complement: true };
  const within = flat("AND", defined(...inside));
  return { expression: out === undefined ? within : without(within, out), complement: false };
}

export function both(a: TokenSet, b: TokenSet): TokenSet {
  return allOf([a, b]);
}

export function other(set: TokenSet): TokenSet {
  return { expression: set.expression, complement: !set.complement };
}

/** What is in one of them. */
export function anyOf(sets: readonly TokenSet[]): TokenSet {
  return other(allOf(sets.map(other)));
}

export function either(a: TokenSet, b: TokenSet): TokenSet {
  return anyOf([a, b]);
}

/** What a set has beyond a part of it, told by its expression; undefined where that tells nothing. */
export function partsBeyond(whole: TokenSet, part: TokenSet): TokenSet | undefined {
  if (whole.complement || part.complement || whole.expression?.operator !== "OR") return undefined;
  const joined = ({ expression }: TokenSet) =>
    expression?.operator === "OR" ? expression.parts : defined(expression);
  const known = new Set(joined(part).map(({ text }) => text));
  const more = joined(whole).filter(({ text }) => !known.has(text));
  return { expression: more.length === 0 ? undefined : flat("OR", more), complement: false };
}

export function withLeaf(leaf: Leaf): TokenSet {
  return { expression: single(leaf), complement: false };
}

export function withToken(token: string): TokenSet {
  return withLeaf({ kind: "token", token });
}

export function withAny(tokens: readonly string[]): TokenSet {
  if (tokens.length === 0) return emptySet;
  return {
    expression: flat(
      "OR",
      tokens.map((token) => single({ kind: "token", token })),
    ),
    complement: false,
  };
}

export function withAll(tokens: readonly string[]): TokenSet {
  return {
    expression: flat(
      "AND",
      tokens.map((token) => single({ kind: "token", token })),
    ),
    complement: false,
  };
}
