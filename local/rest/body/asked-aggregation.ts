/** One aggregation of a body: what the index is asked, and how its answer is written. */
import { emptyAnswer } from "../../partial-answers";
import type { Aggregation, Aggregations, PartialAnswer } from "../../search-body";
import { content, illegal, notTaken } from "../errors";
import { isScalar, type Json, textOf } from "./reading";

export interface AskedAggregation {
  readonly ask: Aggregation;
  readonly sub: Readonly<Record<string, AskedAggregation>>;
  readonly meta: unknown;
  answer(found: PartialAnswer, sub: Readonly<Record<string, AskedAggregation>>): object;
}

/** An aggregation by itself, without those within it. */
export type ReadAggregation = (
  options: Json,
  name: string,
) => {
  readonly ask: (sub: Aggregations) => Aggregation;
  readonly answer: AskedAggregation["answer"];
};

/** The answers to all, in the order of their names' first mention. */
export function answersOf(
  asked: Readonly<Record<string, AskedAggregation>>,
  found: Readonly<Record<string, PartialAnswer>>,
): Record<string, object> {
  return Object.fromEntries(
    Object.entries(asked).map(([name, one]) => {
      const answer = one.answer(found[name] ?? emptyAnswer(one.ask), one.sub);
      return [name, one.meta === undefined ? answer : { meta: one.meta, ...answer }];
    }),
  );
}

/** The options, each of them known; the others are told apart by whether a real node takes them. */
export function checkOptions(
  kind: string,
  options: Json,
  known: readonly string[],
  untaken: readonly string[] = [],
): void {
  for (const key of Object.keys(options)) {
    if (untaken.includes(key)) throw notTaken(`${kind}.${key}`);
    if (!known.includes(key)) throw content(`[${kind}] unknown field [${key}]`);
  }
}

export function fieldOf({ field }: Json): string {
  if (!isScalar(field)) throw illegal("Required one of fields [field, script], but none were specified. ");
  return textOf(field);
}
