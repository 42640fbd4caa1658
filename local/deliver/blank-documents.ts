/** Documents of which nothing is there: in the body of a `_bulk` request an empty line would make the rest unreadable. */
import type { Destination, IndexDocument, Refusal } from "../rooms";

/** Writes the others, and refuses these as an index refuses a text that is no JSON. Positions are those of all. */
export async function writeButBlank(
  destination: Pick<Destination, "write">,
  documents: readonly IndexDocument[],
): Promise<readonly Refusal[]> {
  const positions = [...documents.keys()].filter((at) => documents[at]!.source.trim() !== "");
  if (positions.length === documents.length) return destination.write(documents);
  const others = positions.length > 0 ? await destination.write(positions.map((at) => documents[at]!)) : [];
  const refused = others.map((refusal) => ({ ...refusal, position: positions[refusal.position]! }));
  const blank = [...documents.keys()].filter((at) => documents[at]!.source.trim() === "").map(refusalAt);
  return [...refused, ...blank].sort((a, b) => a.position - b.position);
}

const refusalAt = (position: number): Refusal => ({
  position,
  status: 400,
  type: "mapper_parsing_exception",
  reason: "failed to parse: the document is empty",
  attempts: 1,
});
