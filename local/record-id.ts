import { type NumberedForm, numberedTexts } from "./numbered-texts";

const form: NumberedForm = { before: "local", digits: 20, behind: "" };
const answerForm = { ...form, before: `{"RecordId":"${form.before}`, behind: `"},` };

/** The RecordId of an answer: opaque, and unique in the stream. */
export const recordIdOf = (seq: number): string => numberedTexts(form, seq, 1);

/** The members of an answer's list for so many records, as JSON. */
export const recordIdMembers = (first: number, count: number): string =>
  numberedTexts(answerForm, first, count).slice(0, -1);

/** The number of the record that was answered this id; undefined where the text is none of ours. */
export function seqOfRecordId(text: string): number | undefined {
  const [, digits] = /^local(\d{20})$/.exec(text) ?? [];
  const seq = Number(digits);
  return Number.isSafeInteger(seq) && seq > 0 ? seq : undefined;
}
