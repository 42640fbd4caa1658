/** `_msearch`: several searches in one request, each a line that says where and a line that says what. */
import type { Context } from "hono";
import { addressOf, severalNames } from "./address";
import { toJson } from "./answer/values";
import { noRoom, sendLarge } from "./answers";
import { isScalar, parseBody, textOf, unknownKey } from "./body/reading";
import { readSearch } from "./body/search-request";
import { illegal, invalid, notTaken, RestError, toldOf } from "./errors";
import { type AskedSearch, answerOf, type SearchOptions, withBody } from "./search-routes";

/** What a line may say of where to search beside `index`; the first two matter here. */
const whereNames = [
  "ignore_unavailable",
  "allow_no_indices",
  "expand_wildcards",
  "ignore_throttled",
  "preference",
  "request_cache",
  "search_type",
  "allow_partial_search_results",
  "ccs_minimize_roundtrips",
  "cancel_after_time_interval",
];

const totalAsNumber = "rest_total_hits_as_int";

/** One after another. @param index of the path, for lines that name none; undefined: all */
export function severalSearches(
  context: Context,
  options: SearchOptions,
  index: string | undefined,
): Promise<Response> {
  const startedMs = performance.now();
  const address = addressOf(context, severalNames);
  return withBody(context, options, async (text) => {
    const answers = await answersTo(context, options, readSearches(text, index, address));
    const took = Math.round(performance.now() - startedMs);
    return sendLarge(context, `{"took":${took},"responses":[${answers.join(",")}]}`, options.answers);
  });
}

/** @throws RestError as soon as all of them together have no room beside other requests' */
async function answersTo(
  context: Context,
  options: SearchOptions,
  searches: readonly AskedSearch[],
): Promise<string[]> {
  const { signal } = context.req.raw;
  const share = options.answers.open(() => {});
  share.settle();
  try {
    const answers: string[] = [];
    for (const asked of searches) {
      signal.throwIfAborted();
      const answer = await answered(context, options, asked);
      if (!share.take(2 * answer.length)) throw noRoom();
      answers.push(answer);
    }
    return answers;
  } finally {
    share.close();
  }
}

/** What cannot be searched is told in its own place; the others have their answers. */
async function answered(context: Context, options: SearchOptions, asked: AskedSearch): Promise<string> {
  try {
    return `${(await answerOf(context, options, asked)).slice(0, -1)},"status":200}`;
  } catch (problem) {
    const { error, status } = toldOf(problem);
    return toJson({ error, status });
  }
}

/** @throws RestError where one of them is no search: then none is run */
function readSearches(text: string, index: string | undefined, address: URLSearchParams): AskedSearch[] {
  if (text === "")
    throw new RestError(400, "parse_exception", "request body or source parameter is required");
  if (!text.endsWith("\n")) throw illegal("The msearch request must be terminated by a newline [\\n]");
  // A line that is empty says nothing of where; as the first of all it is passed over.
  const lines = text.replace(/^\n/, "").split("\n").slice(0, -1);
  if (lines.length === 0) throw invalid("no requests added");
  if (lines.length % 2 > 0)
    throw illegal(`The msearch request has ${lines.length} lines, two are one search`);
  return Array.from({ length: lines.length / 2 }, (_, at) => {
    const where = readWhere(lines[2 * at]!, index);
    const asNumber = address.get(totalAsNumber);
    if (asNumber !== null) where.address.set(totalAsNumber, asNumber);
    return { ...where, body: readSearch(parseBody(lines[2 * at + 1]!), where.address) };
  });
}

function readWhere(line: string, ofPath: string | undefined): Omit<AskedSearch, "body"> {
  const address = new URLSearchParams();
  let index = ofPath;
  for (const [name, value] of Object.entries(parseBody(line))) {
    if (name === "index" || name === "indices") index = namesIn(value, name);
    else if (name === "routing") throw notTaken(name);
    else if (!whereNames.includes(name))
      throw illegal(`key [${name}] is not supported in the metadata section`);
    else if (isScalar(value)) address.set(name, textOf(value));
    else throw unknownKey(value, name);
  }
  return { index, address };
}

/** A name, or a list of names; none of them is all. */
function namesIn(value: unknown, name: string): string | undefined {
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!names.every(isScalar)) throw unknownKey(value, name);
  return names.length === 0 ? undefined : names.map(textOf).join(",");
}
