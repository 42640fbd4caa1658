import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  bucketStore,
  type ObjectStore,
  ofStream,
  type StoredObject,
} from "../../../publisher/replay/objects";

const objects: Record<string, string> = {
  "failed/a-1-2026-03-01-09-08-07-2f0b2a3c-0000-4000-8000-000000000000": "one",
  "failed/b": "two",
  "raw/c": "three",
};
const settings = ["AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] as const;

/** A bucket named `kept` that lists one key at a time. */
function answer(url: URL): { status: number; body: string } {
  const [, bucket, ...rest] = url.pathname.split("/");
  if (bucket !== "kept") {
    return { status: 404, body: "<Error><Code>NoSuchBucket</Code><Message>no such bucket</Message></Error>" };
  }
  const key = decodeURIComponent(rest.join("/"));
  if (key !== "") return { status: 200, body: objects[key] ?? "" };
  const keys = Object.keys(objects).filter((name) => name.startsWith(url.searchParams.get("prefix") ?? ""));
  const at = Number(url.searchParams.get("continuation-token") ?? 0);
  const more = at + 1 < keys.length ? `<NextContinuationToken>${at + 1}</NextContinuationToken>` : "";
  const entry = keys[at]
    ? `<Contents><Key>${keys[at]}</Key><Size>3</Size><LastModified>2026-03-02T00:00:00.000Z</LastModified></Contents>`
    : "";
  return { status: 200, body: `<ListBucketResult>${more}${entry}</ListBucketResult>` };
}

describe("publisher/replay/objects, a bucket", () => {
  let server: Server;
  const before = settings.map((name) => process.env[name]);

  beforeEach(async () => {
    server = createServer((request, response) => {
      const { status, body } = answer(new URL(request.url ?? "/", "http://s3"));
      response.writeHead(status, { "content-type": "application/xml" }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    process.env["AWS_ENDPOINT_URL_S3"] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    process.env["AWS_ACCESS_KEY_ID"] = process.env["AWS_SECRET_ACCESS_KEY"] = "test";
  });

  afterEach(async () => {
    for (const [n, name] of settings.entries()) {
      if (before[n] === undefined) delete process.env[name];
      else process.env[name] = before[n];
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function list(url: string): Promise<StoredObject[]> {
    const found: StoredObject[] = [];
    for await (const object of bucketStore(url, "eu-west-1").list()) found.push(object);
    return found;
  }

  it("lists all pages below the prefix, with the time in the name or else of the last change", async () => {
    deepStrictEqual(await list("s3://kept/failed/"), [
      { key: Object.keys(objects)[0], sizeBytes: 3, timeMs: Date.parse("2026-03-01T09:08:07Z") },
      { key: "failed/b", sizeBytes: 3, timeMs: Date.parse("2026-03-02T00:00:00Z") },
    ]);
    strictEqual((await list("s3://kept")).length, 3);
  });

  it("reads an object, and names the bucket alone: marks hold whatever the prefix was", async () => {
    const store = bucketStore("s3://kept/failed/", "eu-west-1");

    strictEqual((await store.read("failed/b")).toString(), "two");
    strictEqual(store.name, "s3://kept");
  });

  it("says in one line that an address has no bucket", () => {
    throws(() => bucketStore("s3:///x", undefined), {
      message: "what to read: got s3:///x; allowed: s3://bucket or s3://bucket/prefix",
    });
  });

  it("says in one line that a bucket cannot be read", async () => {
    await rejects(list("s3://other/x"), {
      message: /^cannot read s3:\/\/other\/x: NoSuchBucket: no such bucket; nothing of it was sent$/,
      exitCode: 2,
    });
  });
});

describe("publisher/replay/objects, of one of several streams", () => {
  it("lists what this stream wrote, and nothing of one whose name begins like its own", async () => {
    const at = "1-2026-03-01-09-08-07-2f0b2a3c-0000-4000-8000-000000000000";
    const keys = [
      `raw/2026/03/01/09/web-${at}`,
      `failed/web-errors-${at}.gz`,
      `raw/web-1-${at}`,
      "raw/notes",
    ];
    const all = keys.map((key) => ({ key, sizeBytes: 1, timeMs: 0 }));
    const store: ObjectStore = { name: "s3", list: () => all, read: async () => Buffer.alloc(0) };
    const listed = async (stream: string): Promise<string[]> => {
      const found: string[] = [];
      for await (const { key } of ofStream(store, stream).list()) found.push(key);
      return found;
    };

    deepStrictEqual(await listed("web"), [keys[0]]);
    deepStrictEqual(await listed("web-errors"), [keys[1]]);
    deepStrictEqual(await listed("web-1"), [keys[2]]);
  });
});
