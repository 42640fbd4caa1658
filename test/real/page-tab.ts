/** A tab of a real browser on the page, and what no page of ours may cause. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { source as axeSource } from "axe-core";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";

const shots = process.env["PAGE_SHOTS"];

export abstract class PageTab {
  browser!: Browser;
  page!: Page;
  /** Errors, dialogs, requests to other origins, a broken policy. */
  private faults: string[] = [];

  /** Address of the page. */
  abstract get url(): string;

  /** Another tab in the place of the one there is. */
  async open(options: BrowserContextOptions = {}): Promise<void> {
    await this.page?.context().close();
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    this.page = await context.newPage();
    this.faults = [];
    this.page.on("pageerror", (error) => this.faults.push(String(error)));
    this.page.on("dialog", (dialog) => this.faults.push(dialog.message()));
    this.page.on("request", (request) => {
      if (!request.url().startsWith(this.url)) this.faults.push(request.url());
    });
    this.page.on("console", (message) => {
      if (/Content Security Policy/.test(message.text())) this.faults.push(message.text());
    });
  }

  async close(): Promise<void> {
    await this.page.context().close();
    assert.deepEqual(this.faults, []);
  }

  async go(search = ""): Promise<void> {
    await this.page.goto(`${this.url}/${search}`);
  }

  rows(): Locator {
    return this.page.locator(".documents .row");
  }

  /** Waits until the text of an element is this one. */
  async shows(selector: string, text: string): Promise<void> {
    await this.page
      .locator(selector)
      .and(this.page.getByText(text, { exact: true }))
      .first()
      .waitFor();
  }

  /** Waits until nothing of the page waits for an answer. */
  async calm(): Promise<void> {
    // By locators: the page's policy allows nobody to evaluate a text again and again.
    for (const busy of [
      this.page.locator('[aria-busy="true"]'),
      this.page.getByText(/^(Loading…|Searching…)$/),
    ])
      await busy.first().waitFor({ state: "detached" });
  }

  async ask(query: string): Promise<void> {
    await this.page.getByLabel("Query", { exact: true }).fill(query);
    await this.page.keyboard.press("Enter");
  }

  /** What axe finds serious or critical in the page as it is. */
  async findings(): Promise<string[]> {
    await this.page.evaluate(axeSource);
    const found = await this.page.evaluate<string[]>(
      "axe.run().then(({ violations }) => violations.map((one) => [one.impact, one.id, one.nodes[0].html].join(' ')))",
    );
    return found.filter((text) => /^(serious|critical)/.test(text));
  }

  /** A picture for who looks at the tests, where PAGE_SHOTS names a folder. */
  async shoot(name: string): Promise<void> {
    if (shots) await this.page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  }

  /** Nothing to be found by axe in either theme, and nothing cut off in a narrow window. */
  async fitsEveryone(name: string): Promise<void> {
    const { width, height } = this.page.viewportSize()!;
    for (const colorScheme of ["light", "dark"] as const) {
      await this.page.emulateMedia({ colorScheme });
      await this.shoot(`${name}-${colorScheme}`);
      assert.deepEqual(await this.findings(), [], colorScheme);
    }
    await this.page.setViewportSize({ width: 360, height: 800 });
    await this.shoot(`${name}-360`);
    const over = await this.page.evaluate<number>("document.documentElement.scrollWidth");
    await this.page.setViewportSize({ width, height });
    assert.ok(over <= 360, `${over} px wide in a window of 360`);
  }
}
