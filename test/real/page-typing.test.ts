/** Times, hints and completion in a real browser. */
import assert from "node:assert/strict";
import { pageOverServer } from "./page-over-server";

/** Types into the box of this name as soon as there is one. */
const typeAtOnce = (name: string) => `
  new MutationObserver((_changes, observer) => {
    const label = [...document.querySelectorAll("label")].find(({ textContent }) => textContent.trim() === "${name}");
    if (!label) return;
    observer.disconnect();
    label.control.value = "-5m";
    label.control.dispatchEvent(new Event("input", { bubbles: true }));
  }).observe(document, { childList: true, subtree: true });
`;

describe("what is typed into the page, in a browser", () => {
  const suite = pageOverServer();
  const from = () => suite.page.getByLabel("From", { exact: true });
  const minuteMs = 60_000;

  it("keeps what is typed before the page has drawn its first frame", async () => {
    for (const [search, box] of [
      ["?range=all", "Query"],
      ["?view=whereabouts", "Text or id"],
      ["?from=-15m&to=now", "From"],
    ] as const) {
      await suite.open();
      await suite.page.addInitScript(typeAtOnce(box));
      await suite.go(search);
      await suite.connected();
      await suite.calm();

      assert.equal(await suite.page.getByLabel(box, { exact: true }).inputValue(), "-5m");
    }
  });

  it("takes typed times, keeps them in the address as they were typed, and says what is none or crossed", async () => {
    const now = Date.now();
    for (const minutes of [1, 10, 30])
      suite.dashboard.searcher.add('{"message":"bye"}', now - minutes * minuteMs);
    await suite.go("?from=-15m&to=now");
    await suite.shows("[data-total]", "2");
    assert.equal(await from().inputValue(), "-15m");

    await from().fill("-5m");
    await suite.page.keyboard.press("Enter");
    await suite.shows("[data-total]", "1");
    assert.match(suite.page.url(), /from=-5m&to=now/);
    await from().fill("soon");
    await suite.page.keyboard.press("Enter");
    await suite.page.locator("#time-problem", { hasText: "“soon” is no time" }).waitFor();
    await suite.shows("[data-total]", "1");
    await from().fill("now");
    await suite.page.getByLabel("To", { exact: true }).fill("-20m");
    await suite.page.keyboard.press("Enter");
    await suite.page.locator("#time-problem", { hasText: "The ends are crossed" }).waitFor();
    await suite.fitsEveryone("crossed");
    await suite.page.getByRole("button", { name: "Swap them" }).click();

    await suite.shows("[data-total]", "2");
    assert.equal(await from().inputValue(), "-20m");
  });

  it("says what was likely meant, and asks it at a click", async () => {
    for (const status of [500, 200]) suite.dashboard.searcher.add(JSON.stringify({ message: "bye", status }));
    await suite.go("?q=status = 500");
    await suite.page.locator(".meant", { hasText: "joined by a colon" }).waitFor();
    await suite.fitsEveryone("hint");

    await suite.page.getByRole("button", { name: "status:500" }).click();
    await suite.shows("[data-total]", "1");
    assert.equal(await suite.page.locator(".meant").count(), 0);
    await suite.ask("statsu:500");
    await suite.page.locator(".meant button", { hasText: "status:500" }).waitFor();
  });

  it("offers fields, values and the last queries", async () => {
    suite.dashboard.searcher.add('{"message":"bye","status":500}');
    await suite.go();
    await suite.shows("[data-total]", "1");
    const offered = () =>
      suite.page.evaluate<string[]>(
        "[...document.querySelectorAll('#completions option')].map(({ value }) => value)",
      );

    await suite.page.getByLabel("Query", { exact: true }).fill("bye AND sta");
    await suite.soon(async () => assert.deepEqual(await offered(), ["bye AND status:"]));
    await suite.ask("status:500");
    await suite.shows("[data-total]", "1");
    await suite.page.reload();
    await suite.page.getByLabel("Query", { exact: true }).fill("");
    await suite.page.locator('#completions option[value="status:500"]').waitFor({ state: "attached" });
  });
});
