/**
 * A call of PutRecordBatch with the SDK that is in Lambda's runtime. It writes a request without records, and reads an
 * answer without them: what it does for each record takes most of a call's processor time, and is done here.
 */
import type { PutAnswer } from "./put-batches";

/** The region counts at the first call; without it, it is the function's own. */
export type PutCall = (stream: string, data: readonly Uint8Array[], region?: string) => Promise<PutAnswer>;

/** An SDK's client: its types would put the SDK into the closure. */
// biome-ignore lint/suspicious/noExplicitAny: see above
type Sdk = any;

/** What becomes of one call, by its input: the one thing that the SDK hands from step to step. */
interface Call {
  readonly body: Buffer;
  readonly count: number;
  /** Whether the answer said of each record that it was taken. */
  isWhole: boolean;
}

/** The SDK is asked for at the first call, as most batches of a transform make none. */
export const createPutCall = (): PutCall => {
  const calls = new WeakMap<object, Call>();
  const connect = createConnect(calls);
  const { from } = Buffer;
  const view = from.bind(Buffer) as (bytes: ArrayBufferLike, offset: number, length: number) => Buffer;
  const bytesOf = from.bind(Buffer) as (text: string, encoding: "latin1") => Buffer;
  const base64 = ({ buffer, byteOffset, length }: Uint8Array): string =>
    view(buffer, byteOffset, length).toString("base64");
  let client: Sdk = null;
  let Command: Sdk = null;
  return async (DeliveryStreamName, data, region) => {
    if (!client) [client, Command] = connect(region);
    let records = "";
    for (const record of data) records += `${records && ","}{"Data":"${base64(record)}"}`;
    // A stream's name is ASCII; as text, all of it would be looked at twice more on its way out.
    const text = `{"DeliveryStreamName":"${DeliveryStreamName}","Records":[${records}]}`;
    const input = { DeliveryStreamName, Records: [] };
    const call: Call = { body: bytesOf(text, "latin1"), count: data.length, isWhole: false };
    calls.set(input, call);
    const answer: PutAnswer = await client.send(new Command(input));
    return call.isWhole ? { RequestResponses: data.map(() => ({})) } : answer;
  };
};

/** Puts the bodies behind the SDK's serializer, and reads answers before the SDK does. */
function createConnect(calls: WeakMap<object, Call>) {
  const { from, concat } = Buffer;
  const bytesOf = from.bind(Buffer) as (text: string) => Buffer;
  const join = concat.bind(Buffer) as (parts: readonly Uint8Array[]) => Buffer;
  const none = bytesOf('{"FailedPutCount":0,"RequestResponses":[]}');
  const saysAll = (text: string, count: number): boolean => {
    if (!text.includes('"FailedPutCount":0') || text.includes('"ErrorCode"')) return false;
    let said = 0;
    for (let at = text.indexOf('"RecordId"'); at >= 0; at = text.indexOf('"RecordId"', at + 10)) said++;
    return said === count;
  };
  const read = async (body: AsyncIterable<Uint8Array>): Promise<Buffer> => {
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(part);
    return join(parts);
  };
  return (region?: string): [client: Sdk, command: Sdk] => {
    // eslint-disable-next-line closure/no-slow-name -- once, at the first call
    const { FirehoseClient, PutRecordBatchCommand }: Sdk = require("@aws-sdk/client-firehose");
    const client = new FirehoseClient({ ...(region && { region }), maxAttempts: 1 });
    client.middlewareStack.add(
      (next: Sdk) => (args: Sdk) => {
        args.request.body = calls.get(args.input)!.body;
        return next(args);
      },
      { step: "serialize", name: "ownBody", priority: "low" },
    );
    client.middlewareStack.add(
      (next: Sdk) => async (args: Sdk) => {
        const result = await next(args);
        const { response } = result;
        if (response.statusCode !== 200) return result;
        const call = calls.get(args.input)!;
        const answer = await read(response.body);
        call.isWhole = saysAll(answer.toString("latin1"), call.count);
        response.body = call.isWhole ? none : answer;
        return result;
      },
      { step: "deserialize", name: "ownAnswer", priority: "low" },
    );
    return [client, PutRecordBatchCommand];
  };
}
