/**
 * The live stream: server-sent events, each the whole state of this moment. Because an event replaces the one
 * before, nothing is queued for anyone: who reads slowly gets fewer events, and who does not read at all is dropped.
 */
import type { ServerResponse } from "node:http";
import type { Searcher } from "../rooms";
import type { PipelineStatus } from "../status";
import { PanelHistory } from "./panel-history";

export interface LiveStreamOptions {
  readonly searcher: Searcher;
  status(): PipelineStatus;
  onChange(listener: () => void): () => void;
  /** The version is another where the panels are others. @default they stay */
  readonly panels?: { readonly version: number };
  /** Shortest time between two events, in milliseconds. @default 250 */
  readonly minIntervalMs?: number;
  /** Longest time without an event, in milliseconds; buffers age without any settle. @default 1000 */
  readonly maxIntervalMs?: number;
  /** A client that has not taken an event for so long is dropped, in milliseconds. @default 10000 */
  readonly patienceMs?: number;
}

/** Open pages at a time; each costs a socket. */
const maxClients = 100;

interface Client {
  readonly response: ServerResponse;
  /** Since when an event has been waiting in the client's socket; undefined when all were taken. */
  stuckSinceMs: number | undefined;
}

export class LiveStream {
  readonly history = new PanelHistory();
  private readonly clients = new Set<Client>();
  private readonly unsubscribe: () => void;
  private readonly heartbeat: NodeJS.Timeout;
  private timer: NodeJS.Timeout | undefined;
  /** By the steady clock, as all that is waited for: one that is set back would hold the counts until it is there again. */
  private lastMs = Number.NEGATIVE_INFINITY;
  private working = false;
  private counts = "";
  private countsSinceMs = 0;

  constructor(private readonly options: LiveStreamOptions) {
    this.unsubscribe = options.onChange(() => this.schedule());
    this.heartbeat = setInterval(() => this.schedule(), options.maxIntervalMs ?? 1_000);
    this.heartbeat.unref();
    this.schedule();
  }

  get size(): number {
    return this.clients.size;
  }

  get hasRoom(): boolean {
    return this.clients.size < maxClients;
  }

  /** Takes over the response. */
  add(response: ServerResponse): void {
    const client: Client = { response, stuckSinceMs: undefined };
    response.on("close", () => this.clients.delete(client));
    response.on("error", () => this.clients.delete(client));
    response.write("retry: 1000\n\n");
    this.clients.add(client);
    this.lastMs = Number.NEGATIVE_INFINITY;
    this.schedule();
  }

  /** Ends every client's answer; an open stream would hold the server's close for ever. */
  close(): void {
    this.unsubscribe();
    clearInterval(this.heartbeat);
    clearTimeout(this.timer);
    for (const { response } of this.clients) response.destroy();
    this.clients.clear();
  }

  private get panelsVersion(): number {
    return this.options.panels?.version ?? 0;
  }

  private schedule(): void {
    if (this.timer !== undefined || this.working) return;
    const waitMs = Math.max(0, this.lastMs + (this.options.minIntervalMs ?? 250) - performance.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.emit().catch(() => this.schedule());
    }, waitMs);
    this.timer.unref();
  }

  private async emit(): Promise<void> {
    this.working = true;
    try {
      const panelsVersion = this.panelsVersion;
      const panels = await this.options.searcher.panelCounts();
      // What was counted may be of the panels before.
      if (panelsVersion !== this.panelsVersion) return void this.schedule();
      const atMs = Date.now();
      const nowMs = performance.now();
      const status = this.options.status();
      const { accepted, indexed, dropped, failed, backedUp } = status;
      this.history.add({ atMs, panels, accepted, indexed, dropped, failed, backedUp });
      const quietMs = this.quietMs(nowMs, [...panels, indexed, dropped, failed].join());
      if (this.clients.size > 0)
        this.send(`data: ${JSON.stringify({ atMs, quietMs, panels, panelsVersion, status })}\n\n`, nowMs);
    } finally {
      this.lastMs = performance.now();
      this.working = false;
    }
  }

  /** How long the counts have been these: what a page asked since then, it need not ask again. */
  private quietMs(nowMs: number, counts: string): number {
    if (counts !== this.counts) this.countsSinceMs = nowMs;
    this.counts = counts;
    return Math.round(nowMs - this.countsSinceMs);
  }

  private send(event: string, nowMs: number): void {
    for (const client of this.clients) {
      if (client.response.writableLength === 0) {
        client.stuckSinceMs = undefined;
        client.response.write(event);
      } else {
        client.stuckSinceMs ??= nowMs;
        if (nowMs - client.stuckSinceMs >= (this.options.patienceMs ?? 10_000)) client.response.destroy();
      }
    }
  }
}
