/** Several streams on the page: all searched together, and one that delivers into a bucket, in a real browser. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { plan, statusOf } from "../local/dashboard/dashboard-of-test";
import { FakeSearcher } from "../local/dashboard/fake-searcher";
import { pageOverServer } from "./page-over-server";

describe("the page of several streams in a browser", () => {
  const suite = pageOverServer();
  const streamChoice = () => suite.page.getByRole("combobox", { name: "Stream", exact: true });
  const link = (name: string) => suite.page.getByRole("link", { name, exact: true });

  let accepted = (): number => 3;

  beforeEach(async () => {
    accepted = () => 3;
    const { dashboard } = suite;
    await dashboard.close();
    mkdirSync(join(dashboard.bucketFolder, "archive"), { recursive: true });
    writeFileSync(join(dashboard.bucketFolder, "archive", "web-1"), '{"message":"kept"}\n');
    const ofStream = (deliveryStreamName: string) => ({ ...plan.streams[0]!, deliveryStreamName });
    const searched = (name: string) => {
      const searcher = new FakeSearcher();
      for (const k of [3, 2, 1])
        searcher.add(`{"message":"${name} says ${k}","n":${k}}`, Date.now() - 60_000 * k, name);
      const status = () => statusOf({ accepted: accepted(), indexed: 3 });
      return dashboard.stream({ plan: ofStream(name), searcher, status });
    };
    const archive = {
      ...ofStream("archive"),
      destination: {
        kind: "s3" as const,
        bucketName: "logs-archive",
        prefix: "archive/",
        errorOutputPrefix: "failed/",
        bufferIntervalSeconds: 60,
        bufferSizeMiB: 5,
        compression: "UNCOMPRESSED" as const,
        fileExtension: undefined,
        delimiter: "",
      },
    };
    await dashboard.start({
      streams: [searched("web"), searched("orders"), dashboard.stream({ plan: archive })],
    });
  });

  it("searches all streams at once: a document says its stream, and its own address keeps all of them", async () => {
    await suite.go("?stream=web");
    await suite.rows().nth(2).waitFor();
    await streamChoice().selectOption({ label: "All streams" });
    await suite.page.locator("h1", { hasText: "All streams" }).waitFor();
    await suite.rows().nth(5).waitFor();

    const first = suite.rows().first();
    assert.match((await first.textContent())!, /(web|orders) (web|orders) says 1/);
    await suite.calm();
    assert.deepEqual(
      (await suite.page.locator(".legend li").allTextContents()).map((text) => text.trim()),
      ["web 3", "orders 3"],
    );
    assert.equal(await suite.page.locator(".panel").count(), 0);
    await suite.ask("orders");
    await suite.rows().nth(2).waitFor();
    await suite.rows().nth(3).waitFor({ state: "detached" });
    await first.click();
    assert.match(
      (await suite.page.locator(".whole p").first().textContent())!,
      /^stream orders _index orders/,
    );
    await suite.fitsEveryone("all-streams");
    await link("Surrounding documents").click();
    await suite.page.locator(".around .chosen").waitFor();
    assert.match(suite.page.url(), /stream=\*|stream=%2A/);
    assert.equal(await suite.page.locator(".around .row").count(), 6);

    await suite.page.locator(".around .chosen .whole a", { hasText: "orders" }).click();
    await suite.page.locator("h1", { hasText: "orders" }).waitFor();
    await suite.page.locator(".around .chosen", { hasText: "orders says 1" }).waitFor();
    assert.equal(await suite.page.locator(".around .row").count(), 3);
  });

  it("has a column of streams, and a list of them with their counts in place of the rooms", async () => {
    await suite.go("?stream=*&col=n");
    await suite.rows().nth(5).waitFor();
    const heads = await suite.page.locator(".columns thead th").allTextContents();
    assert.deepEqual(heads.slice(0, 2), ["Time", "Stream"]);

    await link("Streams").click();

    const row = suite.page.getByRole("row", { name: /^web 3 3 0 0 0/ });
    await row.waitFor();
    assert.equal(await suite.page.getByRole("row").count(), 3);
    await suite.fitsEveryone("all-streams-list");
    await row.getByRole("link", { name: "Pipeline of web", exact: true }).focus();
    await suite.page.keyboard.press("Enter");
    await suite.page.locator(".rooms").waitFor();
    assert.equal(await suite.page.locator("h1").textContent(), "web");
  });

  it("keeps the counts of the list up to date with one question, while records come without a pause and answers are slow", async () => {
    await suite.page.route("**/api/streams*", async (route) => {
      await new Promise((late) => setTimeout(late, 600));
      await route.fallback().catch(() => {});
    });
    let sent = 3;
    const coming = setInterval(() => {
      sent += 1;
      suite.dashboard.settle();
    }, 50);
    try {
      accepted = () => sent;
      const asked = new Set<string>();
      suite.page.on("request", (request) => asked.add(new URL(request.url()).pathname));
      await suite.go("?stream=*&view=pipeline");
      const count = suite.page.locator(".streams td").first();
      const first = await count.textContent();
      await count.filter({ hasNotText: new RegExp(`^${first}$`) }).waitFor();

      assert.ok(Number(await count.textContent()) > Number(first));
      assert.ok(!asked.has("/api/status"));
    } finally {
      clearInterval(coming);
    }
  });

  it("says of a stream into a bucket that its records are not searched, and shows its objects", async () => {
    await suite.go("?stream=archive");
    const note = suite.page.locator(".banner.info");
    await note.waitFor();
    assert.match((await note.textContent())!, /^This stream delivers into a bucket\./);
    assert.equal(await suite.page.getByRole("search").count(), 0);

    await suite.page.locator(".objects li a", { hasText: "archive/" }).click();
    await suite.page.locator(".objects li a", { hasText: "web-1" }).click();
    await suite.page.getByText('{"message":"kept"}').waitFor();
    assert.match(suite.page.url(), /key=archive/);
    await suite.fitsEveryone("bucket-stream");
    await suite.page.locator("nav[aria-label=Views] a", { hasText: "Pipeline" }).click();
    const rooms = suite.page.getByRole("region", { name: "The walk of a record", exact: true });
    await rooms.getByText("s3://logs-archive", { exact: true }).waitFor();
    assert.equal(await suite.page.getByRole("heading", { name: "Indices", exact: true }).count(), 0);
    assert.match((await suite.page.locator(".sum").textContent())!, /accepted = \d+delivered \+/);
    await suite.fitsEveryone("bucket-pipeline");
    await suite.page.locator("nav[aria-label=Views] a", { hasText: "Explore" }).click();
    await note.getByRole("link", { name: "Where is it?", exact: true }).click();
    await suite.page.locator("nav a[aria-current=page]", { hasText: "Where is it?" }).waitFor();
  });

  it("says which streams there are where the address has another, and leads to the first", async () => {
    await suite.go("?stream=nonesuch");
    await suite.page
      .getByRole("alert")
      .filter({ hasText: "there is no stream nonesuch; there are web," })
      .waitFor();
    await suite.page.locator(".connection.lost").waitFor();

    assert.deepEqual(await suite.page.getByRole("alert").count(), 1);
    assert.equal(await streamChoice().inputValue(), "");
    await suite.fitsEveryone("no-stream");
    await link("Show the first stream").click();
    await suite.page.locator("h1", { hasText: "web" }).waitFor();
    assert.equal(await streamChoice().inputValue(), "web");
  });
});
