/** What the page says about a query that runs, and about what went wrong. */
import assert from "node:assert/strict";
import type { HitPage, Patience, SearchRequest } from "../../local/rooms";
import { heldStatus, statusOf } from "../local/dashboard/dashboard-of-test";
import { pageOverServer } from "./page-over-server";

describe("the page about what goes on", () => {
  const suite = pageOverServer();
  const total = () => suite.page.locator(".histogram h2");

  /** Every search waits until it is aborted or `answer` is called; returns how many were aborted. */
  function holdSearches() {
    const { searcher } = suite.dashboard;
    const search = searcher.search.bind(searcher);
    const held = { aborted: 0, asked: 0, answer: () => {} };
    const answered = new Promise<void>((resolve) => {
      held.answer = resolve;
    });
    searcher.search = async (request: SearchRequest, patience?: Patience): Promise<HitPage> => {
      held.asked += 1;
      const aborted = new Promise<never>((_resolve, reject) => {
        patience?.signal?.addEventListener("abort", () => {
          held.aborted += 1;
          reject(patience.signal?.reason);
        });
      });
      await Promise.race([answered, aborted]);
      return search(request, patience);
    };
    return held;
  }

  it("shows no number before there is an answer, and that the query runs", async () => {
    suite.dashboard.searcher.add('{"message":"bye"}');
    const held = holdSearches();

    await suite.go();
    await suite.page.getByRole("button", { name: "Stop" }).waitFor();

    assert.equal(await total().textContent(), "Searching…");
    assert.equal(await suite.page.locator("[data-total]").count(), 0);
    assert.match((await suite.page.locator(".documents").textContent())!, /Searching…/);
    held.answer();
    await suite.shows("[data-total]", "1");
    await suite.page.getByRole("button", { name: "Stop" }).waitFor({ state: "detached" });
  });

  it("shows no number of the query before while another one runs", async () => {
    suite.dashboard.searcher.add('{"message":"bye"}');
    await suite.go();
    await suite.shows("[data-total]", "1");
    const held = holdSearches();

    await suite.ask("hello");
    await suite.page.getByRole("button", { name: "Stop" }).waitFor();

    assert.equal(await total().textContent(), "Searching…");
    held.answer();
    await suite.shows("[data-total]", "0");
  });

  it("stops a query, at the server too, and asks again when told", async () => {
    suite.dashboard.searcher.add('{"message":"bye"}');
    const held = holdSearches();
    await suite.go("?q=bye");

    await suite.page.getByRole("button", { name: "Stop" }).click();
    await suite.page.getByText("Stopped before there was an answer.").waitFor();

    assert.equal(await total().textContent(), "Stopped");
    while (held.aborted === 0) await suite.page.waitForTimeout(20);
    await suite.fitsEveryone("stopped");
    const { asked } = held;
    held.answer();
    await suite.page.locator(".documents").getByRole("button", { name: "Search again" }).click();
    await suite.shows("[data-total]", "1");
    assert.ok(held.asked > asked);
  });

  it("says that the panels follow neither the time nor the query", async () => {
    await suite.go("?q=bye");

    await suite.page
      .locator(".panels", { hasText: "whatever time, query and filters are asked for" })
      .waitFor();
  });

  it("asks the same query again when Search is pressed", async () => {
    await suite.go("?q=bye&refresh=off");
    await suite.shows("[data-total]", "0");
    suite.dashboard.searcher.add('{"message":"bye"}');

    await suite.page.getByRole("button", { name: "Search", exact: true }).click();

    await suite.shows("[data-total]", "1");
  });

  it("says how long the buffers hold records at the most, that of the function and that of the index together", async () => {
    suite.dashboard.status = statusOf({ accepted: 0 });
    await suite.go();
    await suite.page.getByText("is delivered, at the latest 2 s after it came.").waitFor();

    suite.dashboard.status = statusOf({ accepted: 20, waiting: 20 });
    await suite.go();
    await suite.page.getByRole("heading", { name: "20 on the way, none indexed" }).waitFor();
    await suite.page.getByText("Each is handed on by the buffers at the latest 2 s after it came.").waitFor();
  });

  it("says that all failed, with the processor and the reason, instead of that nothing matches", async () => {
    suite.dashboard.status = statusOf({ accepted: 20, failed: 20 });
    addFailure("no JSON at character 1");

    await suite.go("?q=bye");

    await suite.page.getByRole("heading", { name: "20 failed, none indexed" }).waitFor();
    await suite.page.locator(".none-indexed .reason", { hasText: "processor" }).waitFor();
    const text = (await suite.page.locator(".none-indexed").textContent())!;
    assert.match(
      text,
      /Lambda\.ProcessingFailedStatus no JSON at character 1 \(processor firehose-opensearch-dev-map\)/,
    );
    await suite.fitsEveryone("none-indexed");
    await suite.page.getByRole("link", { name: "See what became of them" }).click();
    await suite.page.locator(".failures .reason", { hasText: "no JSON at character 1" }).waitFor();
    await suite.fitsEveryone("failures");
  });

  it("says on the view of documents that records begin to fail, and why", async () => {
    suite.dashboard.searcher.add('{"message":"bye"}');
    suite.dashboard.status = statusOf({ accepted: 1, indexed: 1 });
    await suite.go();
    await suite.shows("[data-total]", "1");
    await suite.connected();
    assert.equal(await suite.page.locator(".failing").count(), 0);

    addFailure("no JSON at character 1");
    suite.dashboard.status = statusOf({ accepted: 3, indexed: 1, failed: 2 });
    suite.dashboard.settle();

    const banner = suite.page.locator(".failing", { hasText: "no JSON at character 1" });
    await banner.waitFor();
    assert.match((await banner.textContent())!, /^2 records failed in the last five minutes\./);
    await suite.fitsEveryone("failing");
  });

  it("shows an outage of the destination: what, why, which attempt, since when, and nothing of it in green", async () => {
    suite.dashboard.status = heldStatus();

    await suite.go("?view=pipeline");

    const banner = suite.page.getByRole("alert");
    await banner.waitFor();
    assert.match(
      (await banner.textContent())!,
      /^The line is held since [\d:.]+ \([\d.]+ min\)\. The destination takes no documents\. .*attempt 3: 503 connect/,
    );
    await suite.shows(".connection", "Held");
    await suite.shows(".verdict", "held");
    assert.equal(await suite.page.locator(".room.good").count(), 0);
    assert.equal(await suite.page.locator(".room.held").count(), 2);
    await suite.fitsEveryone("outage");
  });

  it("names the processor where it holds the line", async () => {
    const { rooms } = statusOf();
    const trouble = "transform: attempt 1 of 4 failed: Error: no";
    suite.dashboard.status = statusOf({ accepted: 1, waiting: 1, rooms: { ...rooms, trouble } });

    await suite.go();

    await suite.page.getByRole("alert").filter({ hasText: "firehose-opensearch-dev-map" }).waitFor();
  });

  it("says with the command of this very run how to send something", async () => {
    await suite.dashboard.close();
    const send = {
      command: "npm run publish -- 1000 --local --data /tmp/x",
      endpoint: "http://127.0.0.1:4573",
    };
    await suite.dashboard.start({ send });
    suite.dashboard.status = statusOf();

    await suite.go();

    await suite.page.getByText(send.command).waitFor();
    await suite.page.getByText(`AWS_ENDPOINT_URL_FIREHOSE=${send.endpoint}`).waitFor();
    await suite.fitsEveryone("first-steps");
    await suite.go("?view=backup");
    await suite.page.getByText(send.command).waitFor();
  });

  function addFailure(errorMessage: string): void {
    const errorCode = "Lambda.ProcessingFailedStatus";
    const key = "failed/processing-failed/web-1";
    suite.dashboard.failures.push({ key, records: 2, errorCode, errorMessage, atMs: Date.now() });
  }
});
