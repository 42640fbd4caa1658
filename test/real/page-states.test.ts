/** What the page says about answers that are no plain success, over a server whose answers the test chooses. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { failedRecordLines } from "../../firehose/failed-record";
import { heldStatus, statusOf } from "../local/dashboard/dashboard-of-test";
import { pageOverServer } from "./page-over-server";

/** Would run if it were ever taken for a part of the suite.page. */
const script = `"><script>window.ran=1</script><img src=x onerror=window.ran=1><svg onload=window.ran=1>`;

describe("the page about answers that are no plain success", () => {
  const suite = pageOverServer();

  it("marks a document that has no time of its own, and says what of it is not searchable", async () => {
    suite.dashboard.searcher.add('{"message":"with a time"}');
    const add = (message: string, more: object) =>
      suite.dashboard.searcher.hits.push({
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
    await suite.go("?range=all");
    const row = (text: string) => suite.page.locator(".documents .row", { hasText: text });

    await row("odd").click();

    assert.match((await row("arrived").locator("time").textContent())!, / arrival$/);
    assert.match((await row("arrived").locator("time").getAttribute("title"))!, /has no @timestamp$/);
    assert.equal(await row("without any").locator("time").textContent(), "no time");
    assert.doesNotMatch((await row("with a time").locator("time").textContent())!, /arrival/);
    assert.match(
      (await suite.page.locator(".whole .ignored").textContent())!,
      /_ignored status · its value does not fit/,
    );
  });

  it("says that an answer is a part where the time ran out", async () => {
    suite.dashboard.searcher.add('{"message":"bye"}');
    const { searcher } = suite.dashboard;
    const whole = searcher.search.bind(searcher);
    searcher.search = async (request, patience) => ({ ...(await whole(request, patience)), timedOut: true });

    await suite.go("?q=message:/.*dead.*/");
    await suite.go("?q=bye");

    await suite.page.getByText("This is a part of the answer.").waitFor();
    assert.match((await suite.page.locator(".histogram h2").textContent())!, /^at least 1 document/);
  });

  it("opens a book-sized document, keeps its lines and the names beside it, and counts what is dated far ahead", async () => {
    const book = "lorem ipsum ".repeat(75_000);
    suite.dashboard.searcher.add(JSON.stringify({ message: book, stack: "Error: x\n    at f\n    at g" }));
    suite.dashboard.searcher.add('{"message":"lorem ahead"}', Date.UTC(9999, 0, 1));
    await suite.go("?q=lorem&range=all");

    await suite.page.locator(".documents .row").nth(1).click();
    const { page } = suite;
    const stack = page.locator(".values tr", { has: page.getByRole("rowheader", { name: "stack" }) });

    // biome-ignore lint/performance/useDomNodeTextContent: it is asked how the text is laid out
    assert.equal(await stack.locator("td").last().innerText(), "Error: x\n    at f\n    at g");
    assert.ok((await stack.locator("th").boundingBox())!.width > 100, "the names stand upright");
    assert.ok((await page.locator(".whole mark").count()) <= 1_000);
    await page.locator(".histogram .hint", { hasText: / · 1 dated later$/ }).waitFor();
  });

  it("is dark on white on paper, whatever its theme, with all of an opened document and nothing to press", async () => {
    suite.dashboard.searcher.add(JSON.stringify({ message: "one", lines: "line\n".repeat(200) }));
    await suite.go();
    await suite.page.getByRole("combobox", { name: "Theme", exact: true }).selectOption("dark");
    await suite.rows().first().click();
    const whole = suite.page.locator(".whole pre");
    await whole.waitFor();
    const style = (name: string) =>
      whole.evaluate((element, of) => element.ownerDocument.defaultView.getComputedStyle(element)[of], name);
    await suite.soon(async () => assert.equal(await style("color"), "rgb(230, 235, 236)"));

    await suite.page.emulateMedia({ media: "print" });

    await suite.soon(async () => assert.equal(await style("color"), "rgb(27, 35, 38)"));
    assert.equal(await style("maxHeight"), "none");
    assert.equal(await suite.page.locator(".acts").first().isVisible(), false);
    assert.equal(await suite.page.getByRole("navigation").isVisible(), false);
  });

  it("says since when the line is held, and why", async () => {
    suite.dashboard.searcher.add("{}");
    suite.dashboard.status = heldStatus();

    await suite.go();

    const banner = suite.page.locator(".banner.warn");
    await banner.waitFor();
    assert.match(
      (await banner.textContent())!,
      /The line is held since [\d:.]+ \([\d.]+ min\)\..*connect ECONNREFUSED 127\.0\.0\.1:9200\. What came waits/,
    );
  });

  it("counts what was lost, and still adds up; says what became of the probe", async () => {
    const newest = { latencySeconds: 130, lastSeen: "2026-03-01T09:00:00.000Z" };
    const probe = { sent: 3, arrived: 2, lost: 1, ...newest, problem: "none came for 2 minutes" };
    suite.dashboard.status = { ...statusOf({ accepted: 5, indexed: 3, lost: 2 }), probe };

    await suite.go("?view=pipeline");

    await suite.page.locator('[data-count="lost"]').waitFor();
    assert.equal(await suite.page.locator('[data-count="lost"]').textContent(), "2");
    assert.equal(await suite.page.locator(".sum .verdict").textContent(), "adds up");
    const card = suite.page.getByRole("region", { name: "Probe", exact: true });
    assert.match((await card.textContent())!, /3 sent, 2 arrived in time, 1 lost; .*130 s old: none came/);
    assert.ok((await card.boundingBox())!.width > 300, "it is on the page");
    await suite.fitsEveryone("probe");
  });

  it("shows the reason of a failed record beside its data", async () => {
    const key = "failed/processing-failed/web-1";
    mkdirSync(join(suite.dashboard.bucketFolder, "failed", "processing-failed"), { recursive: true });
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
    writeFileSync(join(suite.dashboard.bucketFolder, key), `${withReason}\n`);

    await suite.go(`?view=backup&prefix=failed/processing-failed/&key=${key}`);

    await suite.page.locator(".records .reason").waitFor();
    assert.equal(await suite.page.locator(".records .reason").textContent(), "Reason no JSON at character 1");
  });

  it("runs no script that stands in a document's, a field's, an index's, an object's or an error's text", async () => {
    const name = `${script} name`;
    suite.dashboard.searcher.add(
      JSON.stringify({ message: script, [name]: script, a: { [script]: [script] } }),
    );
    suite.dashboard.searcher.hits.push({
      _index: script,
      _id: script,
      timestampMs: Date.now(),
      hasOwnTime: false,
      ignored: [name],
      source: JSON.stringify({ [script]: script }),
    });
    const file = script.replaceAll("/", "");
    writeFileSync(join(suite.dashboard.bucketFolder, file), script);
    const failure = { records: 1, errorCode: script, errorMessage: script, atMs: 1 };
    suite.dashboard.failures.push({ key: file, ...failure });
    const line = { ...failure, reason: script, rawData: Buffer.from(script).toString("base64") };
    writeFileSync(join(suite.dashboard.bucketFolder, "failed-1"), `${JSON.stringify(line)}\n`);
    const { rooms } = statusOf();
    suite.dashboard.status = statusOf({
      accepted: 2,
      indexed: 2,
      failed: 0,
      rooms: { ...rooms, trouble: script },
    });
    const parameter = encodeURIComponent(script);

    await suite.go("?range=all");
    await suite.page.locator(".documents .row").nth(1).waitFor();
    await suite.page.locator(".fields summary").nth(2).waitFor();
    for (const row of await suite.page.locator(".documents .row").all()) await row.click();
    for (const field of await suite.page.locator(".fields summary").all()) await field.click();
    await suite.page.locator(".fields details[open] .value").first().click();
    await suite.page.getByRole("combobox", { name: "Index" }).focus();
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
      await suite.go(search);
      await suite.page.locator("#app main").waitFor();
      await suite.page.waitForLoadState("load");
      await suite.page.locator(".banner.warn", { hasText: "window.ran" }).waitFor();
    }

    await suite.page.locator(".banner.warn", { hasText: "<script>" }).waitFor();
    assert.equal(await suite.page.evaluate("window.ran"), undefined);
    assert.equal(await suite.page.locator("#app img[src=x], #app script, #app svg[onload]").count(), 0);
  });
});
