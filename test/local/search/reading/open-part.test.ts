/** What is left to ask of a document gives what the whole condition would. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Field } from "../../../../local/search/documents/fields";
import type { DocumentView } from "../../../../local/search/documents/view";
import type { Condition } from "../../../../local/search/query/condition";
import { matches } from "../../../../local/search/query/match";
import { openPart } from "../../../../local/search/reading/open-part";
import { numRuns } from "../../../property-runs";

/** What tokens say of one document, and what is so. */
interface Said {
  readonly possible: boolean;
  readonly sure: boolean;
  readonly exact: boolean;
}

const truths = [
  { possible: true, sure: true, exact: true, truth: true },
  { possible: false, sure: false, exact: true, truth: false },
  { possible: true, sure: false, exact: false, truth: true },
  { possible: true, sure: false, exact: false, truth: false },
  { possible: true, sure: true, exact: false, truth: true },
  { possible: false, sure: false, exact: false, truth: false },
];

/** A condition whose leaves are numbers of truths. */
const conditions = fc.letrec<{ condition: Condition }>((tie) => {
  const some = fc.array(tie("condition"), { minLength: 1, maxLength: 3 });
  const few = fc.array(tie("condition"), { maxLength: 2 });
  return {
    condition: fc.oneof(
      { depthSize: "medium", withCrossShrink: true },
      fc
        .nat(truths.length - 1)
        .map((id): Condition => ({ kind: "flag", field: { id } as Field, value: true })),
      some.map((of): Condition => ({ kind: "any", of })),
      fc.tuple(few, few, few).map(([must, should, not]): Condition => ({ kind: "bool", must, should, not })),
    ),
  };
}).condition;

function said(condition: Condition): Said {
  if (condition.kind === "flag") return truths[condition.field.id] as Said;
  const [must, should, not] =
    condition.kind === "bool"
      ? [condition.must.map(said), condition.should.map(said), condition.not.map(said)]
      : [[], (condition as Condition & { kind: "any" }).of.map(said), []];
  const inside = (of: "possible" | "sure") =>
    must.length > 0 ? must.every((one) => one[of]) : should.some((one) => one[of]);
  const parts = [...(must.length > 0 ? must : should), ...not];
  return {
    possible: inside("possible") && !not.some(({ sure }) => sure),
    sure: inside("sure") && !not.some(({ possible }) => possible),
    exact: parts.every(({ exact }) => exact),
  };
}

describe("the open part of a condition", () => {
  it("holds for a document that tokens leave in doubt if and only if the whole holds", () => {
    const document = {
      flags: ({ id }: Field) => [truths[id]?.truth],
    } as unknown as DocumentView;
    let doubtful = 0;
    fc.assert(
      fc.property(conditions, (condition) => {
        const { possible, sure } = said(condition);
        if (!possible || sure) return;
        doubtful++;
        const open = openPart(condition, (part) => said(part).exact);
        assert.equal(matches(open, document), matches(condition, document));
      }),
      numRuns(16_000),
    );
    assert.ok(doubtful > 20);
  });

  it("is nothing of what tokens tell alone", () => {
    const leaf = (id: number): Condition => ({ kind: "flag", field: { id } as Field, value: true });
    const isExact = (part: Condition) => said(part).exact;
    assert.deepEqual(openPart({ kind: "any", of: [leaf(1), leaf(2), leaf(0)] }, isExact), leaf(2));
    const bool: Condition = { kind: "bool", must: [leaf(0), leaf(2)], should: [leaf(0)], not: [leaf(1)] };
    assert.deepEqual(openPart(bool, isExact), {
      kind: "bool",
      must: [{ kind: "all" }, leaf(2)],
      should: [leaf(0)],
      not: [{ kind: "none" }],
    });
  });
});
