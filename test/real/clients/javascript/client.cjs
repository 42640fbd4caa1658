/** Answers calls, a line of JSON each, with the SDK for JavaScript as it is. Credentials and tries are of the environment. */
const { createInterface } = require("node:readline");
const sdk = require("@aws-sdk/client-firehose");

const client = new sdk.FirehoseClient({ endpoint: process.argv[2] });
const dataOf = (texts = []) => texts.map((text) => ({ Data: Buffer.from(text, "base64") }));

async function send({ op, stream: DeliveryStreamName, records }) {
  const Records = dataOf(records);
  const input = { DeliveryStreamName };
  if (op === "PutRecord") Object.assign(input, { Record: Records[0] });
  if (op === "PutRecordBatch") Object.assign(input, { Records });
  const got = await client.send(new sdk[`${op}Command`](input));
  const description = got.DeliveryStreamDescription;
  return {
    recordIds: got.RecordId ? [got.RecordId] : got.RequestResponses?.map(({ RecordId = "" }) => RecordId),
    failed: got.FailedPutCount,
    status: description?.DeliveryStreamStatus,
    names: description ? [description.DeliveryStreamName] : got.DeliveryStreamNames,
  };
}

async function main() {
  for await (const line of createInterface({ input: process.stdin })) {
    const answer = await send(JSON.parse(line)).catch((error) => ({
      error: error.name,
      type: error.constructor.name,
      message: error.message,
    }));
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

void main();
