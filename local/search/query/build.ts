/**
 * From the syntax tree of a query to a condition on the documents of one index. The order of operators is Lucene's:
 * AND makes both its neighbours required, OR adds an optional clause, and there is no precedence.
 */
import { QueryError } from "../../rooms";
import type { Field, FieldMap } from "../documents/fields";
import { lowerCase } from "../documents/tokens";
import { parseFloat32 } from "../documents/values";
import { allDocuments, anyOf, type Condition, noDocument } from "./condition";
import { automaticEdits, nearMachine } from "./edit-distance";
import {
  type Bounds,
  type Clock,
  existsOn,
  patternOn,
  prefixOn,
  rangeOn,
  type Target,
  termOn,
  testOn,
} from "./field-conditions";
import { isMetadata, metadataCondition, type Question } from "./metadata";
import { type Clause, type RangeEnd, type SyntaxNode, withoutEscapes } from "./parse";
import { hintsOf } from "./patterns";
import { coarsePatterns, isOpenExpression, NotSupported, regularExpression } from "./regular-expression";
import { refuseMalformed } from "./strict";
import { leavesOf, nameOf, targetOf, targetsOf } from "./targets";

/** As `indices.query.bool.max_clause_count`. */
const maxClauses = 1024;
const maxEdits = 2;
/** A condition; undefined where the text had no tokens and the clause vanishes. */
type Built = Condition | undefined;

/** What a query is resolved against. */
export interface Resolved {
  readonly fields: FieldMap;
  /** Name of the index. */
  readonly index: string;
  readonly nowMs: number;
}

/** How a text is read where a body says so. */
export interface TextOptions {
  /** Names or patterns of fields that are looked at where none is named. @default all */
  readonly fields?: readonly string[] | undefined;
  /** What stands between clauses that have no operator. @default "or" */
  readonly operator?: "and" | "or";
  /** Whether a value that a field cannot have finds nothing, instead of being an error. @default true */
  readonly lenient?: boolean;
  /** @default UTC */
  readonly timeZone?: string | undefined;
}

class Builder {
  /** Conditions without any below them. */
  private leaves = 0;
  private readonly fields: FieldMap;
  private readonly clock: Clock;
  private readonly joinsAll: boolean;
  private readonly strict: boolean;

  constructor(
    private readonly against: Resolved,
    private readonly options: TextOptions,
  ) {
    this.fields = against.fields;
    this.clock = { nowMs: against.nowMs, timeZone: options.timeZone };
    this.joinsAll = options.operator === "and";
    this.strict = options.lenient === false;
  }

  build(node: SyntaxNode, field: string | undefined): Built {
    switch (node.kind) {
      case "clauses":
        return this.run(node.clauses, field);
      case "field":
        return this.build(node.node, this.fieldName(node.field, node.at));
      case "words":
        return this.words(node.text, node.fuzzy, field, node.at);
      case "phrase":
        return this.phrase(node.text, node.slop, field, node.at);
      case "range":
        return this.range(node, field);
      case "wildcard":
        return this.wildcard(node.text, field, node.at);
      case "regex":
        return this.regex(node.text, field, node.at);
    }
  }

  private run(clauses: readonly Clause[], field: string | undefined): Built {
    if (clauses.length > maxClauses) this.fail(`More than ${maxClauses} clauses`, undefined);
    const built: { occur: "must" | "should" | "not"; condition: Condition }[] = [];
    let first: Built;
    for (const [place, { joined, mark, node }] of clauses.entries()) {
      const condition = this.build(node, field);
      const last = built.at(-1);
      if (joined === "and" && last !== undefined && last.occur !== "not") last.occur = "must";
      if (joined === "or" && this.joinsAll && last?.occur === "must") last.occur = "should";
      if (place === 0 && mark === "none") first = condition;
      if (condition === undefined) continue;
      const isRequired = mark === "required" || (this.joinsAll ? joined !== "or" : joined === "and");
      const occur = mark === "prohibited" ? "not" : isRequired ? "must" : "should";
      built.push({ occur, condition });
    }
    if (built.length === 0) return undefined;
    if (built.length === 1 && first !== undefined) return first;
    const of = (occur: string) =>
      built.filter((entry) => entry.occur === occur).map((entry) => entry.condition);
    const must = of("must");
    const should = of("should");
    const not = of("not");
    if (must.length === 0 && should.length === 0) must.push(allDocuments);
    if (must.length === 0 && not.length === 0) return anyOf(should);
    return { kind: "bool", must, should, not };
  }

  private fieldName(raw: string, at: number): string {
    const pattern = /(?:^|[^\\])[*?]/.test(raw) && raw !== "*";
    if (pattern) this.fail("A * in a field's name must be escaped: \\*", at);
    const name = withoutEscapes(raw, at);
    if (/^\.+$/.test(name)) this.fail("A field's name cannot be of dots alone", at);
    return name;
  }

  /** Asks each of the fields that a name stands for. */
  private over(name: string | undefined, question: Question, ask: (target: Target) => Built): Built {
    if (name !== undefined && isMetadata(name)) {
      const answer = metadataCondition(name, question, this.against.index);
      return typeof answer === "string" ? this.fail(answer, undefined) : this.counted(answer);
    }
    const targets = this.targets(name);
    if (targets.length === 0) return this.counted(noDocument);
    const built: Condition[] = [];
    for (const target of targets) {
      if (this.strict) refuseMalformed(target, question);
      const condition = this.counted(ask(target));
      if (condition !== undefined) built.push(condition);
    }
    return built.length === 0 ? undefined : anyOf(built);
  }

  private targets(name: string | undefined): Target[] {
    const names = name === undefined ? this.options.fields : undefined;
    if (names === undefined) return targetsOf(this.fields, name);
    const all = names.flatMap((one) => targetsOf(this.fields, one));
    return all.filter((one, at) => all.findIndex((other) => nameOf(other) === nameOf(one)) === at);
  }

  /** Lucene counts every term on every field. */
  private counted(condition: Built): Built {
    this.leaves += condition?.kind === "any" ? condition.of.length : 1;
    if (this.leaves > maxClauses) {
      const message = `More than ${maxClauses} terms, each of them counted on every field that it looks at; name a field`;
      this.fail(message, undefined);
    }
    return condition;
  }

  private words(raw: string, fuzzy: string | null | undefined, name: string | undefined, at: number): Built {
    const text = withoutEscapes(raw, at);
    if (typeof fuzzy === "string") return this.fuzzy(text, fuzzy, name, at + raw.length);
    if (name === "_exists_") return this.exists(text);
    const range = comparison(text);
    if (range !== undefined)
      return this.over(name, { kind: "range", bounds: range }, (target) =>
        rangeOn(target, range, this.clock),
      );
    return this.term(text, undefined, name);
  }

  /** A text field's tokens are found wherever its `.keyword` is, so that the latter needs no look. */
  private term(text: string, slop: number | undefined, name: string | undefined): Built {
    const found = new Set<Field>();
    return this.over(name, { kind: "term", text }, (target) => {
      if (target.keyword && found.has(target.field)) return noDocument;
      const condition = termOn(target, text, slop, this.clock, this.joinsAll);
      if (condition !== undefined && target.field.type === "text") found.add(target.field);
      return condition;
    });
  }

  private phrase(raw: string, slopText: string | null, name: string | undefined, at: number): Built {
    const text = withoutEscapes(raw, at);
    if (name === "_exists_") return this.exists(text);
    const wanted = parseFloat32(slopText ?? "");
    const slop = typeof wanted === "string" ? 0 : Math.trunc(wanted);
    return slop < 0 ? noDocument : this.term(text, slop, name);
  }

  private range(node: SyntaxNode & { kind: "range" }, name: string | undefined): Built {
    const end = ({ text, quoted }: RangeEnd) =>
      text === "*" && !quoted ? undefined : withoutEscapes(text, node.at);
    const star = (text: string | undefined) => (text === "*" ? undefined : text);
    const bounds: Bounds = {
      low: star(end(node.low)),
      high: star(end(node.high)),
      includeLow: node.includeLow,
      includeHigh: node.includeHigh,
    };
    return this.over(name, { kind: "range", bounds }, (target) => rangeOn(target, bounds, this.clock));
  }

  private wildcard(raw: string, name: string | undefined, at: number): Built {
    const unescaped = withoutEscapes(raw, at);
    if (name === "_exists_") return raw === "*" ? noDocument : this.exists(unescaped);
    if (raw === "*" && name === undefined && this.options.fields !== undefined)
      return anyOf(this.options.fields.map((one) => (one === "*" ? allDocuments : this.exists(one))));
    if (raw === "*" && (name === undefined || name === "*")) return allDocuments;
    if (raw === "*" && name?.includes("*")) return this.over(name, { kind: "exists" }, existsOn);
    if (raw === "*") return this.exists(name as string);
    const isPrefix = raw.endsWith("*") && !/(?:^|[^\\])(?:\\\\)*[*?]/.test(raw.slice(0, -1));
    if (!isPrefix) return this.over(name, { kind: "other" }, (target) => patternOn(target, raw));
    const text = withoutEscapes(raw.slice(0, -1), at);
    return this.over(name, { kind: "prefix", text }, (target) => prefixOn(target, text));
  }

  private exists(name: string): Condition {
    if (isMetadata(name)) return this.over(name, { kind: "exists" }, () => noDocument) as Condition;
    const target = targetOf(this.fields, name);
    if (target === undefined) return noDocument;
    if (target.field.type !== "object") return existsOn(target);
    return anyOf(leavesOf(target.field).map((field) => existsOn({ field, keyword: false })));
  }

  /** On tokens in lower case, on whole values as it is. A wrong expression finds nothing, as a wrong number does. */
  private regex(text: string, name: string | undefined, at: number): Built {
    withoutEscapes(text, at);
    try {
      const onTokens = regularExpression(lowerCase(text));
      const onValues = regularExpression(text);
      const ofWord = isOpenExpression(text) ? { word: onValues } : {};
      const hints = { ...hintsOf(coarsePatterns(text)), ...ofWord };
      return this.over(name, { kind: "other" }, (target) => testOn(target, onTokens, onValues, hints));
    } catch (error) {
      if (error instanceof NotSupported) this.fail(`Not supported: ${error.message}`, at);
      if (error instanceof SyntaxError) return noDocument;
      throw error;
    }
  }

  private fuzzy(text: string, number: string, name: string | undefined, at: number): Built {
    const wanted = /^auto$/i.test(number) ? 1 : number === "" ? automaticEdits(text) : parseFloat32(number);
    if (typeof wanted === "string") return this.fail("After ~ stands a number, as in word~1", at);
    const edits = Math.min(maxEdits, Math.trunc(wanted));
    if (edits < 0) return noDocument;
    const onTokens = nearMachine(lowerCase(text), edits);
    const onValues = nearMachine(text, edits);
    // An edit may put in a character of two units.
    const hints = {
      leastCharacters: [...text].length - edits,
      mostUnits: text.length + 2 * edits,
    };
    return this.over(name, { kind: "other" }, (target) => testOn(target, onTokens, onValues, hints));
  }

  private fail(message: string, position: number | undefined): never {
    throw new QueryError(position === undefined ? { message } : { message, position });
  }
}

/** `>5`, `>=5`, `<5`, `<=5`. */
function comparison(text: string): Bounds | undefined {
  if (text.length < 2 || (text[0] !== ">" && text[0] !== "<")) return undefined;
  const include = text.length > 2 && text[1] === "=";
  const value = text.slice(include ? 2 : 1);
  const end = value === "*" ? undefined : value;
  if (text[0] === ">") return { low: end, high: undefined, includeLow: include, includeHigh: true };
  return { low: undefined, high: end, includeLow: true, includeHigh: include };
}

/** Throws {@link QueryError} for what is not supported. */
export function buildCondition(
  node: SyntaxNode | undefined,
  against: Resolved,
  options: TextOptions = {},
): Condition {
  if (node === undefined) return allDocuments;
  return new Builder(against, options).build(node, undefined) ?? noDocument;
}
