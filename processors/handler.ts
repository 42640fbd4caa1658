/**
 * From the function for one record to the handler that Firehose calls with a batch. The only place with the
 * base64 of the transform.
 *
 * All of it is serialized into the Lambda, and a captured function is built anew at each call there. So
 * everything here, as every processor, is a factory: called once at cold start, it makes the functions and
 * locals that run for each record.
 */
import { maxInvocationBytes } from "../firehose/limits";
import type {
  TransformAnswer,
  TransformAnswerRecord,
  TransformEvent,
  TransformEventRecord,
} from "../firehose/transform";
import type { Outcome, Processor, ProcessorFactory, PutAgainFactory, SourceRecord } from "./processor";

export type TransformHandler = (event: TransformEvent) => Promise<TransformAnswer>;

/**
 * The factory to serialize: `() => async (event) => answer`. Each processor of `chain` gets the text of the one
 * before it. A record whose processor throws fails alone, as does a record for whose document the answer has no
 * room left.
 */
export function transformHandlerFactory(chain: readonly Processor[]): () => TransformHandler {
  const factories = chain.map((processor) => processor.create);
  const createPutAgain = chain.find((processor) => processor.putAgain)?.putAgain;
  return () => {
    const read = createReader();
    const run = createChain(factories);
    const settle = createSettle(createPutAgain);
    const answer = createAnswer();
    const { all } = Promise;
    return async (event) => {
      const outcomes = event.records.map((record) => run(read(record)));
      const known = outcomes.some((outcome) => "then" in outcome)
        ? await all.call(Promise, outcomes)
        : outcomes;
      return answer(event.records, await settle(event, known as Outcome[]));
    };
  };
}

function createReader(): (record: TransformEventRecord) => SourceRecord {
  const from = Buffer.from.bind(Buffer) as (data: string, encoding: "base64") => Buffer;
  return ({ recordId, approximateArrivalTimestamp, data }) => ({
    recordId,
    approximateArrivalTimestamp,
    text: () => {
      const text = from(data, "base64").toString("utf8");
      if (!text.endsWith("\n")) return text;
      return text.slice(0, text.endsWith("\r\n") ? -2 : -1);
    },
    bytes: () => from(data, "base64"),
  });
}

/** Runs a record through all processors; the result is a promise only where a processor's is one. */
function createChain(factories: readonly ProcessorFactory[]) {
  const steps = factories.map((create) => create());
  const last = steps.length - 1;
  const thrown = createThrown();
  const bytesOf = Buffer.from.bind(Buffer) as (text: string, encoding: "utf8") => Buffer;
  const isPending = (outcome: Outcome | Promise<Outcome>): outcome is Promise<Outcome> => "then" in outcome;
  /** A failed record keeps nothing: its source is in the failed records as a whole, to be sent again from there. */
  const join = (first: Outcome & { result: "Ok" }, rest: Outcome): Outcome => {
    if (rest.result === "ProcessingFailed") return rest;
    const again = [...(first.again ?? []), ...(rest.again ?? [])];
    if (rest.result === "Dropped") return { result: "Dropped", again };
    const text = rest.text ?? first.text;
    return text === undefined ? { result: "Ok", again } : { result: "Ok", text, again };
  };
  // Function declarations, as they call each other: the serializer knows a const only below its line.
  function step(record: SourceRecord, at: number): Outcome | Promise<Outcome> {
    try {
      const outcome = steps[at]!(record);
      if (isPending(outcome)) return outcome.then((known) => follow(record, known, at)).catch(thrown);
      return at === last ? outcome : follow(record, outcome, at);
    } catch (error) {
      return thrown(error);
    }
  }
  function follow(record: SourceRecord, outcome: Outcome, at: number): Outcome | Promise<Outcome> {
    if (outcome.result !== "Ok" || at === last) return outcome;
    const { text } = outcome;
    const next =
      text === undefined ? record : { ...record, text: () => text, bytes: () => bytesOf(text, "utf8") };
    const rest = step(next, at + 1);
    return isPending(rest) ? rest.then((known) => join(outcome, known)) : join(outcome, rest);
  }
  return (record: SourceRecord) => step(record, 0);
}

/** An exception's name and place; not its message, which may quote the record. */
function createThrown(): (error: unknown) => Outcome {
  return (error) => {
    const { name = "Error", stack = "" } = error instanceof Error ? error : {};
    const place = /\n\s+(at .+)/.exec(stack)?.[1] ?? "";
    return { result: "ProcessingFailed", reason: `the processor threw ${name} ${place}`.trim() };
  };
}

/** Puts the further documents of all records into the stream; a record whose documents were not taken fails. */
function createSettle(createPutAgain: PutAgainFactory | undefined) {
  const putAgain = createPutAgain?.();
  const failWithoutRoom = createFailWithoutRoom();
  return async (event: TransformEvent, outcomes: Outcome[]): Promise<Outcome[]> => {
    if (!outcomes.some((outcome) => "again" in outcome && outcome.again?.length)) return outcomes;
    failWithoutRoom(event.records, outcomes);
    const owners: number[] = [];
    const documents: string[] = [];
    for (let i = 0; i < outcomes.length; i++) {
      const outcome = outcomes[i]!;
      if (outcome.result === "ProcessingFailed" || !outcome.again?.length) continue;
      for (const document of outcome.again) {
        owners.push(i);
        documents.push(document);
      }
    }
    const taken = putAgain ? await putAgain(event, documents).catch(() => []) : [];
    owners.forEach((owner, i) => {
      if (taken[i] === true) return;
      outcomes[owner] = {
        result: "ProcessingFailed",
        reason: "the stream did not take its further documents",
      };
    });
    return outcomes;
  };
}

/**
 * What {@link createAnswer} would fail for want of room fails before its further documents are put: they would be
 * there twice when the failed record is sent again.
 */
function createFailWithoutRoom() {
  const bytesOf = Buffer.byteLength.bind(Buffer);
  const { ceil } = Math;
  const maxBytes = maxInvocationBytes;
  const bytesAround = '{"recordId":"","result":"ProcessingFailed"},'.length;
  return (records: readonly TransformEventRecord[], outcomes: Outcome[]): void => {
    let room = maxBytes - '{"records":[]}'.length;
    for (const { recordId } of records) room -= bytesAround + recordId.length;
    outcomes.forEach((outcome, i) => {
      if (outcome.result !== "Ok") return;
      const { text } = outcome;
      const bytes = text === undefined ? records[i]!.data.length : ceil(bytesOf(text) / 3) * 4;
      if (bytes <= room) room -= bytes;
      else outcomes[i] = { result: "ProcessingFailed", reason: "the answer has no room left" };
    });
  };
}

/**
 * The answer in the order of the records. Its size is counted first as if all had failed, then each document is
 * added while there is room: Lambda refuses a larger answer, and with it the whole batch.
 */
function createAnswer() {
  const from = Buffer.from.bind(Buffer) as (text: string, encoding: "utf8") => Buffer;
  const { stringify } = JSON;
  const { warn } = console;
  const maxBytes = maxInvocationBytes;
  const bytesOfFailed = '{"recordId":"","result":"ProcessingFailed"},'.length;
  return (records: readonly TransformEventRecord[], outcomes: readonly Outcome[]): TransformAnswer => {
    let room = maxBytes - '{"records":[]}'.length;
    for (const { recordId } of records) room -= bytesOfFailed + recordId.length;
    const reasons: Record<string, number> = {};
    const fail = (recordId: string, reason: string): TransformAnswerRecord => {
      reasons[reason] = (reasons[reason] ?? 0) + 1;
      return { recordId, result: "ProcessingFailed" };
    };
    const answered = records.map(({ recordId, data: source }, i): TransformAnswerRecord => {
      const outcome = outcomes[i]!;
      if (outcome.result === "ProcessingFailed") return fail(recordId, outcome.reason);
      if (outcome.result === "Dropped") return { recordId, result: "Dropped" };
      if (outcome.result !== "Ok") return fail(recordId, "the processor's result is none of the three");
      const data = outcome.text === undefined ? source : from(outcome.text, "utf8").toString("base64");
      if (data.length > room) return fail(recordId, `the answer would be larger than ${maxBytes} bytes`);
      room -= data.length;
      return { recordId, result: "Ok", data };
    });
    if (Object.keys(reasons).length > 0) warn(stringify({ processingFailed: reasons }));
    return { records: answered };
  };
}
