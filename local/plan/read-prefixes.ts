/** The prefixes of a bucket's keys, as they are evaluated here. */
import { prefixProblems } from "../../firehose/s3-key";
import { prefixNotHere } from "../errors";
import type { BackupPlan } from "./plan";
import type { Inputs } from "./stream-configuration";

const members = ["prefix", "errorOutputPrefix"] as const;

const textIn = (s3: Inputs, member: (typeof members)[number]): string => s3[member] ?? "";

/** `Y` outside of quotes counts the weeks of a locale: for all but some days at the end of a year it is `y`. */
const withCalendarYear = (prefix: string): string =>
  prefix.replace(/!\{timestamp:[^}]*\}/g, (expression) =>
    expression.replace(/'[^']*'|Y/g, (piece) => (piece === "Y" ? "y" : piece)),
  );

/** Whether a prefix has a year that is another one here, on some days. */
export const hasWeekYear = (s3: Inputs): boolean =>
  members.some((member) => withCalendarYear(textIn(s3, member)) !== textIn(s3, member));

/** @throws UserError for what no key can be made of */
export function readPrefixes(s3: Inputs): Pick<BackupPlan, (typeof members)[number]> {
  const prefix = withCalendarYear(textIn(s3, "prefix"));
  const errorOutputPrefix = withCalendarYear(textIn(s3, "errorOutputPrefix"));
  const [wrong] = prefixProblems(prefix, errorOutputPrefix);
  if (wrong) throw prefixNotHere(wrong.of, textIn(s3, wrong.of), wrong.problem);
  return { prefix, errorOutputPrefix };
}
