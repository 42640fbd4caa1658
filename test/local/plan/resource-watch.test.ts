import { strict as assert } from "node:assert";
import { ResourceWatch } from "../../../local/plan/resource-watch";

const stream = "resource:s[aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream]";
const bucket = "resource:b[aws:s3/bucket:Bucket]";

describe("the resources that a program has begun", () => {
  it("are those that were not made, each once, the first one first", async () => {
    const watch = new ResourceWatch();
    const never = new Promise<void>(() => {});
    await watch.debuggablePromise(Promise.resolve(), `resolveURN(${bucket})`);
    for (const about of [`resolveURN(${stream})`, stream, "disconnect", undefined, 5])
      void watch.debuggablePromise(never.then(), about);
    assert.deepEqual(watch.unmade, ["s (aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream)"]);
  });

  it("are in the order in which they were begun, not in the one in which they were made", () => {
    const watch = new ResourceWatch();
    for (const about of [`resolveURN(${bucket})`, stream, bucket])
      void watch.debuggablePromise(Promise.resolve(), about);
    const made = [
      { name: "elsewhere", type: "aws:s3/bucket:Bucket" },
      { name: "s", type: "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream" },
      { name: "b", type: "aws:s3/bucket:Bucket" },
    ];
    assert.deepEqual(
      watch.inOrder(made).map(({ name }) => name),
      ["b", "s", "elsewhere"],
    );
  });

  it("are known by what they failed with, and the failure stays to be handled", async () => {
    const watch = new ResourceWatch();
    const failure = new Error('error serializing property "bucket": no such team');
    const unhandled = new Promise((resolve) => process.once("unhandledRejection", resolve));
    watch.debuggablePromise(Promise.reject(failure), bucket).catch(() => {});
    assert.equal(await unhandled, failure);
    assert.equal(watch.failedWith("no such team"), "b (aws:s3/bucket:Bucket)");
    assert.equal(watch.failedWith("another"), undefined);
    assert.deepEqual(watch.unmade, []);
  });
});
