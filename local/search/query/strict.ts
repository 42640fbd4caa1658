/** Values that a field's type cannot have, where a query wants to be told: as OpenSearch 2.19 words it. */
import { QueryError } from "../../rooms";
import { parseAddress, parseNetwork } from "../documents/addresses";
import { parseDateMath } from "../documents/dates";
import { integerPart, parseDouble } from "../documents/values";
import type { Target } from "./field-conditions";
import type { Question } from "./metadata";
import { nameOf } from "./targets";

const longMin = -(2n ** 63n);
const longMax = 2n ** 63n - 1n;
/** Only tells whether the text is a date, for which any time will do. */
const anyTimeMs = 0;

/** @throws QueryError */
export function refuseMalformed(target: Target, question: Question): void {
  if (target.keyword || target.field.type === "text") return;
  switch (question.kind) {
    case "term":
      refuseValue(target, question.text, true);
      return;
    case "range":
      for (const end of [question.bounds.low, question.bounds.high])
        if (end !== undefined) refuseValue(target, end, false);
      return;
    case "exists":
      return;
    default:
      throw new QueryError({
        message: `Can only use patterns on keyword and text fields - not on [${nameOf(target)}] which is of type [${target.field.type}]`,
      });
  }
}

function refuseValue({ field }: Target, text: string, networks: boolean): void {
  switch (field.type) {
    case "long":
      refuseLong(text);
      return;
    case "double":
    case "float":
      if (typeof parseDouble(text) === "string") refuse(`For input string: "${text}"`);
      return;
    case "boolean":
      if (text !== "true" && text !== "false")
        refuse(`Can't parse boolean value [${text}], expected [true] or [false]`);
      return;
    case "ip":
      if ((networks ? parseNetwork(text) : parseAddress(text)) === undefined)
        refuse(`'${text}' is not an IP string literal.`);
      return;
    case "date":
      if (parseDateMath(text, anyTimeMs) === undefined)
        throw new QueryError({
          type: "parse_exception",
          message: `failed to parse date field [${text}] with format [strict_date_optional_time||epoch_millis]`,
        });
      return;
    default:
      return;
  }
}

function refuseLong(text: string): void {
  const number = integerPart(text);
  if (number === undefined) refuse(`For input string: "${text}"`);
  else if (number.whole < longMin || number.whole > longMax)
    refuse(`Value [${text}] is out of range for a long`);
}

function refuse(reason: string): never {
  throw new QueryError({ message: `failed to create query: ${reason}` });
}
