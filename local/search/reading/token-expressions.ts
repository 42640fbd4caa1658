/** Sets of documents as FTS5 expressions over tokens. Negation is kept beside the expression: FTS5 has no lone NOT. */

type Operator = "AND" | "OR" | "NOT";

export interface Expression {
  readonly text: string;
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

/** The parser of FTS5 has a stack of its own, which deeper brackets overflow. */
export const maxHeight = 25;

const quoted = (token: string): string => `"${token.replaceAll('"', '""')}"`;

const single = (text: string): Expression => ({ text, operator: undefined, parts: [], height: 0 });

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
  return { text: `(${[...parts.keys()].join(` ${operator} `)})`, operator, parts: distinct, height };
}

function without(inside: Expression, outside: Expression): Expression {
  const [base, before] =
    inside.operator === "NOT" ? (inside.parts as [Expression, Expression]) : [inside, undefined];
  const taken = before === undefined ? outside : flat("OR", [before, outside]);
  const height = 1 + Math.max(base.height, taken.height);
  return { text: `(${base.text} NOT ${taken.text})`, operator: "NOT", parts: [base, taken], height };
}

const defined = (...all: (Expression | undefined)[]): Expression[] => all.filter((one) => one !== undefined);

export function both(a: TokenSet, b: TokenSet): TokenSet {
  if (a.complement && b.complement) {
    const out = defined(a.expression, b.expression);
    return { expression: out.length === 0 ? undefined : flat("OR", out), complement: true };
  }
  if (!a.complement && !b.complement) {
    if (a.expression === undefined || b.expression === undefined) return emptySet;
    return { expression: flat("AND", [a.expression, b.expression]), complement: false };
  }
  const [inside, outside] = a.complement ? [b, a] : [a, b];
  if (inside.expression === undefined || outside.expression === undefined) return inside;
  return { expression: without(inside.expression, outside.expression), complement: false };
}

export function other(set: TokenSet): TokenSet {
  return { expression: set.expression, complement: !set.complement };
}

export function either(a: TokenSet, b: TokenSet): TokenSet {
  return other(both(other(a), other(b)));
}

export function withToken(token: string): TokenSet {
  return { expression: single(quoted(token)), complement: false };
}

export function withPrefix(prefix: string): TokenSet {
  return { expression: single(`${quoted(prefix)}*`), complement: false };
}

export function withAny(tokens: readonly string[]): TokenSet {
  if (tokens.length === 0) return emptySet;
  return {
    expression: flat(
      "OR",
      tokens.map((token) => single(quoted(token))),
    ),
    complement: false,
  };
}

export function withAll(tokens: readonly string[]): TokenSet {
  return {
    expression: flat(
      "AND",
      tokens.map((token) => single(quoted(token))),
    ),
    complement: false,
  };
}
