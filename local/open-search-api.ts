/** The search API of a run: over the indices of all its streams, on the port that clients look at first. */
import type { BodyReader } from "./body-reader";
import { cannotListen } from "./errors";
import { MergedSearcher } from "./merged-searcher";
import type { Plan } from "./plan/plan";
import { type SearchApi, startSearchApi } from "./rest/server";
import type { BodySearcher } from "./search-body";

/** Where clients of OpenSearch look if they are told nothing. */
const usualPort = 9200;

export interface SearchApiFlags {
  /** @default 9200 where it is free, else any */
  readonly searchPort?: number | undefined;
  readonly host?: string | undefined;
  readonly queryTimeoutSeconds?: number | undefined;
}

/**
 * Undefined: no stream of the program has an index.
 * @throws UserError where a port that was asked for cannot be had
 */
export async function openSearchApi(
  { searchPort: port, host, queryTimeoutSeconds }: SearchApiFlags,
  { project, stack }: Pick<Plan, "project" | "stack">,
  bodies: BodyReader,
  lines: readonly { readonly index: BodySearcher | undefined }[],
): Promise<SearchApi | undefined> {
  const indices = lines.flatMap(({ index }) => index ?? []);
  if (indices.length === 0) return undefined;
  const start = (at: number) =>
    startSearchApi({
      port: at,
      ...(host === undefined ? {} : { host }),
      searcher: new MergedSearcher(() => indices),
      name: `${project}-${stack}`,
      bodies,
      ...(queryTimeoutSeconds === undefined ? {} : { queryTimeoutMs: queryTimeoutSeconds * 1000 }),
    });
  try {
    return await start(port ?? usualPort);
  } catch (error) {
    const isTaken = (error as { code?: string }).code === "EADDRINUSE";
    if (port === undefined && isTaken) return await start(0);
    throw cannotListen({ what: "Search API", port: port ?? usualPort, flag: "--search-port", host }, error);
  }
}
