/** The last failures, each with the reason that the first record of its object has. */
import { Hono } from "hono";
import type { RecentFailure } from "../rooms";
import { RequestProblem } from "./answers";
import { BackupFolder } from "./backup-folder";
import { wholeNumber } from "./params";

/** Objects that are opened for their reason; the others are told by their code alone. */
const maxOpened = 20;

export function failureRoutes(
  recentFailures: (limit: number) => Promise<RecentFailure[]>,
  bucketFolder: string,
): Hono {
  const folder = new BackupFolder(bucketFolder);
  const routes = new Hono();
  routes.get("/", async (context) => {
    const limit = Math.min(wholeNumber(context, "limit", 1) ?? 20, 1_000);
    const failures = await recentFailures(limit);
    const reasons = await Promise.all(failures.slice(0, maxOpened).map(({ key }) => reasonIn(folder, key)));
    return context.json({
      failures: failures.map((failure, place) => ({
        ...failure,
        ...(reasons[place] === undefined ? {} : { reason: reasons[place] }),
      })),
    });
  });
  return routes;
}

/** Of the object's first record; undefined where it has none, or the object is not written yet or was deleted. */
async function reasonIn(folder: BackupFolder, key: string): Promise<string | undefined> {
  try {
    const { text } = await folder.preview(key);
    const end = text.indexOf("\n");
    const { reason } = JSON.parse(end < 0 ? text : text.slice(0, end)) as { reason?: unknown };
    return typeof reason === "string" ? reason : undefined;
  } catch (error) {
    // A record that fills the preview has its reason behind its data, where it is not looked for.
    if (error instanceof RequestProblem || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
