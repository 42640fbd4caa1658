/** Counts of the panels' saved queries, kept while documents come in. */
import { QueryError, type SavedQuery } from "../../rooms";
import type { DocumentTokens } from "../documents/document-tokens";
import type { Field, FieldMap } from "../documents/fields";
import { beginningToken } from "../documents/value-list";
import { DocumentView } from "../documents/view";
import type { TokenTest } from "../file/token-segments";
import { buildCondition } from "../query/build";
import type { Condition } from "../query/condition";
import { matches } from "../query/match";
import { parseOptional, type SyntaxNode } from "../query/parse";
import { pairsOf } from "../reading/pair-sets";
import { numberWithin } from "../reading/token-tests";
import { type AskedToken, askedToken } from "./token-table";

/** What is known of a document when it is counted. */
export interface CountedDocument {
  readonly source: string;
  readonly id: string;
  /** Whether it has a token. */
  readonly has: (token: AskedToken) => boolean;
  /** All that it has. */
  readonly tokens: DocumentTokens;
  readonly timestampMs: number;
}

/** Undefined: tokens do not tell. */
type PanelTest = (document: CountedDocument) => boolean | undefined;

/** What the tokens say of a condition, as far as they are looked at here. */
function tokenTest(condition: Condition): PanelTest {
  switch (condition.kind) {
    case "all":
      return () => true;
    case "none":
      return () => false;
    case "token":
      return hasAll([condition.field.tokenPrefix + condition.token]);
    case "flag":
      return hasAll([`${condition.field.tokenPrefix}${condition.value}`]);
    case "number":
      return hasSome(condition.field, numberWithin(condition.field, condition.low, condition.high));
    case "address":
      return addressTest(condition);
    case "exact":
      return exactTest(condition);
    case "phrase":
      return phraseTest(condition);
    case "any":
      return one(condition.of.map(tokenTest));
    case "bool": {
      const must = each(condition.must.map(tokenTest));
      const not = one(condition.not.map(tokenTest));
      const wanted = condition.must.length > 0 ? must : one(condition.should.map(tokenTest));
      return each([wanted, (document) => opposite(not(document))]);
    }
    default:
      return () => undefined;
  }
}

const opposite = (told: boolean | undefined) => (told === undefined ? undefined : !told);

function hasAll(tokens: readonly string[]): (document: CountedDocument) => boolean {
  const asked = tokens.map(askedToken);
  return ({ has }) => asked.every(has);
}

/** Whether all are true: one that is not tells it, whatever the others are. */
function each(tests: readonly PanelTest[]): PanelTest {
  return (document) => {
    let told: boolean | undefined = true;
    for (const test of tests) {
      const answer = test(document);
      if (answer === false) return false;
      if (answer === undefined) told = undefined;
    }
    return told;
  };
}

function one(tests: readonly PanelTest[]): PanelTest {
  const none = each(tests.map((test) => (document) => opposite(test(document))));
  return (document) => opposite(none(document));
}

/** One token of the field passes. */
const hasSome =
  ({ tokenPrefix }: Field, test: TokenTest): PanelTest =>
  ({ tokens }) =>
    tokens.some(tokenPrefix, test);

/** The order of the bytes is that of the addresses. */
function addressTest({ field, range }: Condition & { kind: "address" }): PanelTest {
  const [low, high] = [Buffer.from(range.low), Buffer.from(range.high)];
  return hasSome(
    field,
    (bytes, begin, end) => low.compare(bytes, begin, end) <= 0 && high.compare(bytes, begin, end) >= 0,
  );
}

/** Whether a value is listed may change with each document; what is one of the others stays so. */
function exactTest({ field, value }: Condition & { kind: "exact" }): PanelTest {
  const { values } = field;
  if (values === undefined || values.hasUnknown) return () => undefined;
  const begins = hasAll([beginningToken(field.beginningPrefix, value)]);
  let isListed: PanelTest | undefined;
  return (document) => {
    const number = values.numbers.get(value);
    if (number === undefined) return begins(document) ? undefined : false;
    isListed ??= hasAll([field.valuePrefix + number]);
    return isListed(document);
  };
}

/** A listed value may have the phrase where no pair tells it, and so may a text whose words are moved. */
function phraseTest({ field, tokens }: Condition & { kind: "phrase" }): PanelTest {
  const hasWords = hasAll(tokens.map((token) => field.tokenPrefix + token));
  const pairs = pairsOf(field, tokens);
  if (pairs === undefined) return (document) => (hasWords(document) ? undefined : false);
  const hasPairs = hasAll(pairs.tokens);
  const repeats = one(pairs.repeated.map((token) => hasAll([token])));
  return (document) => {
    if (!hasWords(document)) return false;
    return pairs.isWhole && hasPairs(document) && repeats(document) === false ? true : undefined;
  };
}

/** The panels against one index; made anew whenever the index gets a field or a frequent word. */
export class PanelTests {
  private readonly tests: ((document: CountedDocument) => boolean)[];

  constructor(nodes: readonly (SyntaxNode | undefined)[], fields: FieldMap, index: string) {
    this.tests = nodes.map((node) => {
      let condition: Condition;
      try {
        condition = buildCondition(node, { fields, index, nowMs: 0 });
      } catch (error) {
        if (error instanceof QueryError) return () => false;
        throw error;
      }
      const told = tokenTest(condition);
      return (document) =>
        told(document) ?? matches(condition, new DocumentView(document.source, fields, document));
    });
  }

  /** Adds 1 to the count of each panel that the document fulfils. */
  count(document: CountedDocument, counts: number[]): void {
    for (let at = 0; at < this.tests.length; at++) {
      if (this.tests[at]?.(document)) counts[at] = (counts[at] as number) + 1;
    }
  }
}

/** The panels' queries, parsed; a wrong one is told by its panel's title. */
export function parsePanels(panels: readonly SavedQuery[]): (SyntaxNode | undefined)[] {
  return panels.map(({ title, query }) => {
    try {
      return parseOptional(query);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      throw new QueryError({
        ...error.problem,
        message: `The query of panel "${title}" is wrong: ${error.problem.message}`,
      });
    }
  });
}
