/**
 * New objects in the folders of buckets, and the functions that are called for them: a file is found, a message about it
 * goes into the queue, a call gets the message. What a call does not end with comes again; what comes too often, or is
 * told to the queue of failed messages, is written down with its reason.
 */
import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../clock";
import { textOf } from "../errors";
import type { ObjectFunctionPlan, QueuePlan } from "../plan/plan";
import type { Callable } from "../rooms";
import type { ObjectsStatus } from "../status";
import { EventQueue, type Message } from "./event-queue";
import { type FoundObject, ObjectFinder } from "./find-objects";
import { type ObjectServer, startObjectServer } from "./server";

export interface ObjectsRoomOptions {
  readonly functions: readonly ObjectFunctionPlan[];
  readonly region: string;
  /** Of the run: it gets the queue's file and the list of what failed. */
  readonly dataFolder: string;
  readonly bucketsFolder: string;
  readonly clock: Clock;
  /** Writes an object whole into the folder of its bucket. */
  put(bucket: string, key: string, body: Buffer): void;
  /** Where S3 and SQS are, with the key that they want; queues have the addresses of `queueUrl`. */
  callable(plan: ObjectFunctionPlan, server: ObjectServer, queueUrl: (url: string) => string): Callable;
  log(text: string): void;
}

/** The file of what failed, in the data folder. */
export const failedObjectsFile = "failed-objects.jsonl";

const searchMs = 500;
/** A search of many files takes at most a twentieth of the time. */
const searchShare = 20;
const idleMs = 200;
/** Differs from AWS: there a message comes again after the queue's visibility timeout, such as half an hour. */
const firstPauseMs = 5_000;
/** So long may a call that is under way at a stop go on. */
const patienceMs = 5_000;

export class ObjectsRoom {
  private readonly stopping = new AbortController();
  private readonly loops: Promise<void>[] = [];
  private readonly callables: Callable[] = [];
  private readonly queue: EventQueue;
  private server: ObjectServer | undefined;
  private closed: Promise<void> | undefined;
  private callsUnderWay = 0;

  /** @throws an error with SQLite's code 5 (busy) where another run has the file */
  constructor(private readonly options: ObjectsRoomOptions) {
    this.queue = new EventQueue(join(options.dataFolder, "objects.sqlite"));
    for (const { bucketName, prefix } of options.functions.flatMap(({ sources }) => sources)) {
      const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
      mkdirSync(join(options.bucketsFolder, bucketName, folder), { recursive: true });
    }
  }

  async start(): Promise<void> {
    const { functions, bucketsFolder, put, log } = this.options;
    for (const note of this.queue.notes) log(note);
    const server = await startObjectServer({
      bucketsFolder,
      put,
      readOnly: new Set(functions.flatMap(({ sources }) => sources.map(({ bucketName }) => bucketName))),
      take: ({ queueUrl, body, delaySeconds }) => this.take(queueUrl, body, delaySeconds),
      onError: (error) => log(`objects: ${textOf(error)}`),
    });
    this.server = server;
    for (const plan of functions) {
      this.loops.push(this.search(plan));
      for (let n = 0; n < plan.concurrency; n++) {
        const callable = this.options.callable(plan, server, (url) => this.addressOf(url));
        this.callables.push(callable);
        this.loops.push(this.call(plan, callable));
      }
    }
  }

  status(): ObjectsStatus {
    const all = this.options.functions.map(({ queue }) => this.queue.counts(queue.url));
    const sum = (key: keyof ObjectsStatus): number => all.reduce((total, counts) => total + counts[key], 0);
    return { waiting: sum("waiting"), done: sum("done"), failed: sum("failed") };
  }

  /** No call begins any more; what waits is there at the next start. */
  close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  private async end(): Promise<void> {
    const { clock } = this.options;
    this.stopping.abort();
    const endMs = clock.steadyMs() + patienceMs;
    while (this.callsUnderWay > 0 && clock.steadyMs() < endMs) await clock.wait(20);
    await Promise.all(this.callables.map((callable) => callable.close()));
    await Promise.all(this.loops);
    await this.server?.close();
    this.queue.close();
  }

  /** Where a queue of the program is here: the SDK goes to the address that names it. */
  private addressOf(url: string): string {
    return url.replace(/^https:\/\/[^/]+/, this.server!.url);
  }

  private take(url: string, body: string, delaySeconds: number): string | undefined {
    const { functions, clock } = this.options;
    const isMeant = (queue: { readonly url: string }): boolean =>
      [queue.url, this.addressOf(queue.url)].includes(url);
    for (const { queue, failedQueue } of functions) {
      if (isMeant(queue)) return this.queue.put(queue.url, body, clock.nowMs() + delaySeconds * 1000);
      if (failedQueue && isMeant(failedQueue)) {
        this.writeFailed(queue, body, undefined);
        return randomUUID();
      }
    }
    return undefined;
  }

  private async search({ sources, queue }: ObjectFunctionPlan): Promise<void> {
    const { clock, bucketsFolder, log } = this.options;
    const { signal } = this.stopping;
    const finder = new ObjectFinder(bucketsFolder, sources, (object) => this.queue.isKnown(object));
    while (!signal.aborted) {
      const startMs = clock.steadyMs();
      try {
        const found = finder.find();
        if (found.length > 0) this.queue.announce(queue.url, found, (object) => this.eventOf(object, queue));
      } catch (error) {
        log(`objects: ${textOf(error)}; trying again`);
      }
      await clock.wait(Math.max(searchMs, searchShare * (clock.steadyMs() - startMs)), signal);
    }
  }

  private async call(plan: ObjectFunctionPlan, callable: Callable): Promise<void> {
    const { clock, log } = this.options;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const messages = this.queue.receive(plan.queue.url, clock.nowMs(), plan.batchSize);
        if (messages.length > 0) await this.callWith(plan, callable, messages);
        else await clock.wait(idleMs, signal);
      } catch (error) {
        // The disk refuses: what was received comes again at the next start at the latest.
        log(`objects: ${textOf(error)}; trying again`);
        await clock.wait(firstPauseMs, signal);
      }
    }
  }

  private async callWith(
    { queue, maxReceiveCount }: ObjectFunctionPlan,
    callable: Callable,
    messages: readonly Message[],
  ): Promise<void> {
    this.callsUnderWay++;
    const reply = await callable
      .invoke(JSON.stringify({ Records: messages.map((message) => this.recordOf(message, queue)) }))
      .finally(() => this.callsUnderWay--);
    for (const message of messages) {
      if ("payload" in reply) this.queue.done(queue.url, message);
      else if (this.stopping.signal.aborted) this.queue.giveBack(message, 0);
      else if (message.receives >= maxReceiveCount) {
        this.writeFailed(queue, message.body, `${reply.errorType}: ${reply.errorMessage}`);
        this.queue.giveUp(message);
      } else {
        const pauseMs = firstPauseMs * 2 ** (message.receives - 1);
        this.queue.giveBack(message, this.options.clock.nowMs() + pauseMs);
      }
    }
  }

  /** @param reason undefined where the message says it itself */
  private writeFailed(queue: QueuePlan, body: string, reason: string | undefined): void {
    const { dataFolder, clock, log } = this.options;
    const event = parsed(body);
    const { bucket, object } = event?.detail ?? {};
    const line = {
      at: new Date(clock.nowMs()).toISOString(),
      object: `${bucket?.name}/${object?.key}`,
      reason: reason ?? event?.reason,
      message: body,
    };
    appendFileSync(join(dataFolder, failedObjectsFile), `${JSON.stringify(line)}\n`);
    this.queue.countFailed(queue.url);
    log(`object ${line.object}: ${line.reason}`);
  }

  /** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
  private eventOf({ bucketName, key, bytes, etag }: FoundObject, queue: QueuePlan): string {
    const { region, clock } = this.options;
    const accountId = accountOf(queue);
    return JSON.stringify({
      version: "0",
      id: randomUUID(),
      "detail-type": "Object Created",
      source: "aws.s3",
      account: accountId,
      time: new Date(clock.nowMs()).toISOString(),
      region,
      resources: [`arn:aws:s3:::${bucketName}`],
      detail: {
        version: "0",
        bucket: { name: bucketName },
        object: { key, size: bytes, etag },
        "request-id": randomUUID(),
        requester: accountId,
        reason: "PutObject",
      },
    });
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
  private recordOf({ id, body, receives }: Message, queue: QueuePlan): object {
    const now = String(this.options.clock.nowMs());
    return {
      messageId: id,
      receiptHandle: id,
      body,
      attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: now,
        SenderId: accountOf(queue),
        ApproximateFirstReceiveTimestamp: now,
      },
      messageAttributes: {},
      eventSource: "aws:sqs",
      eventSourceARN: queue.arn,
      awsRegion: this.options.region,
    };
  }
}

const accountOf = ({ arn }: QueuePlan): string => arn.split(":")[4] ?? "";

interface ToldEvent {
  readonly detail?: {
    readonly bucket?: { readonly name?: string };
    readonly object?: { readonly key?: string };
  };
  readonly reason?: string;
}

/** A function may tell whatever it likes. */
function parsed(body: string): ToldEvent | undefined {
  try {
    return JSON.parse(body) as ToldEvent;
  } catch {
    return undefined;
  }
}
