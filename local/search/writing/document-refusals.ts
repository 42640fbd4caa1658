/** Why a document is not taken in, where it is not its analysis that says so. */
import type { Refusal } from "../../rooms";
import { DocumentRefused } from "../documents/rules";
import type { GivenDocument } from "./document-columns";

export const refusalOf = ({ type, message: reason }: DocumentRefused, position: number): Refusal => ({
  position,
  status: 400,
  type,
  reason,
  attempts: 1,
});

export const isBlank = ({ source }: GivenDocument): boolean => source.trim() === "";

export const emptyDocument = (): DocumentRefused =>
  new DocumentRefused("mapper_parsing_exception", "failed to parse: the document is empty");

/** What only the document can have caused is its failure alone: no neighbour waits for it. */
export function unreadable(error: unknown): DocumentRefused {
  const { name, message } = error as Error;
  return new DocumentRefused("mapper_parsing_exception", `failed to parse: ${name}: ${message}`);
}

const dayMs = 86_400_000;

/** Numbers and times of a document that is handed in again come from outside: no index may be made after them. */
export function implausible({ seq, arrivalMs }: GivenDocument): DocumentRefused | undefined {
  const isTime = Number.isSafeInteger(arrivalMs) && arrivalMs >= 0 && arrivalMs <= Date.now() + dayMs;
  if (isTime && Number.isSafeInteger(seq) && seq > 0) return undefined;
  const got = isTime ? `number ${seq}` : `arrival ${arrivalMs} ms`;
  return new DocumentRefused(
    "illegal_argument_exception",
    `${got} cannot be that of a record of this folder`,
  );
}
