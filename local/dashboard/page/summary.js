/** A document in a line: what it says first, then the rest. */

/** Fields that hold what an event says, the likeliest first. */
const leading = ["message", "msg", "log"];

/** Looks like a time, of which the list has a column already. */
const isTime = ({ name, text }) => name === "@timestamp" || /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text);

/** `{lead, others}` of a document's values; the lead is the message or, where there is none, the first text. */
export function summaryOf(values) {
  const named = leading
    .map((name) => values.find((value) => value.name === name && value.text !== ""))
    .find(Boolean);
  const texts = values.filter((value) => value.kind === "string" && value.text !== "" && !isTime(value));
  const lead = named ?? texts[0] ?? values.find((value) => !isTime(value)) ?? values[0];
  return { lead, others: values.filter((value) => value !== lead && value.name !== "@timestamp") };
}
