/**
 * What of a condition is open for a document that may be a match, as its tokens say, and of which they do not say that
 * it is one. Only this is to be asked of the document itself.
 */
import { allDocuments, anyOf, type Condition, noDocument } from "../query/condition";

/** What is known of a document before a part of the condition is looked at. */
interface Known {
  /** Its tokens are such that the part may be fulfilled. */
  readonly isPossible: boolean;
  /** They are not such that it is for certain. */
  readonly isUnsure: boolean;
}

/** @param isExact whether tokens tell everything about a part */
export function openPart(
  condition: Condition,
  isExact: (part: Condition) => boolean,
  { isPossible, isUnsure }: Known = { isPossible: true, isUnsure: true },
): Condition {
  if (isExact(condition)) return isPossible ? allDocuments : isUnsure ? noDocument : condition;
  const open = (parts: readonly Condition[], known: Known) =>
    parts.map((part) => openPart(part, isExact, known));
  // Whoever is no sure match of any is none of each.
  if (condition.kind === "any") return anyOf(open(condition.of, { isPossible: false, isUnsure }));
  if (condition.kind !== "bool") return condition;
  return {
    kind: "bool",
    must: open(condition.must, { isPossible, isUnsure: false }),
    should: open(condition.should, { isPossible: false, isUnsure: false }),
    // Whoever may be a match is no sure match of what must not be.
    not: open(condition.not, { isPossible: false, isUnsure: isPossible }),
  };
}
