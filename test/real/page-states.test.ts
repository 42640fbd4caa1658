/** What the page says about answers that are no plain success, over a server whose answers the test chooses. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { failedRecordLines } from "../../firehose/failed-record";
import { DashboardOfTest, statusOf } from "../local/dashboard/dashboard-of-test";
import { needs } from "./needs";
import { launchBrowser, missingBrowser } from "./page-run";

/** Would run if it were ever taken for a part of the page. */
const script = `"><script>window.ran=1</script><img src=x onerror=window.ran=1><svg onload=window.ran=1>`;
const shots = process.env["PAGE_SHOTS"];

describe("the page about answers that are no plain success", function () {
  this.timeout(60_000);
  let browser: Browser;
  let page: Page;
  let dashboard: DashboardOfTest;
  const faults: string[] = [];

  before(async function () {
    needs(this, missingBrowser());
    browser = await launchBrowser();
  });
  after(() => browser?.close());
  beforeEach(async () => {
    faults.length = 0;
    dashboard = await new DashboardOfTest().start();
    dashboard.status = statusOf({ accepted: 3, indexed: 3, backedUp: 3 });
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(20_000);
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("dialog", (dialog) => faults.push(dialog.message()));
    page.on("request", (request) => {
      if (!request.url().startsWith(dashboard.url)) faults.push(request.url());
    });
    page.on("console", (message) => {
      if (/Content Security Policy/.test(message.text())) faults.push(message.text());
    });
  });
  afterEach(async function () {
    if (shots) await page.screenshot({ path: join(shots, `${this.currentTest!.title.slice(0, 30)}.png`) });
    await page.close();
    await dashboard.close();
    assert.deepEqual(faults, []);
  });
  const open = (search = "") => page.goto(`${dashboard.url}/${search}`);

  it("marks a document that has no time of its own, and says what of it is not searchable", async () => {
    dashboard.searcher.add('{"message":"with a time"}');
    const add = (message: string, more: object) =>
      dashboard.searcher.hits.push({
        _index: "example",
        _id: message,
        timestampMs: Date.now(),
        hasOwnTime: true,
        source: JSON.stringify({ message, status: "unknown" }),
        ...more,
      });
    add("arrived", { hasOwnTime: false });
    add("without any", { hasOwnTime: false, timestampMs: 0 });
    add("odd", { ignored: ["status"] });
    await open("?range=all");
    const row = (text: string) => page.locator(".documents .row", { hasText: text });

    await row("odd").click();

    assert.match((await row("arrived").locator("time").textContent())!, / arrival$/);
    assert.match((await row("arrived").locator("time").getAttribute("title"))!, /has no @timestamp$/);
    assert.equal(await row("without any").locator("time").textContent(), "no time");
    assert.doesNotMatch((await row("with a time").locator("time").textContent())!, /arrival/);
    assert.match(
      (await page.locator(".whole .ignored").textContent())!,
      /_ignored status · its value does not fit/,
    );
  });

  it("says that an answer is a part where the time ran out", async () => {
    dashboard.searcher.add('{"message":"bye"}');
    const { searcher } = dashboard;
    const whole = searcher.search.bind(searcher);
    searcher.search = async (request, patience) => ({ ...(await whole(request, patience)), timedOut: true });

    await open("?q=message:/.*dead.*/");
    await open("?q=bye");

    await page.getByText("This is a part of the answer.").waitFor();
    assert.match((await page.locator(".histogram h2").textContent())!, /^at least 1 document/);
  });

  it("says since when the line is held, and why", async () => {
    const { rooms } = statusOf();
    dashboard.searcher.add("{}");
    dashboard.status = statusOf({
      accepted: 3,
      indexed: 1,
      waiting: 2,
      rooms: {
        ...rooms,
        trouble: "deliver: 2 documents go again after attempt 3: 503 connect ECONNREFUSED 127.0.0.1:9200",
        troubleSinceMs: Date.now() - 300_000,
      },
    });

    await open();

    const banner = page.locator(".banner.warn");
    await banner.waitFor();
    assert.match(
      (await banner.textContent())!,
      /The line is held since [\d:.]+ \(5 min\)\..*connect ECONNREFUSED 127\.0\.0\.1:9200\. What came waits/,
    );
  });

  it("counts what was lost, and still adds up", async () => {
    dashboard.status = statusOf({ accepted: 5, indexed: 3, lost: 2 });

    await open("?view=pipeline");

    await page.locator('[data-count="lost"]').waitFor();
    assert.equal(await page.locator('[data-count="lost"]').textContent(), "2");
    assert.equal(await page.locator(".sum .verdict").textContent(), "adds up");
  });

  it("shows the reason of a failed record beside its data", async () => {
    const key = "failed/processing-failed/web-1";
    mkdirSync(join(dashboard.bucketFolder, "failed", "processing-failed"), { recursive: true });
    const [line] = failedRecordLines([
      {
        attemptsMade: 1,
        arrivalTimestamp: 1,
        errorCode: "Lambda.ProcessingFailedStatus",
        errorMessage: "ProcessingFailed status set for record",
        attemptEndingTimestamp: 1,
        rawData: Buffer.from("torn").toString("base64"),
        lambdaArn: "arn",
      },
    ]).split("\n");
    const withReason = JSON.stringify({ ...JSON.parse(line!), reason: "no JSON at character 1" });
    writeFileSync(join(dashboard.bucketFolder, key), `${withReason}\n`);

    await open(`?view=backup&prefix=failed/processing-failed/&key=${key}`);

    await page.locator(".records .reason").waitFor();
    assert.equal(await page.locator(".records .reason").textContent(), "Reason no JSON at character 1");
  });

  it("runs no script that stands in a document's, a field's, an index's, an object's or an error's text", async () => {
    const name = `${script} name`;
    dashboard.searcher.add(JSON.stringify({ message: script, [name]: script, a: { [script]: [script] } }));
    dashboard.searcher.hits.push({
      _index: script,
      _id: script,
      timestampMs: Date.now(),
      hasOwnTime: false,
      ignored: [name],
      source: JSON.stringify({ [script]: script }),
    });
    const file = script.replaceAll("/", "");
    writeFileSync(join(dashboard.bucketFolder, file), script);
    const failure = { records: 1, errorCode: script, errorMessage: script, atMs: 1 };
    dashboard.failures.push({ key: file, ...failure });
    const line = { ...failure, reason: script, rawData: Buffer.from(script).toString("base64") };
    writeFileSync(join(dashboard.bucketFolder, "failed-1"), `${JSON.stringify(line)}\n`);
    const { rooms } = statusOf();
    dashboard.status = statusOf({ accepted: 2, indexed: 2, failed: 0, rooms: { ...rooms, trouble: script } });
    const parameter = encodeURIComponent(script);

    await open("?range=all");
    await page.locator(".documents .row").nth(1).waitFor();
    await page.locator(".fields summary").nth(2).waitFor();
    for (const row of await page.locator(".documents .row").all()) await row.click();
    for (const field of await page.locator(".fields summary").all()) await field.click();
    await page.locator(".fields details[open] .value").first().click();
    await page.getByLabel("Index").focus();
    for (const search of [
      `?q=${parameter}`,
      `?q="${parameter}`,
      `?index=${parameter}`,
      "?view=pipeline",
      "?view=backup",
      `?view=backup&key=${encodeURIComponent(file)}`,
      "?view=backup&key=failed-1",
      `?view=backup&prefix=${parameter}/`,
      `?view=${parameter}&range=${parameter}&refresh=${parameter}`,
    ]) {
      await open(search);
      await page.locator("#app main").waitFor();
      await page.waitForLoadState("load");
      await page.locator(".banner.warn", { hasText: "window.ran" }).waitFor();
    }

    await page.locator(".banner.warn", { hasText: "<script>" }).waitFor();
    assert.equal(await page.evaluate("window.ran"), undefined);
    assert.equal(await page.locator("#app img[src=x], #app script, #app svg[onload]").count(), 0);
  });
});
