import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { DashboardOfTest } from "./dashboard-of-test";

describe("the dashboard's backup browser", () => {
  let dashboard: DashboardOfTest;
  beforeEach(async () => {
    dashboard = await new DashboardOfTest().start();
  });
  afterEach(() => dashboard.close());

  function put(key: string, body: string | Buffer): void {
    const path = join(dashboard.bucketFolder, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, body);
  }

  it("lists one level of keys, newest first", async () => {
    put("raw/2026/a-1", "1");
    put("raw/2026/a-2", "22");
    put("failed/x", "3");

    const top = (await dashboard.get("/api/backup")).json;
    const below = (await dashboard.get("/api/backup?prefix=raw/2026/")).json;

    assert.deepEqual(top.folders, ["raw/", "failed/"]);
    assert.deepEqual(
      below.objects.map(({ key, bytes }: { key: string; bytes: number }) => [key, bytes]),
      [
        ["raw/2026/a-2", 2],
        ["raw/2026/a-1", 1],
      ],
    );
  });

  it("lists a large folder a page at a time, each key once", async () => {
    const folder = join(dashboard.bucketFolder, "raw");
    mkdirSync(join(folder, "0500x"), { recursive: true });
    const names = Array.from({ length: 2300 }, (_, at) => String(at).padStart(4, "0"));
    for (const name of names) writeFileSync(join(folder, name), "");
    const listed: string[] = [];
    let query = "prefix=raw/";
    for (let pages = 1; ; pages++) {
      const { folders, objects, more, next } = (await dashboard.get(`/api/backup?${query}`)).json;
      assert.ok(folders.length + objects.length <= 1000);
      listed.push(...folders, ...objects.map(({ key }: { key: string }) => key));
      assert.equal(more, 2301 - listed.length);
      if (next === undefined) {
        assert.equal(pages, 3);
        break;
      }
      query = `prefix=raw/&before=${next}`;
    }
    assert.deepEqual(
      listed.filter((key) => !key.endsWith("/")),
      names.map((name) => `raw/${name}`).reverse(),
    );
    assert.deepEqual(
      listed.filter((key) => key.endsWith("/")),
      ["raw/0500x/"],
    );
    assert.equal((await dashboard.get("/api/backup?prefix=raw/&before=other/1")).status, 400);
  });

  it("lists an empty bucket, and one whose folder is not there yet", async () => {
    assert.deepEqual((await dashboard.get("/api/backup")).json.objects, []);
    rmSync(dashboard.bucketFolder, { recursive: true });

    const { status, json } = await dashboard.get("/api/backup");

    assert.equal(status, 200);
    assert.deepEqual(json, { prefix: "", folders: [], objects: [], more: 0 });
  });

  it("previews text and gzip, and says when it is not all", async () => {
    put("raw/a", '{"message":"hello world 1"}\n');
    // The end is torn off: only who reads more than the start notices.
    const numbers = Array.from({ length: 60_000 }, (_, i) => (i * 2_654_435_761) % 4_294_967_296).join();
    put("raw/b.gz", gzipSync(numbers).subarray(0, -20));

    const plain = (await dashboard.get("/api/backup/preview?key=raw/a")).json;
    const packed = (await dashboard.get("/api/backup/preview?key=raw/b.gz")).json;

    assert.equal(plain.text, '{"message":"hello world 1"}\n');
    assert.equal(plain.truncated, false);
    assert.equal(packed.text.length, 65_536);
    assert.equal(packed.truncated, true);
  });

  it("says that a broken gzip cannot be read", async () => {
    put("raw/b.gz", "not gzip");

    const { status, json } = await dashboard.get("/api/backup/preview?key=raw/b.gz");

    assert.equal(status, 422);
    assert.match(json.error.message, /cannot be read/);
  });

  it("downloads the very bytes, as a file that no browser opens as a page", async () => {
    const bytes = Buffer.from([0, 255, 60, 115, 99, 114]);
    put('raw/it\'s "odd" é.html', bytes);

    const response = await fetch(
      `${dashboard.url}/api/backup/download?key=${encodeURIComponent('raw/it\'s "odd" é.html')}`,
    );

    assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes);
    assert.equal(response.headers.get("content-type"), "application/octet-stream");
    assert.equal(
      response.headers.get("content-disposition"),
      "attachment; filename=\"it_s__odd___.html\"; filename*=UTF-8''it%27s%20%22odd%22%20%C3%A9.html",
    );
  });

  for (const key of [
    "../secret",
    "raw/../../secret",
    "/etc/passwd",
    "raw//a",
    "./raw",
    "raw\\..\\a",
    "a\0b",
    "raw/",
  ]) {
    it(`does not leave the bucket for the key ${JSON.stringify(key)}`, async () => {
      put("raw/a", "1");
      writeFileSync(join(dashboard.bucketFolder, "..", "secret"), "secret");
      const encoded = encodeURIComponent(key);

      for (const path of [`preview?key=${encoded}`, `download?key=${encoded}`, `?prefix=${encoded}%2F`]) {
        const { status, text } = await dashboard.get(`/api/backup/${path}`.replace("/?", "?"));
        assert.ok(status === 400 || status === 404, `${path}: ${status}`);
        assert.doesNotMatch(text, /"text"/);
      }
    });
  }

  it("does not follow a link that leads out of the bucket", async () => {
    symlinkSync("/etc", join(dashboard.bucketFolder, "out"));
    symlinkSync("/etc/hostname", join(dashboard.bucketFolder, "host"));

    for (const path of [
      "/preview?key=host",
      "/download?key=host",
      "/preview?key=out/hostname",
      "?prefix=out/",
    ]) {
      assert.equal((await dashboard.get(`/api/backup${path}`)).status, 404, path);
    }
    assert.deepEqual((await dashboard.get("/api/backup")).json.objects, []);
  });

  it("answers a key that is not there with a 404", async () => {
    put("raw/a", "1");

    assert.equal((await dashboard.get("/api/backup/preview?key=raw/b")).status, 404);
    assert.equal((await dashboard.get("/api/backup/preview?key=raw")).status, 404);
    assert.equal((await dashboard.get("/api/backup?prefix=nothing/")).status, 404);
    assert.equal((await dashboard.get("/api/backup?prefix=raw")).status, 400);
  });
});
