/** The panels with their counts, and how they are made, changed and put back. */
import { type Context, Hono } from "hono";
import type { BodyReader } from "../body-reader";
import type { PanelBoard } from "../panel-board";
import { QueryError, type SavedQuery, type Searcher } from "../rooms";
import { RequestProblem } from "./answers";
import { readJsonBody } from "./json-body";
import type { PanelHistory } from "./panel-history";
import { patienceOf } from "./patience";

/** Where panels are posted to. */
export const panelsPath = "/api/panels";

const maxPanels = 12;
const maxTitleLetters = 60;
const maxBodyBytes = 64 * 1024;

export interface PanelRoutesOptions {
  readonly searcher: Searcher;
  readonly board: Pick<PanelBoard, "list" | "isKept" | "version" | "ofProgram">;
  /** Changes them. @default they cannot be changed */
  readonly keep: PanelBoard["keep"] | undefined;
  readonly history: PanelHistory;
  readonly queryTimeoutMs: number;
  readonly bodies: BodyReader;
}

export function panelRoutes(options: PanelRoutesOptions): Hono {
  const { searcher, board, history, queryTimeoutMs, bodies, keep } = options;
  const routes = new Hono();
  const answer = async (context: Context) => {
    const counts = await searcher.panelCounts(patienceOf(context, queryTimeoutMs));
    const panels = board.list.map((panel, place) => ({ ...panel, count: counts[place] ?? 0 }));
    const { isKept: kept, version } = board;
    return context.json({
      panels,
      history: history.list(),
      kept,
      version,
      ofProgram: board.ofProgram,
      mayChange: keep !== undefined,
    });
  };
  routes.get("/", answer);
  routes.post("/", async (context) => {
    if (!keep) throw new RequestProblem(403, "panels are changed on this machine alone");
    const wanted = await readJsonBody(context, bodies, maxBodyBytes, panelsOf);
    for (const [place, { query }] of (wanted ?? []).entries())
      await checkQuery(context, options, query, `panels[${place}].query: `);
    await keep(wanted);
    history.clear();
    return answer(context);
  });
  return routes;
}

/** A query that takes too long once would hold the delivery while it is counted for good. */
async function checkQuery(
  context: Context,
  { searcher, queryTimeoutMs }: PanelRoutesOptions,
  query: string,
  where: string,
): Promise<void> {
  let timedOut: boolean;
  try {
    ({ timedOut } = await searcher.count({ query }, patienceOf(context, queryTimeoutMs)));
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    throw new QueryError({ ...error.problem, message: where + error.problem.message });
  }
  if (timedOut)
    throw new RequestProblem(
      400,
      `${where}it takes longer than ${queryTimeoutMs / 1000} s to count; narrow it`,
    );
}

/** `{"panels":[{"title":"errors","query":"status:>=500"}]}`; `{"panels":null}` for the program's own again. */
function panelsOf(body: unknown): readonly SavedQuery[] | undefined {
  const { panels } = (body ?? {}) as { panels?: unknown };
  if (panels === null) return undefined;
  if (!Array.isArray(panels) || panels.length === 0 || panels.length > maxPanels)
    throw new RequestProblem(
      400,
      `panels is ${Array.isArray(panels) ? `a list of ${panels.length}` : "no list"}, allowed is a list of 1 to ${maxPanels}, or null for the program's own`,
    );
  const read = panels.map((one, place) => panelOf(one, place));
  const twice = read.find(({ title }, place) => read.findIndex((one) => one.title === title) !== place);
  if (twice)
    throw new RequestProblem(400, `two panels are called ${twice.title}; each needs a title of its own`);
  return read;
}

function panelOf(value: unknown, place: number): SavedQuery {
  const { title, query } = (value ?? {}) as Record<string, unknown>;
  if (typeof title !== "string" || typeof query !== "string")
    throw new RequestProblem(400, `panels[${place}] is none: it has title and query, both texts`);
  const trimmed = title.trim();
  if (trimmed === "" || trimmed.length > maxTitleLetters || /[=\n]/.test(trimmed))
    throw new RequestProblem(
      400,
      `panels[${place}].title is ${JSON.stringify(trimmed)}, allowed are 1 to ${maxTitleLetters} letters without "="`,
    );
  return { title: trimmed, query: query.trim() };
}
