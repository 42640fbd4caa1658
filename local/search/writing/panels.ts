/** Counts of the panels' saved queries, kept while documents come in. */
import { QueryError, type SavedQuery } from "../../rooms";
import type { FieldMap } from "../documents/fields";
import { DocumentView } from "../documents/view";
import { buildCondition } from "../query/build";
import type { Condition } from "../query/condition";
import { matches } from "../query/match";
import { parseOptional, type SyntaxNode } from "../query/parse";
import { type AskedToken, askedToken } from "./token-table";

/** What is known of a document when it is counted. */
export interface CountedDocument {
  readonly source: string;
  readonly id: string;
  /** Whether it has a token. */
  readonly has: (token: AskedToken) => boolean;
  readonly timestampMs: number;
}

type Test = (document: CountedDocument) => boolean;

/** A test on the tokens alone, where the condition asks for nothing else. */
function tokenTest(condition: Condition): Test | undefined {
  const contains = (token: string): Test => {
    const asked = askedToken(token);
    return ({ has }) => has(asked);
  };
  switch (condition.kind) {
    case "all":
      return () => true;
    case "none":
      return () => false;
    case "token":
      return contains(condition.field.tokenPrefix + condition.token);
    case "flag":
      return contains(`${condition.field.tokenPrefix}${condition.value}`);
    case "any": {
      const tests = condition.of.map(tokenTest);
      return tests.every((test) => test !== undefined)
        ? (document) => tests.some((test) => test(document))
        : undefined;
    }
    case "bool": {
      const [must, should, not] = [condition.must, condition.should, condition.not].map((list) =>
        list.map(tokenTest),
      ) as [(Test | undefined)[], (Test | undefined)[], (Test | undefined)[]];
      if ([...must, ...should, ...not].includes(undefined)) return undefined;
      const passes = (list: (Test | undefined)[], document: CountedDocument) =>
        list.map((test) => (test as Test)(document));
      return (document) =>
        passes(must, document).every(Boolean) &&
        !passes(not, document).some(Boolean) &&
        (must.length > 0 || passes(should, document).some(Boolean));
    }
    default:
      return undefined;
  }
}

/** The panels against one index; made anew whenever the index gets a field. */
export class PanelTests {
  private readonly tests: Test[];

  constructor(nodes: readonly (SyntaxNode | undefined)[], fields: FieldMap, index: string) {
    this.tests = nodes.map((node) => {
      let condition: Condition;
      try {
        condition = buildCondition(node, { fields, index, nowMs: 0 });
      } catch (error) {
        if (error instanceof QueryError) return () => false;
        throw error;
      }
      const view: Test = ({ source, ...row }) => matches(condition, new DocumentView(source, fields, row));
      return tokenTest(condition) ?? view;
    });
  }

  /** Adds 1 to the count of each panel that the document fulfils. */
  count(document: CountedDocument, counts: number[]): void {
    for (let at = 0; at < this.tests.length; at++) {
      if ((this.tests[at] as Test)(document)) counts[at] = (counts[at] as number) + 1;
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
