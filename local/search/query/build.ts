/**
 * From the syntax tree of a query to a condition on the documents of one index. The order of operators is Lucene's:
 * AND makes both its neighbours required, OR adds an optional clause, and there is no precedence.
 */
import { QueryError } from "../../rooms";
import type { Field, FieldMap } from "../documents/fields";
import { lowerCase } from "../documents/tokens";
import { parseFloat32 } from "../documents/values";
import { allDocuments, anyOf, type Condition, noDocument } from "./condition";
import { automaticEdits, withinEdits } from "./edit-distance";
import {
  type Bounds,
  existsOn,
  patternOn,
  prefixOn,
  rangeOn,
  type Target,
  termOn,
  testOn,
} from "./field-conditions";
import { type Clause, type RangeEnd, type SyntaxNode, withoutEscapes } from "./parse";
import { NotSupported, regularExpression } from "./regular-expression";

/** As `indices.query.bool.max_clause_count`. */
const maxClauses = 1024;
const maxEdits = 2;
const metadataFields = new Set([
  "_id",
  "_index",
  "_source",
  "_routing",
  "_field_names",
  "_ignored",
  "_version",
  "_seq_no",
]);

/** A condition; undefined where the text had no tokens and the clause vanishes. */
type Built = Condition | undefined;

class Builder {
  private clauses = 0;

  constructor(
    private readonly fields: FieldMap,
    private readonly nowMs: number,
  ) {}

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
    this.clauses += clauses.length;
    if (clauses.length > maxClauses) this.fail(`More than ${maxClauses} clauses`, undefined);
    const built: { occur: "must" | "should" | "not"; condition: Condition }[] = [];
    let first: Built;
    for (const [place, { joined, mark, node }] of clauses.entries()) {
      const condition = this.build(node, field);
      const last = built.at(-1);
      if (joined === "and" && last !== undefined && last.occur !== "not") last.occur = "must";
      if (place === 0 && mark === "none") first = condition;
      if (condition === undefined) continue;
      const occur =
        mark === "prohibited" ? "not" : mark === "required" || joined === "and" ? "must" : "should";
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
    if (metadataFields.has(name)) this.fail(`The field ${name} cannot be searched here`, at);
    return name;
  }

  /** The fields a name stands for; undefined or `*`: all. */
  private targets(name: string | undefined): Target[] {
    if (name !== undefined && !name.includes("*")) {
      const target = this.target(name);
      return target === undefined || target.field.type === "object" ? [] : [target];
    }
    // A name in general never stands for a field with a leading underscore.
    const named = this.fields.list.filter(({ path, type }) => type !== "object" && !path.startsWith("_"));
    const all = named.flatMap(withKeyword);
    if (name === undefined || name === "*") return this.limited(all);
    const pattern = new RegExp(`^${name.split("*").map(escapeRegExp).join(".*")}$`, "su");
    return this.limited(
      all.filter(({ field, keyword }) => pattern.test(keyword ? `${field.path}.keyword` : field.path)),
    );
  }

  private limited(targets: Target[]): Target[] {
    this.clauses += targets.length;
    if (this.clauses > maxClauses)
      this.fail(`Terms times fields give more than ${maxClauses} clauses; name a field`, undefined);
    return targets;
  }

  private target(name: string): Target | undefined {
    const field = this.fields.byPath(name);
    if (field !== undefined) return { field, keyword: false };
    if (!name.endsWith(".keyword")) return undefined;
    const text = this.fields.byPath(name.slice(0, -".keyword".length));
    return text?.hasKeyword ? { field: text, keyword: true } : undefined;
  }

  private over(name: string | undefined, ask: (target: Target) => Built): Built {
    const targets = this.targets(name);
    if (targets.length === 0) return noDocument;
    const built: Condition[] = [];
    for (const target of targets) {
      const condition = ask(target);
      if (condition !== undefined) built.push(condition);
    }
    return built.length === 0 ? undefined : anyOf(built);
  }

  private words(raw: string, fuzzy: string | null | undefined, name: string | undefined, at: number): Built {
    const text = withoutEscapes(raw, at);
    if (typeof fuzzy === "string") return this.fuzzy(text, fuzzy, name, at + raw.length);
    if (name === "_exists_") return this.exists(text);
    const range = comparison(text);
    if (range !== undefined) return this.over(name, (target) => rangeOn(target, range, this.nowMs));
    return this.term(text, undefined, name);
  }

  /** A text field's tokens are found wherever its `.keyword` is, so that the latter needs no look. */
  private term(text: string, slop: number | undefined, name: string | undefined): Built {
    const found = new Set<Field>();
    return this.over(name, (target) => {
      if (target.keyword && found.has(target.field)) return noDocument;
      const condition = termOn(target, text, slop, this.nowMs);
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
    return this.over(name, (target) => rangeOn(target, bounds, this.nowMs));
  }

  private wildcard(raw: string, name: string | undefined, at: number): Built {
    const unescaped = withoutEscapes(raw, at);
    if (name === "_exists_") return raw === "*" ? noDocument : this.exists(unescaped);
    if (raw === "*") return name === undefined || name === "*" ? allDocuments : this.exists(name);
    const isPrefix = raw.endsWith("*") && !/(?:^|[^\\])(?:\\\\)*[*?]/.test(raw.slice(0, -1));
    if (!isPrefix) return this.over(name, (target) => patternOn(target, raw));
    const text = withoutEscapes(raw.slice(0, -1), at);
    return this.over(name, (target) => prefixOn(target, text));
  }

  private exists(name: string): Condition {
    const target = this.target(name);
    if (target === undefined) return noDocument;
    if (target.field.type !== "object") return existsOn(target);
    return anyOf(leaves(target.field).map((field) => existsOn({ field, keyword: false })));
  }

  /** On tokens in lower case, on whole values as it is. A wrong expression finds nothing, as a wrong number does. */
  private regex(text: string, name: string | undefined, at: number): Built {
    withoutEscapes(text, at);
    try {
      const onTokens = regularExpression(lowerCase(text));
      const onValues = regularExpression(text);
      return this.over(name, (target) => testOn(target, onTokens, onValues));
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
    const onTokens = withinEdits(lowerCase(text), edits);
    const onValues = withinEdits(text, edits);
    return this.over(name, (target) => testOn(target, onTokens, onValues));
  }

  private fail(message: string, position: number | undefined): never {
    throw new QueryError(position === undefined ? { message } : { message, position });
  }
}

function withKeyword(field: Field): Target[] {
  const target = { field, keyword: false };
  return field.hasKeyword ? [target, { field, keyword: true }] : [target];
}

function leaves(field: Field): Field[] {
  return [...(field.children?.values() ?? [])].flatMap((child) =>
    child.type === "object" ? leaves(child) : [child],
  );
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
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
export function buildCondition(node: SyntaxNode | undefined, fields: FieldMap, nowMs: number): Condition {
  if (node === undefined) return allDocuments;
  return new Builder(fields, nowMs).build(node, undefined) ?? noDocument;
}
