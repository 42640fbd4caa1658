/** The page under the hands of someone who reads: text to be copied, a line that is cut, and what all this asks the server. */
import assert from "node:assert/strict";
import { statusOf } from "../local/dashboard/dashboard-of-test";
import { pageOverServer } from "./page-over-server";

/** What there is came long before the page: a slow machine's would ask once more for what it has. */
const quietAtFirst = `
  const Source = EventSource;
  window.EventSource = class extends Source {
    set onmessage(listener) {
      let quiet = { quietMs: 3_600_000 };
      super.onmessage = ({ data }) => {
        listener({ data: JSON.stringify({ ...JSON.parse(data), ...quiet }) });
        quiet = {};
      };
    }
    set onerror(listener) { super.onerror = listener; }
  };
`;

describe("the page to someone who reads", () => {
  const suite = pageOverServer();
  const selection = () => suite.page.evaluate<string>("String(getSelection())");
  const connection = (words: string) => suite.page.locator(".connection", { hasText: words }).waitFor();

  beforeEach(() => {
    for (const k of [3, 2, 1])
      suite.dashboard.searcher.add(
        `{"message":"order ${k} was sent to the customer","n":${k}}`,
        Date.now() - 60_000 * k,
      );
  });

  /** Drags from one place of an element's text to another. */
  async function drag(selector: string, from: number, to: number): Promise<void> {
    const { x, y, height } = (await suite.page.locator(selector).first().boundingBox())!;
    const middle = y + height / 2;
    await suite.page.mouse.move(x + from, middle);
    await suite.page.mouse.down();
    await suite.page.mouse.move(x + to, middle, { steps: 4 });
    await suite.page.mouse.up();
  }

  it("lets the text of a row be selected, and opens the document at a click anywhere and by keyboard", async () => {
    await suite.go("?refresh=off");
    await suite.rows().nth(2).waitFor();
    await suite.connected();
    await suite.calm();
    const opened = suite.page.locator(".whole");

    await drag(".documents .message", 2, 160);
    assert.match(await selection(), /^order 1 was/);
    assert.equal(await opened.count(), 0);

    await suite.page.locator(".documents .message").nth(1).click();
    await opened.waitFor();
    assert.equal(await selection(), "");
    await suite.calm();
    await drag(".documents .message", 2, 160);
    await suite.page.locator(".documents .row button").nth(1).focus();
    await suite.page.keyboard.press("Enter");
    await opened.waitFor({ state: "detached" });
    const name = /\d\d:\d\d:\d\d\.\d{3} order 2 was sent to the customer$/;
    assert.equal(await suite.page.getByRole("button", { name, expanded: false }).count(), 1);
  });

  it("keeps the list in its place while text of it is selected", async () => {
    await suite.go();
    await suite.rows().nth(2).waitFor();
    await suite.connected();
    await suite.calm();
    await suite.page.evaluate(
      "getSelection().selectAllChildren(document.querySelector('.documents .message'))",
    );

    suite.dashboard.searcher.add('{"message":"newer"}', Date.now());
    suite.dashboard.status = statusOf({ accepted: 4, indexed: 4, backedUp: 4 });
    suite.dashboard.settle();

    await suite.page.getByRole("button", { name: "1 new, show them" }).waitFor();
    assert.match(await selection(), /^order 1 was/);
    await suite.page.getByRole("button", { name: "1 new, show them" }).click();
    await suite.rows().first().filter({ hasText: "newer" }).waitFor();
  });

  it("does not say that it is connected where the line is cut and the open stream does not tell", async () => {
    await suite.go();
    await connection("Connected");

    await suite.page.context().setOffline(true);
    await connection("Disconnected");

    await suite.page.context().setOffline(false);
    await connection("Connected");
    await suite.rows().nth(2).waitFor();
  });

  it("gives a query of the stream's own panels as its example", async () => {
    await suite.go();
    await suite.page.getByPlaceholder("Search, such as message:bye", { exact: true }).waitFor();
  });

  it("asks each thing once, and again for what is another", async () => {
    const asked: string[] = [];
    suite.page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith("/api/")) asked.push(pathname.slice("/api/".length));
    });
    /** What was asked since the last time, when nothing has been asked for two events of the live stream. */
    async function calls(): Promise<string[]> {
      await suite.calm();
      for (let events = 0; events < 2; events += 1) {
        suite.dashboard.settle();
        await suite.page.waitForTimeout(300);
      }
      return asked.splice(0).sort();
    }
    await suite.page.addInitScript(quietAtFirst);
    // Twice in a minute a range that moves is asked for again.
    await suite.go("?range=all");
    await suite.connected();
    await suite.rows().nth(2).waitFor();
    const first = await calls();
    const once = ["fields", "indices", "live", "panels", "plan", "search", "streams"];
    assert.deepEqual(
      first.filter((path) => path !== "histogram"),
      once,
    );

    await suite.ask("order");
    await suite.page.locator(".row mark").first().waitFor();
    assert.deepEqual(
      (await calls()).filter((path) => path !== "histogram"),
      ["fields", "search"],
    );
    await suite.rows().first().click();
    await suite.page.getByRole("button", { name: "n as a column" }).click();
    await suite.page.locator("th .by").waitFor();
    assert.deepEqual(await calls(), []);
    await suite.page.locator("th .by").click();
    assert.deepEqual(await calls(), ["search"]);
  });

  it("stands still while nobody can see it, and shows what came when it is seen again", async () => {
    await suite.page.addInitScript(quietAtFirst);
    await suite.go("?range=all");
    await suite.connected();
    await suite.shows("[data-total]", "3");
    await suite.calm();
    const hide = (hidden: boolean) =>
      suite.page.evaluate(
        `Object.defineProperty(document, "hidden", { value: ${hidden}, configurable: true })`,
      );
    await hide(true);
    let asked = 0;
    suite.page.on("request", () => {
      asked += 1;
    });
    suite.dashboard.searcher.add('{"message":"newer"}', Date.now());
    suite.dashboard.status = statusOf({ accepted: 4, indexed: 4, backedUp: 4 });
    suite.dashboard.settle();
    await suite.page.waitForTimeout(700);
    assert.equal(asked, 0);

    await hide(false);
    await suite.shows("[data-total]", "4");
  });
});
