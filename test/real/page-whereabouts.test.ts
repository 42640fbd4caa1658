/** "Where is it?", in a real browser. */
import assert from "node:assert/strict";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RecordBatch } from "../../local/record-batch";
import type { RecordTrail } from "../../local/record-trail";
import { statusOf } from "../local/dashboard/dashboard-of-test";
import { pageOverServer } from "./page-over-server";

const name = "firehose-opensearch-dev-1-2026-03-01-09-00-00-01234567-89ab-cdef-0123-456789abcdef";
const key = `raw/2026/03/01/09/${name}`;

describe("the page's whereabouts in a browser", () => {
  const suite = pageOverServer();
  const box = () => suite.page.getByRole("searchbox", { name: "Text or id", exact: true });
  const verdicts = () => suite.page.locator(".trace .verdict").allTextContents();

  /** Four records: indexed, dropped, failed, waiting. */
  async function fourRecords(): Promise<void> {
    const { dashboard } = suite;
    await dashboard.close();
    const waiting = new RecordBatch(
      4,
      Float64Array.of(Date.now()),
      Uint32Array.of(8),
      Buffer.from("order 4\n"),
    );
    const nothing = new RecordBatch(0, new Float64Array(), new Uint32Array(), Buffer.alloc(0));
    const trail: RecordTrail = {
      epoch: "e",
      hasOwnIds: true,
      lastSeq: 4,
      settledThrough: 3,
      read: (afterSeq) => (afterSeq < 4 ? waiting : nothing),
      backupOf: (asked) => (asked === key ? { key, firstSeq: 1, lastSeq: 3 } : undefined),
      backupWith: (seq) => (seq <= 3 ? { key, firstSeq: 1, lastSeq: 3 } : undefined),
    };
    await dashboard.start({ trail });
    dashboard.status = statusOf({ accepted: 4, indexed: 1, dropped: 1, failed: 1, waiting: 1 });
    dashboard.searcher.hits.push({
      _index: "example-2026-03-01-09",
      _id: "e.1",
      source: '{"message":"bye 1"}',
      timestampMs: Date.now(),
      hasOwnTime: true,
    });
    put(key, "order 1\norder 2\norder 3\n");
    const writtenAt = new Date("2026-03-01T09:01:00Z");
    utimesSync(join(dashboard.bucketFolder, key), writtenAt, writtenAt);
    const rawData = Buffer.from("order 3\n").toString("base64");
    const failed = {
      errorCode: "Lambda.ProcessingFailedStatus",
      errorMessage: "no",
      reason: "no JSON",
      rawData,
    };
    put(`failed/processing-failed/${name}`, `${JSON.stringify({ arrivalTimestamp: 1, ...failed })}\n`);
  }

  function put(at: string, text: string): void {
    mkdirSync(join(suite.dashboard.bucketFolder, at, ".."), { recursive: true });
    writeFileSync(join(suite.dashboard.bucketFolder, at), text);
  }

  it("says by keyboard alone what became of each record that has the text", async () => {
    await fourRecords();
    await suite.go("?view=whereabouts");
    await box().focus();
    await suite.page.keyboard.type("order");
    await suite.page.keyboard.press("Enter");

    await suite.page.getByText("4 records found.", { exact: true }).waitFor();
    assert.deepEqual((await verdicts()).sort(), [
      "Dropped by the processor",
      "Failed",
      "Indexed",
      "On its way",
    ]);
    await suite.page.locator(".trace .reason", { hasText: "no JSON" }).waitFor();
    assert.match(suite.page.url(), /what=order/);
    await suite.fitsEveryone("whereabouts");
    await suite.page.getByRole("link", { name: "example-2026-03-01-09/e.1", exact: true }).click();
    await suite.page.getByRole("heading", { name: "The document", exact: true }).waitFor();
  });

  it("leads from a record to its objects", async () => {
    await fourRecords();
    await suite.go("?view=whereabouts&what=order+3");
    await suite.page.getByRole("link", { name: key, exact: true }).first().click();

    await suite.page.locator(".preview pre", { hasText: "order 3" }).waitFor();
  });

  it("leads there from a search that finds nothing", async () => {
    await fourRecords();
    await suite.go("?q=order&range=all");
    await suite.page.locator(".empty").getByRole("link", { name: "Where is it?", exact: true }).click();

    await suite.page.getByText("4 records found.", { exact: true }).waitFor();
    assert.equal(await box().inputValue(), "order");
  });

  it("shows that it looks, stops at the server too, and looks again when told", async () => {
    await fourRecords();
    const { searcher } = suite.dashboard;
    const search = searcher.search.bind(searcher);
    let aborted = 0;
    searcher.search = (_request, patience) =>
      new Promise((_resolve, reject) => {
        patience?.signal?.addEventListener("abort", () => {
          aborted += 1;
          reject(patience.signal?.reason);
        });
      });
    await suite.go("?view=whereabouts&what=order");

    await suite.page.getByText("Looking…", { exact: true }).waitFor();
    await suite.page.getByRole("button", { name: "Stop", exact: true }).click();
    await suite.page.getByText("Stopped.", { exact: true }).waitFor();
    while (aborted === 0) await suite.page.waitForTimeout(20);
    searcher.search = search;
    await suite.page.getByRole("button", { name: "Look", exact: true }).click();

    await suite.page.getByText("4 records found.", { exact: true }).waitFor();
  });

  it("says what was not looked at, and goes on from there", async () => {
    await fourRecords();
    for (let k = 0; k < 30; k += 1)
      put(key.replace("cdef-0123", `cde${String.fromCharCode(97 + (k % 6))}-${1000 + k}`), `order 9${k}\n`);
    await suite.go("?view=whereabouts&what=order+9");

    await suite.page.getByText("20 records found.", { exact: true }).waitFor();
    await suite.page.locator(".looked .part", { hasText: "not all of it" }).waitFor();
    await suite.page.getByRole("button", { name: "Look further back", exact: true }).click();

    await suite.page.getByText("30 records found.", { exact: true }).waitFor();
  });

  it("lists the objects of a time", async () => {
    await fourRecords();
    await suite.go("?view=whereabouts&from=2026-03-01T08:00:00.000Z&to=2026-03-01T10:00:00.000Z");

    await suite.page.getByRole("heading", { name: "1 object of this time", exact: true }).waitFor();
    await suite.fitsEveryone("whereabouts-time");
  });
});
