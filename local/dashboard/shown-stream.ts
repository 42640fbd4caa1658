/** A stream as the page is given it. */
import type { PanelBoard } from "../panel-board";
import type { StreamPlan } from "../plan/plan";
import type { RecordTrail } from "../record-trail";
import type { FieldCharts, RecentFailure, Searcher } from "../rooms";
import type { PipelineStatus } from "../status";
import type { Replay } from "./replay-routes";
import type { SearchedStream } from "./streams-searcher";

/** What the page asks of one stream. */
export interface DashboardStream {
  readonly plan: StreamPlan;
  readonly searcher: Searcher;
  /** What the searcher puts together, where it is several streams'. @default one stream's */
  readonly parts?: readonly SearchedStream[];
  /** Names what of a server is searched, where another stream may write there too. @default an index of its own */
  readonly sharedIndex?: string;
  status(): PipelineStatus;
  recentFailures(limit: number): Promise<RecentFailure[]>;
  /** Takes failed documents in once more; undefined where they go to a real OpenSearch. Not offered to the network. */
  readonly replay?: Replay;
  /** Charts over one field. @default none */
  readonly charts?: FieldCharts;
  /** The panels as they are now. @default the program's, which cannot be changed then */
  readonly panels?: PanelBoard;
  /** Folder of the bucket, with its objects as plain files. */
  readonly bucketFolder: string;
  /** Folder of the bucket of source records, where it is another one. @default the same */
  readonly backupFolder?: string;
  /** What is known of single records. @default nothing */
  readonly trail?: RecordTrail;
  /** How records come into the stream: a command to type, and the Firehose endpoint. @default the usual run's command */
  readonly send?: { readonly command: string; readonly endpoint?: string };
  /** Calls the listener after every settle, until the returned function is called. */
  onChange(listener: () => void): () => void;
}
