/**
 * The names of the indices that Firehose writes to.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html#es-index-rotation
 */

export const indexRotationPeriods = ["NoRotation", "OneHour", "OneDay", "OneWeek", "OneMonth"] as const;
export type IndexRotationPeriod = (typeof indexRotationPeriods)[number];

const two = (n: number): string => String(n).padStart(2, "0");

/**
 * The index of a record that arrived at `arrivalMs` (milliseconds since 1970). Only the UTC arrival time counts,
 * never the machine's zone or a time in the document: `web-2016-02-25-13`, `web-2016-02-25`, `web-2016-w09`,
 * `web-2016-02`, `web`.
 */
export function indexNameAt(indexName: string, period: IndexRotationPeriod, arrivalMs: number): string {
  if (period === "NoRotation") return indexName;
  const at = new Date(arrivalMs);
  const month = `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}`;
  switch (period) {
    case "OneMonth":
      return `${indexName}-${month}`;
    case "OneWeek":
      return `${indexName}-${weekOf(arrivalMs)}`;
    case "OneDay":
      return `${indexName}-${month}-${two(at.getUTCDate())}`;
    case "OneHour":
      return `${indexName}-${month}-${two(at.getUTCDate())}-${two(at.getUTCHours())}`;
  }
}

/** As narrow as a pattern can be that knows `*` alone: `web-20*-*-*-*`, `web-20*-*-*`, `web-20*-w*`, `web-20*-*`, `web`. */
export function indexPatternOf(indexName: string, period: IndexRotationPeriod): string {
  const dates = { OneHour: "20*-*-*-*", OneDay: "20*-*-*", OneWeek: "20*-w*", OneMonth: "20*-*" };
  return period === "NoRotation" ? indexName : `${indexName}-${dates[period]}`;
}

/** A regular expression, as text, for exactly the names that a stream makes, whatever its period was or is. */
export function indexNameForm(indexName: string): string {
  const start = indexName.replace(/[.+()[\]{}^$!]/g, "\\$&");
  const day = "(?:0[1-9]|[12]\\d|3[01])";
  const hour = "(?:[01]\\d|2[0-3])";
  const week = "w(?:0[1-9]|[1-4]\\d|5[0-3])";
  return `${start}(?:-20\\d\\d-(?:${week}|(?:0[1-9]|1[0-2])(?:-${day}(?:-${hour})?)?))?`;
}

const dayMs = 86_400_000;

/**
 * AWS's written rule: weeks start on Sunday, and week 1 is the first that contains a Saturday of the year, so a
 * week belongs to the year of its Saturday.
 * Differs from AWS: its page gives 2016-02-25 as w08 in the one example, w09 by the rule; the rule counts here.
 */
function weekOf(arrivalMs: number): string {
  const day = new Date(arrivalMs).getUTCDay();
  const saturdayMs = Math.floor(arrivalMs / dayMs) * dayMs + (6 - day) * dayMs;
  const year = new Date(saturdayMs).getUTCFullYear();
  const dayOfYear = Math.floor((saturdayMs - Date.UTC(year, 0, 1)) / dayMs);
  return `${year}-w${two(Math.floor(dayOfYear / 7) + 1)}`;
}

/**
 * What is wrong with an index name for Firehose and OpenSearch, or undefined where it is right: 1 to 80
 * characters, lower case, none of \ / * ? " < > | , # and blank, not starting with - _ +.
 */
export function indexNameProblem(indexName: string): string | undefined {
  if (indexName.length < 1 || indexName.length > 80) return `has ${indexName.length} characters`;
  if (indexName !== indexName.toLowerCase()) return "has upper-case letters";
  const bad = /[\\/*?"<>|\s,#:]/.exec(indexName);
  if (bad) return `has the character ${JSON.stringify(bad[0])}`;
  if (/^[-_+]/.test(indexName)) return `starts with ${indexName[0]}`;
  if (indexName === "." || indexName === "..") return "is the name of a folder";
  return undefined;
}
