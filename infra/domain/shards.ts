/**
 * How many shards the indices of one pipeline, or of all on a domain, make on each data node, and what the domain takes.
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/bp-sharding.html
 */
import type { IndexRotationPeriod } from "../../firehose/index-rotation";
import type { Settings } from "../settings";

type NodeSettings = Pick<Settings, "engineVersion" | "instanceCount" | "instanceType" | "volumeSizeGiB">;
type StreamSettings = Pick<Settings, "expectedGiBPerDay" | "indexRetentionDays" | "indexRotation">;
type SizeSettings = NodeSettings & StreamSettings;

/** What a pipeline keeps in its domain. */
export interface StreamSize extends StreamSettings {
  /** Of the pipeline. */
  readonly name: string;
}

/** Memory of a `.large` node of each family in GiB; the other sizes are multiples of it. */
const largeGiB: readonly (readonly [RegExp, number])[] = [
  [/^t3$/, 8],
  [/^(m[4-9]\w*|om\d\w*)$/, 8],
  [/^c[5-9]\w*$/, 4],
  [/^(r[5-9]\w*|or\d\w*)$/, 16],
];
const sizes: Readonly<Record<string, number>> = { small: 0.25, medium: 0.5, large: 1, xlarge: 2 };
const maxHeapGiB = 32;
/** AWS advises no more shards for each GiB of heap. */
const shardsPerHeapGiB = 25;
const maxShardGiB = 50;
/** Documents to bytes on disk, without replicas: the index itself, the system's reserve and the service's. */
const diskPerDocumentByte = 1.45;

/** Heap of a node in GiB, half of its memory; undefined for a type whose memory is not known here. */
export function heapGiB(instanceType: string): number | undefined {
  const [family = "", size = ""] = instanceType.split(".");
  const large = largeGiB.find(([families]) => families.test(family))?.[1];
  const times = sizes[size] ?? Number(/^(\d+)xlarge$/.exec(size)?.[1]) * 2;
  return large && times ? Math.min((large * times) / 2, maxHeapGiB) : undefined;
}

/** Replicas of each shard: none where there is no second node for them. */
export const replicasFor = (instanceCount: number): 0 | 1 => (instanceCount === 1 ? 0 : 1);

const indicesPerDay: Readonly<Record<IndexRotationPeriod, number>> = {
  NoRotation: 0,
  OneHour: 24,
  OneDay: 1,
  OneWeek: 1 / 7,
  OneMonth: 1 / 30,
};

type Kept = Pick<StreamSettings, "indexRetentionDays" | "indexRotation">;

/** Indices at the end of their retention. */
const indicesOf = ({ indexRotation, indexRetentionDays }: Kept): number =>
  Math.max(1, Math.ceil(indicesPerDay[indexRotation] * indexRetentionDays));

/** Shards of the indices on each node at the end of their retention, one shard and its replicas an index. */
export function shardsPerNode(
  settings: Kept & Pick<NodeSettings, "instanceCount">,
  beside: readonly Kept[] = [],
): number {
  const { instanceCount } = settings;
  const indices = [settings, ...beside].reduce((sum, one) => sum + indicesOf(one), 0);
  return Math.ceil((indices * (1 + replicasFor(instanceCount))) / instanceCount);
}

/**
 * Shards that a node refuses to go beyond: 1,000 up to OpenSearch 2.15, from 2.17 on 1,000 for each 16 GiB of heap
 * up to 4,000; undefined where AWS states no number.
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html
 */
export function maxShardsPerNode(engineVersion: string, heap: number | undefined): number | undefined {
  const [, major = 0, minor = 0] = /^OpenSearch_(\d+)\.(\d+)$/.exec(engineVersion)?.map(Number) ?? [];
  if (major < 2 || (major === 2 && minor <= 15)) return 1000;
  if (heap === undefined) return undefined;
  return Math.min(4000, 1000 * Math.max(1, Math.floor(heap / 16)));
}

export interface SizeFindings {
  /** Above what the engine allows: the program stops. */
  readonly refused: readonly string[];
  /** Above what AWS advises: said in the preview. */
  readonly warned: readonly string[];
}

/**
 * What does not fit the domain's nodes, each with the settings that would.
 * @param beside what else is kept in the same domain
 */
export function sizeFindings(settings: SizeSettings, beside: readonly StreamSize[] = []): SizeFindings {
  const heap = heapGiB(settings.instanceType);
  const shards = shardsPerNode(settings, beside);
  const most = maxShardsPerNode(settings.engineVersion, heap);
  const advised = heap === undefined ? undefined : Math.floor(heap * shardsPerHeapGiB);
  const made = `indexRotation ${settings.indexRotation} with indexRetentionDays ${settings.indexRetentionDays} makes ${shardsInWords(settings, beside)} on each ${settings.instanceType} node`;
  const refused: string[] = [];
  const warned: string[] = [];
  if (most !== undefined && shards > most) {
    refused.push(
      `${made}; ${settings.engineVersion} takes at most ${most}. ${repairs(settings, beside, most)}`,
    );
  } else if (advised !== undefined && shards > advised) {
    warned.push(
      `${made}; AWS advises at most ${advised}, ${shardsPerHeapGiB} for each GiB of heap. ${repairs(settings, beside, advised)}`,
    );
  }
  return { refused, warned: [...warned, ...diskWarnings(settings, beside), ...shardSizeWarnings(settings)] };
}

function shardsInWords(settings: SizeSettings, beside: readonly StreamSize[]): string {
  const { instanceCount } = settings;
  if (beside.length === 0) return `${shardsPerNode(settings)} shards`;
  const others = beside.map((one) => `${one.name} (${shardsPerNode({ ...one, instanceCount })})`);
  return `${shardsPerNode(settings)} shards, with those of ${others.join(", ")} ${shardsPerNode(settings, beside)},`;
}

/** What is found for all pipelines of a domain together, with what would mend it at the one with the most shards. */
export function sharedWarnings(nodes: NodeSettings, streams: readonly StreamSize[]): readonly string[] {
  const [largest, ...others] = [...streams].sort((a, b) => indicesOf(b) - indicesOf(a));
  if (largest === undefined) return [];
  const { warned } = sizeFindings({ ...largest, ...nodes }, others);
  // The size of a shard is each pipeline's own.
  const ofOthers = others.flatMap((one) => shardSizeWarnings(one).map((text) => `${one.name}: ${text}`));
  return [...warned.map((text) => `${largest.name}: ${text}`), ...ofOthers];
}

/** The two or three changes of settings of which each alone is enough. */
function repairs(settings: SizeSettings, beside: readonly StreamSize[], most: number): string {
  const fits = (change: Partial<SizeSettings>): boolean =>
    shardsPerNode({ ...settings, ...change }, beside) <= most;
  const found: string[] = [];
  const days = countDown(settings.indexRetentionDays - 1, (n) => fits({ indexRetentionDays: n }));
  if (days) found.push(`indexRetentionDays ${days}`);
  const longer = (["OneDay", "OneWeek", "OneMonth"] as const).find(
    (period) =>
      indicesPerDay[period] < indicesPerDay[settings.indexRotation] && fits({ indexRotation: period }),
  );
  if (longer) found.push(`indexRotation ${longer}`);
  const nodes = [2, 3, 4, 6, 8, 9, 10, 12].find(
    (n) => n > settings.instanceCount && fits({ instanceCount: n }),
  );
  if (nodes) found.push(`instanceCount ${nodes}${beside.length > 0 ? " of the domain" : ""}`);
  if (found.length === 0) return "No change of this pipeline alone is enough: change the others too.";
  return `Each of these alone is enough: ${found.join("; ")}.`;
}

function countDown(from: number, fits: (n: number) => boolean): number | undefined {
  for (let n = from; n > 0; n--) if (fits(n)) return n;
  return undefined;
}

const diskGiBOf = ({ expectedGiBPerDay, indexRetentionDays, indexRotation }: StreamSettings): number =>
  indexRotation === "NoRotation" ? 0 : expectedGiBPerDay * indexRetentionDays * diskPerDocumentByte;

/** Where it is said how much is expected. */
function diskWarnings(settings: SizeSettings, beside: readonly StreamSize[]): string[] {
  const { expectedGiBPerDay: perDay, indexRetentionDays, instanceCount, volumeSizeGiB } = settings;
  const copies = 1 + replicasFor(instanceCount);
  const besideGiB = copies * beside.reduce((sum, one) => sum + diskGiBOf(one), 0);
  const ownGiB = copies * diskGiBOf(settings);
  const wantedGiB = Math.ceil(ownGiB + besideGiB);
  const hereGiB = volumeSizeGiB * instanceCount;
  if (ownGiB + besideGiB === 0 || wantedGiB <= hereGiB) return [];
  const days = ownGiB > 0 ? Math.floor((hereGiB - besideGiB) / (perDay * copies * diskPerDocumentByte)) : 0;
  const others = beside.filter((one) => diskGiBOf(one) > 0).map(({ name }) => name);
  const needs = others.length === 0 ? "needs" : `needs, with what ${others.join(", ")} expect,`;
  return [
    `expectedGiBPerDay ${perDay} for indexRetentionDays ${indexRetentionDays} ${needs} ${wantedGiB} GiB of disk, the nodes have ${hereGiB}. ` +
      `Each of these alone is enough: volumeSizeGiB ${Math.ceil(wantedGiB / instanceCount)}${days > 0 ? `; indexRetentionDays ${days}` : ""}.`,
  ];
}

function shardSizeWarnings({ expectedGiBPerDay: perDay, indexRotation }: StreamSettings): string[] {
  if (!perDay || indexRotation === "NoRotation") return [];
  const shardGiB = perDay / indicesPerDay[indexRotation];
  if (shardGiB <= maxShardGiB) return [];
  const shorter = (["OneWeek", "OneDay", "OneHour"] as const).find(
    (p) => perDay / indicesPerDay[p] <= maxShardGiB,
  );
  return [
    `expectedGiBPerDay ${perDay} with indexRotation ${indexRotation} makes shards of ${Math.ceil(shardGiB)} GiB, AWS advises at most ${maxShardGiB}. ` +
      (shorter ? `indexRotation ${shorter} is enough.` : "It takes several streams."),
  ];
}
