/** From a query of a body to a condition on the documents of one index: the same that a query's text becomes. */
import { QueryError } from "../../rooms";
import type { BodyQuery } from "../../search-body";
import type { FieldMap } from "../documents/fields";
import { tokenize } from "../documents/tokens";
import { buildCondition, type Resolved } from "./build";
import { allDocuments, allOf, anyOf, atLeast, type Condition, noDocument } from "./condition";
import { type Clock, existsOn, rangeOn, type Target, termOn, tokenRange } from "./field-conditions";
import { isMetadata, metadataCondition, type Question } from "./metadata";
import { neededOf } from "./minimum-should-match";
import { parseOptional } from "./parse";
import { refuseMalformed } from "./strict";
import { leavesOf, targetOf } from "./targets";

type Of<Kind extends BodyQuery["kind"]> = BodyQuery & { readonly kind: Kind };

/** @throws QueryError for a value that the field's type cannot have, and for a text that is no query */
export function buildBody(query: BodyQuery, against: Resolved): Condition {
  const { fields, nowMs } = against;
  switch (query.kind) {
    case "all":
      return allDocuments;
    case "none":
      return noDocument;
    case "text":
      return buildText(query, against);
    case "match":
      return buildMatch(query, against);
    case "phrase":
      return buildPhrase(query, against);
    case "terms":
      return anyOf(query.values.map((text) => buildTerm(query.field, text, against)));
    case "range":
      return buildRange(query, against, { nowMs, timeZone: query.timeZone });
    case "exists":
      return isMetadata(query.field)
        ? metadata(query.field, { kind: "exists" }, against)
        : buildExists(fields, query.field);
    case "ids":
      return anyOf(query.values.map((id) => ({ kind: "id", id })));
    case "bool":
      return buildBool(query, against);
  }
}

function buildText(query: Of<"text">, against: Resolved): Condition {
  const node = parseOptional(query.query);
  // An empty text finds nothing here, where a search without one finds all.
  return node === undefined ? noDocument : buildCondition(node, against, query);
}

function metadata(field: string, question: Question, { index }: Resolved): Condition {
  const answer = metadataCondition(field, question, index);
  if (typeof answer === "string") throw new QueryError({ message: answer });
  return answer;
}

/** The field, and what a text asks of one that is no text to be taken apart into words. */
function whole(field: string, text: string, against: Resolved, lenient = false): Condition | Target {
  if (isMetadata(field)) return metadata(field, { kind: "term", text }, against);
  const target = targetOf(against.fields, field);
  if (target === undefined || target.field.type === "object") return noDocument;
  if (!target.keyword && target.field.type === "text") return target;
  if (!lenient) refuseMalformed(target, { kind: "term", text });
  return termOn(target, text, undefined, { nowMs: against.nowMs }) ?? noDocument;
}

function buildTerm(field: string, text: string, against: Resolved): Condition {
  const found = whole(field, text, against);
  if ("kind" in found) return found;
  // What the tokenizer would take apart is no token of any document.
  const [token, more] = tokenize(text);
  return token === text && more === undefined ? { kind: "token", field: found.field, token } : noDocument;
}

function buildMatch(query: Of<"match">, against: Resolved): Condition {
  const { text, operator, minimumShouldMatch, zeroTerms } = query;
  const found = whole(query.field, text, against, query.lenient);
  if ("kind" in found) return found;
  const tokens = tokenize(text);
  if (tokens.length === 0) return zeroTerms === "all" ? allDocuments : noDocument;
  const each = tokens.map((token): Condition => ({ kind: "token", field: found.field, token }));
  if (operator === "and") return allOf(each);
  const needed = tokens.length === 1 ? 1 : neededOf(minimumShouldMatch, tokens.length);
  return atLeast(Math.max(1, needed), each);
}

function buildPhrase({ field, text, slop, zeroTerms }: Of<"phrase">, against: Resolved): Condition {
  const found = whole(field, text, against);
  if ("kind" in found) return found;
  const tokens = tokenize(text);
  const [first] = tokens;
  if (first === undefined) return zeroTerms === "all" ? allDocuments : noDocument;
  return tokens.length === 1
    ? { kind: "token", field: found.field, token: first }
    : { kind: "phrase", field: found.field, tokens, slop };
}

function buildRange(query: Of<"range">, against: Resolved, clock: Clock): Condition {
  const { field, low, high, includeLow, includeHigh } = query;
  const bounds = { low, high, includeLow, includeHigh };
  if (isMetadata(field)) return metadata(field, { kind: "range", bounds }, against);
  const target = targetOf(against.fields, field);
  if (target === undefined || target.field.type === "object") return noDocument;
  if (low === undefined && high === undefined) return existsOn(target);
  refuseMalformed(target, { kind: "range", bounds });
  if (target.field.type === "text" && !target.keyword) return tokenRange(target.field, bounds);
  return rangeOn(target, bounds, clock);
}

function buildExists(fields: FieldMap, name: string): Condition {
  const target = targetOf(fields, name);
  if (target === undefined) return noDocument;
  if (target.field.type !== "object") return existsOn(target);
  return anyOf(leavesOf(target.field).map((field) => existsOn({ field, keyword: field.type === "keyword" })));
}

/**
 * Whether the query finds nothing whatever the documents are: nothing is named, or a field that there is not. What
 * stands beside it is then not looked at, nor found wrong.
 */
function isNever(query: BodyQuery, fields: FieldMap): boolean {
  const isUnmapped = (name: string) => !isMetadata(name) && targetOf(fields, name) === undefined;
  switch (query.kind) {
    case "none":
      return true;
    case "ids":
      return query.values.length === 0;
    case "terms":
      return query.values.length === 0 || isUnmapped(query.field);
    case "range":
    case "exists":
      return isUnmapped(query.field);
    case "bool":
      return query.must.some((one) => isNever(one, fields));
    default:
      return false;
  }
}

function buildBool(query: Of<"bool">, against: Resolved): Condition {
  if (isNever(query, against.fields)) return noDocument;
  const build = (part: BodyQuery) => buildBody(part, against);
  const must = query.must.map(build);
  const should = query.should.map(build);
  const not = query.not.map(build);
  if (must.length + should.length + not.length === 0) return allDocuments;
  const least = must.length === 0 && should.length > 0 ? 1 : 0;
  const { minimumShouldMatch } = query;
  // Where all that is said is what not, as many of nothing are not asked for.
  const isNegative = must.length === 0 && should.length === 0;
  const needed =
    minimumShouldMatch === undefined || isNegative ? 0 : neededOf(minimumShouldMatch, should.length);
  const wanted = allOf([...must, atLeast(Math.max(least, needed), should)]);
  if (not.length === 0 || wanted.kind === "none") return wanted;
  return { kind: "bool", must: [wanted], should: [], not };
}
