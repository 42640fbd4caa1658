/** S3 and SQS of a run, as the SDK's own clients see them. */
import { strict as assert } from "node:assert";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { fileOf } from "../../../local/objects/object-file";
import type { SentMessage } from "../../../local/objects/queue-requests";
import { type ObjectServer, startObjectServer } from "../../../local/objects/server";
import { temporaryFolder } from "../fakes";

describe("the server for objects and queues", () => {
  let folder: string;
  let server: ObjectServer;
  let s3: S3Client;
  let sqs: SQSClient;
  let taken: SentMessage[];
  beforeEach(async function () {
    folder = temporaryFolder(this);
    taken = [];
    mkdirSync(join(folder, "logs"));
    writeFileSync(join(folder, "logs/a b+ü.log"), "0123456789");
    server = await startObjectServer({
      bucketsFolder: folder,
      readOnly: new Set(["logs"]),
      put: (bucket, key, body) => {
        mkdirSync(dirname(join(folder, bucket, key)), { recursive: true });
        writeFileSync(join(folder, bucket, key), body);
      },
      take: (message) => {
        taken.push(message);
        return message.queueUrl.endsWith("/events") ? "id" : undefined;
      },
      onError: (error) => assert.fail(String(error)),
    });
    const { url: endpoint, accessKeyId } = server;
    const credentials = { accessKeyId, secretAccessKey: "local" };
    const options = { endpoint, region: "eu-west-1", credentials, maxAttempts: 1 };
    s3 = new S3Client({ ...options, forcePathStyle: true });
    sqs = new SQSClient(options);
  });
  afterEach(async () => {
    s3.destroy();
    sqs.destroy();
    await server.close();
  });

  const logs = { Bucket: "logs", Key: "a b+ü.log" };
  const get = async (more: object = {}) => {
    const { Body, ...answer } = await s3.send(new GetObjectCommand({ ...logs, ...more }));
    return { ...answer, text: await Body!.transformToString() };
  };
  const put = (Key: string, more: object = {}) =>
    s3.send(new PutObjectCommand({ Bucket: "notes", Key, Body: `note ${Key}`, ...more }));
  const refused = (status: number, name: string) => (error: { name: string; $metadata: object }) => {
    const { httpStatusCode } = error.$metadata as { httpStatusCode?: number };
    assert.deepEqual([httpStatusCode, error.name], [status, name]);
    return true;
  };

  it("gives an object from a byte on, and only the version that is asked for", async () => {
    const { ETag, text } = await get();
    assert.equal(text, "0123456789");
    const part = await get({ Range: "bytes=7-", IfMatch: ETag });
    assert.deepEqual([part.text, part.ContentLength, part.ContentRange], ["789", 3, "bytes 7-9/10"]);
    assert.equal((await get({ Range: "bytes=2-3" })).text, "23");

    await assert.rejects(get({ Range: "bytes=10-" }), refused(416, "InvalidRange"));
    writeFileSync(join(folder, "logs/a b+ü.log"), "other");
    await assert.rejects(get({ IfMatch: ETag }), refused(412, "PreconditionFailed"));
  });

  it("gives an empty object, and says of what is not there that it is not", async () => {
    writeFileSync(join(folder, "logs/empty"), "");

    assert.equal((await get({ Key: "empty" })).text, "");
    await assert.rejects(get({ Key: "none" }), refused(404, "NoSuchKey"));
    await assert.rejects(get({ Bucket: "none" }), refused(404, "NoSuchKey"));
  });

  it("writes a note where none was, and another over the one that is meant", async () => {
    const { ETag } = await put("a", { IfNoneMatch: "*" });
    assert.equal(readFileSync(join(folder, "notes/a"), "utf8"), "note a");

    await assert.rejects(put("a", { IfNoneMatch: "*" }), refused(412, "PreconditionFailed"));
    await put("a", { IfMatch: ETag, Body: "second" });
    await assert.rejects(put("a", { IfMatch: ETag, Body: "third" }), refused(412, "PreconditionFailed"));
    assert.equal(readFileSync(join(folder, "notes/a"), "utf8"), "second");
  });

  it("lets one of two that put the same note at once be the first", async () => {
    const both = await Promise.allSettled([put("b", { IfNoneMatch: "*" }), put("b", { IfNoneMatch: "*" })]);

    assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  });

  it("writes nothing into a bucket of logs, and reads nothing outside of the buckets", async () => {
    await assert.rejects(put("x", { Bucket: "logs" }), refused(403, "AccessDenied"));
    writeFileSync(join(folder, "secret"), "s");
    rmSync(join(folder, "logs/link"), { force: true });
    symlinkSync(join(folder, "secret"), join(folder, "logs/link"));
    symlinkSync(folder, join(folder, "logs/up"));
    for (const Key of ["link", "up/secret"]) await assert.rejects(get({ Key }), refused(404, "NoSuchKey"));
    for (const key of ["../secret", "a/../../secret", "a/./b", "a//b", "", "a\0"])
      assert.equal(fileOf(folder, "logs", key), undefined);
    for (const bucket of ["..", ".", "", "a/b"]) assert.equal(fileOf(folder, bucket, "key"), undefined);
    await assert.rejects(
      s3.send(new ListObjectsV2Command({ Bucket: "logs" })),
      refused(501, "NotImplemented"),
    );
  });

  it("takes messages for the queues that there are, with their delay", async () => {
    const send = (queue: string, more: object = {}) =>
      sqs.send(new SendMessageCommand({ QueueUrl: `${server.url}/0/${queue}`, MessageBody: "ü", ...more }));

    const { MessageId } = await send("events", { DelaySeconds: 7 });
    assert.equal(MessageId, "id");
    assert.deepEqual(taken, [{ queueUrl: `${server.url}/0/events`, body: "ü", delaySeconds: 7 }]);
    await assert.rejects(send("others"), { name: "QueueDoesNotExist" });
    await assert.rejects(send("events", { DelaySeconds: 901 }), /DelaySeconds is 0 to 900/);
  });

  it("answers nobody who does not know the run's key", async () => {
    const { status } = await fetch(`${server.url}/logs/a`, {
      headers: { authorization: "AWS4-HMAC-SHA256 Credential=local/2026" },
    });

    assert.equal(status, 403);
  });
});
