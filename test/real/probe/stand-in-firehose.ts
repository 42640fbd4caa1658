/**
 * The delivery stream of the stack, in simulated time: it takes records over HTTP from the SDK, has them transformed,
 * delivers them to a real node and keeps their sources, with the settings that the program gives it.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { OpenSearchNode } from "../../../engines/opensearch/node";
import { indexNameAt } from "../../../firehose/index-rotation";
import type { TransformAnswer, TransformEvent } from "../../../firehose/transform";
import type { Inputs } from "../../infra/evaluate";
import type { Handler } from "../../infra/run-closure";
import type { Metrics } from "./metrics";

interface Held {
  readonly recordId: string;
  readonly approximateArrivalTimestamp: number;
  /** In base64; the document's once it is transformed. */
  readonly data: string;
  /** When it came into the buffer that it is in. */
  readonly heldSinceMs: number;
}

export interface StreamSurroundings {
  readonly deliveryStreamName: string;
  /** Of its resource. */
  readonly inputs: Inputs;
  readonly node: OpenSearchNode;
  /** "user:password", for the IAM role that the stream works with. */
  readonly login: string;
  readonly functionName: string;
  readonly transform: Handler;
  readonly metrics: Metrics;
  readonly clock: { readonly nowMs: number };
}

/** Firehose tries a delivery again after about so long, and an object too. */
const pauseMs = { delivery: 300_000, object: 60_000 };

export class StandInFirehose {
  /** Answers as a stream that somebody has deleted. */
  isGone = false;
  /** The bucket takes no object. */
  isBucketDenied = false;
  /** Records that are in the bucket, by why they are there. */
  readonly kept = { asSource: 0, asTransformFailed: 0, asRefused: 0 };
  private received = 0;
  private incoming: Held[] = [];
  private transformed: Held[] = [];
  private leaving: { records: Held[]; readonly untilMs: number; nextMs: number } | undefined;
  private sources: Held[] = [];
  private nextObjectMs = 0;

  private constructor(
    private readonly around: StreamSurroundings,
    private readonly server: Server,
  ) {}

  static async start(surroundings: StreamSurroundings): Promise<StandInFirehose> {
    const server = createServer();
    const stream = new StandInFirehose(surroundings, server);
    server.on("request", async (request, response) => {
      const { DeliveryStreamName, Records } = JSON.parse((await buffer(request)).toString());
      const isKnown = !stream.isGone && DeliveryStreamName === surroundings.deliveryStreamName;
      response.writeHead(isKnown ? 200 : 400, { "content-type": "application/x-amz-json-1.1" });
      response.end(
        JSON.stringify(
          isKnown
            ? { FailedPutCount: 0, RequestResponses: Records.map((one: Inputs) => stream.take(one["Data"])) }
            : { __type: "ResourceNotFoundException", message: `Firehose ${DeliveryStreamName} not found` },
        ),
      );
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    return stream;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Records that are neither delivered nor given up. */
  get waiting(): number {
    return this.undelivered.length;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  /** What is due now. While the bucket takes no sources, all that is behind them waits. */
  async tick(): Promise<void> {
    this.ages();
    this.backUp();
    if (this.isBucketDenied) return;
    await this.transform();
    await this.deliver();
  }

  private take(data: string): { RecordId: string } {
    const { nowMs } = this.around.clock;
    const recordId = `record-${nowMs}-${this.received++}`;
    const held = { recordId, approximateArrivalTimestamp: nowMs, data, heldSinceMs: nowMs };
    this.incoming.push(held);
    this.sources.push(held);
    this.measure("IncomingRecords", 1);
    return { RecordId: recordId };
  }

  private measure(metric: string, value: number): void {
    const { metrics, deliveryStreamName, clock } = this.around;
    metrics.record("AWS/Firehose", metric, deliveryStreamName, { atMs: clock.nowMs, value });
  }

  private get undelivered(): Held[] {
    return [...this.incoming, ...this.transformed, ...(this.leaving?.records ?? [])];
  }

  private ages(): void {
    const measure = (metric: string, records: readonly Held[]) => {
      const oldestMs = Math.min(...records.map((one) => one.approximateArrivalTimestamp));
      if (records.length > 0) this.measure(metric, (this.around.clock.nowMs - oldestMs) / 1000);
    };
    measure("DeliveryToAmazonOpenSearchService.DataFreshness", this.undelivered);
    measure("BackupToS3.DataFreshness", this.sources);
  }

  private get settings(): Inputs {
    return this.around.inputs["opensearchConfiguration"];
  }

  private isDue(buffered: readonly Held[], intervalSeconds: number): boolean {
    const [first] = buffered;
    return first !== undefined && this.around.clock.nowMs - first.heldSinceMs >= intervalSeconds * 1000;
  }

  private backUp(): void {
    const { nowMs } = this.around.clock;
    if (!this.isDue(this.sources, this.settings["s3Configuration"].bufferingInterval)) return;
    if (nowMs < this.nextObjectMs) return;
    this.measure("BackupToS3.Success", this.isBucketDenied ? 0 : 1);
    this.nextObjectMs = nowMs + pauseMs.object;
    if (this.isBucketDenied) return;
    this.kept.asSource += this.sources.length;
    this.sources = [];
  }

  private async transform(): Promise<void> {
    const [{ parameters }] = this.settings["processingConfiguration"].processors;
    const parameter = (name: string, otherwise: number): number =>
      Number(parameters.find((one: Inputs) => one["parameterName"] === name)?.parameterValue ?? otherwise);
    if (!this.isDue(this.incoming, parameter("BufferIntervalInSeconds", 60))) return;
    const records = this.incoming;
    this.incoming = [];
    for (let call = 0; call <= parameter("NumberOfRetries", 3); call++) {
      const answer = await this.invoke(records);
      if (!answer) continue;
      const heldSinceMs = this.around.clock.nowMs;
      for (const [i, one] of answer.records.entries()) {
        if (one.result === "Ok" && one.data)
          this.transformed.push({ ...records[i]!, data: one.data, heldSinceMs });
        if (one.result === "ProcessingFailed") this.kept.asTransformFailed++;
      }
      return;
    }
    this.kept.asTransformFailed += records.length;
  }

  /** Undefined: the function ended with an error. */
  private async invoke(records: readonly Held[]): Promise<TransformAnswer | undefined> {
    const { transform, metrics, functionName, clock } = this.around;
    const event: TransformEvent = {
      invocationId: "invocation",
      deliveryStreamArn: `arn:aws:firehose:eu-west-1:111122223333:deliverystream/${this.around.deliveryStreamName}`,
      region: "eu-west-1",
      records: records.map(({ heldSinceMs: _, ...record }) => record),
    };
    const answer: TransformAnswer | undefined = await transform(event).catch(() => undefined);
    metrics.record("AWS/Lambda", "Errors", functionName, { atMs: clock.nowMs, value: answer ? 0 : 1 });
    return answer;
  }

  /** What the domain cannot take now goes again until the retry duration ends; what it refuses is given up at once. */
  private async deliver(): Promise<void> {
    const { nowMs } = this.around.clock;
    if (!this.leaving && this.isDue(this.transformed, this.settings["bufferingInterval"])) {
      const untilMs = nowMs + this.settings["retryDuration"] * 1000;
      this.leaving = { records: this.transformed, untilMs, nextMs: nowMs };
      this.transformed = [];
    }
    const { leaving } = this;
    if (!leaving || nowMs < leaving.nextMs) return;
    const statuses = await this.bulk(leaving.records);
    const isLast = nowMs + pauseMs.delivery > leaving.untilMs;
    const again = leaving.records.filter((_, i) => statuses[i] === 429 || statuses[i]! >= 500);
    const taken = statuses.filter((status) => status < 300).length;
    this.measure("DeliveryToAmazonOpenSearchService.Success", taken / statuses.length);
    const left = isLast ? 0 : again.length;
    this.kept.asRefused += statuses.length - taken - left;
    leaving.records = again;
    leaving.nextMs = nowMs + pauseMs.delivery;
    if (left === 0) this.leaving = undefined;
  }

  /** HTTP status of each document. */
  private async bulk(records: readonly Held[]): Promise<number[]> {
    const { indexName, indexRotationPeriod } = this.settings;
    const lines = records.map(({ recordId, approximateArrivalTimestamp, data }) => {
      const _index = indexNameAt(indexName, indexRotationPeriod, approximateArrivalTimestamp);
      return `${JSON.stringify({ index: { _index, _id: recordId } })}\n${Buffer.from(data, "base64")}\n`;
    });
    // A domain shows a document within a second, which here is no time at all.
    const { node, login } = this.around;
    const { status, body } = await node.call("POST", "/_bulk?refresh=true", lines.join(""), login);
    if (status !== 200) return records.map(() => status);
    return (JSON.parse(body).items as Inputs[]).map(({ index }) => index.status);
  }
}
