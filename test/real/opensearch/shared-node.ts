/** One real node for all suites that keep to indices of their own: a start takes as long as their tests. */
import { type OpenSearchNode, startOpenSearch } from "../../../engines/opensearch/node";

let started: Promise<OpenSearchNode> | undefined;

/** Ends after the last suite. */
export function sharedOpenSearch(): Promise<OpenSearchNode> {
  started ??= startOpenSearch();
  return started;
}

after(async () => {
  const node = await started?.catch(() => undefined);
  await node?.stop();
});
