/** What the page asks of one stream of a run. */
import { join } from "node:path";
import type { DashboardStream } from "./dashboard/shown-stream";
import { fieldCharts } from "./field-charts";
import { MergedSearcher } from "./merged-searcher";
import { noSearcher } from "./no-searcher";
import type { StartedProbes } from "./open-probes";
import type { StreamFiles } from "./open-stream";
import { PanelBoard } from "./panel-board";
import type { LocalPipeline } from "./pipeline";
import { isSearchStream } from "./plan/plan";
import { recordTrail } from "./record-trail";
import type { Remote } from "./remote/connect";
import { replayDocuments } from "./replay-documents";
import type { FieldCharts } from "./rooms";

export interface ShownStream extends StreamFiles {
  readonly pipeline: LocalPipeline;
  readonly remote: Remote | undefined;
}

/** @param dataFolder of the run, whose bucket folders the streams share */
export function dashboardStream(
  { stream, folder, queue, ledger, index, keptPanels, pipeline, remote }: ShownStream,
  dataFolder: string,
  probes: () => StartedProbes | undefined,
): DashboardStream {
  const { epoch } = queue;
  const hasOwnIds = !(remote && isSearchStream(stream) && stream.destination.documentId === "NO_DOCUMENT_ID");
  const charts = remote?.searcher.charts ?? (index && fieldCharts(index));
  const counter = remote?.searcher ?? index;
  return {
    plan: stream,
    ...(charts && { charts }),
    ...(counter && { panels: new PanelBoard(folder, stream.panels, keptPanels, counter) }),
    searcher: remote?.searcher ?? index ?? noSearcher,
    ...(remote && isSearchStream(stream) && { sharedIndex: stream.destination.indexName }),
    status: () => {
      const probe = probes()?.status(stream.deliveryStreamName);
      return { ...pipeline.status(), ...(probe && { probe }) };
    },
    recentFailures: (limit) => ledger.recentFailures(limit),
    ...(index && !remote && isSearchStream(stream)
      ? {
          replay: (documents) =>
            replayDocuments({ epoch, indexName: stream.destination.indexName, index }, documents),
        }
      : {}),
    bucketFolder: pipeline.bucket.folder,
    ...(!isSearchStream(stream) && stream.backup
      ? { backupFolder: join(dataFolder, "s3", stream.backup.bucketName) }
      : {}),
    trail: recordTrail({ queue, ledger, hasOwnIds }),
    onChange: (listener) => pipeline.onChange(listener),
  };
}

/** Charts over a field of all streams: where each has its own index here. */
export function chartsOfAll(lines: readonly ShownStream[]): FieldCharts | undefined {
  if (lines.some(({ remote }) => remote)) return undefined;
  return fieldCharts(new MergedSearcher(() => lines.flatMap(({ index }) => index ?? [])));
}
