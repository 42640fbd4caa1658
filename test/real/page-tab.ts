/** A tab of a real browser on the page, and what no page of ours may cause. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { source as axeSource } from "axe-core";
import type { Browser, BrowserContextOptions, Locator, Page, Request } from "playwright-core";

const shots = process.env["PAGE_SHOTS"];
/** Where PAGE_STRESS is a number, the browser is so many times slower, and each answer up to 400 ms late: races show. */
const stress = Number(process.env["PAGE_STRESS"] ?? 1);

/** Of everything that is waited for: long enough for any machine, and short of the test's own end, which names nothing. */
const patienceMs = 120_000;

export abstract class PageTab {
  browser!: Browser;
  page!: Page;
  /** Errors, dialogs, requests to other origins, a broken policy. */
  private faults: string[] = [];
  /** Questions without an answer yet; the live stream has none. */
  private readonly asked = new Set<Request>();

  /** Address of the page. */
  abstract get url(): string;

  /** Another tab in the place of the one there is. */
  async open(options: BrowserContextOptions = {}): Promise<void> {
    await this.page?.context().close();
    const context = await this.browser.newContext({
      viewport: { width: 1280, height: 900 },
      // What fades in has another contrast at each moment.
      reducedMotion: "reduce",
      ...options,
    });
    context.setDefaultTimeout(patienceMs);
    this.page = await context.newPage();
    this.faults = [];
    this.noteQuestions();
    if (stress > 1) await this.hurt();
    this.page.on("pageerror", (error) => this.faults.push(String(error)));
    this.page.on("dialog", (dialog) => this.faults.push(dialog.message()));
    this.page.on("request", (request) => {
      if (!request.url().startsWith(this.url)) this.faults.push(request.url());
    });
    this.page.on("console", (message) => {
      if (/Content Security Policy/.test(message.text())) this.faults.push(message.text());
    });
  }

  private async hurt(): Promise<void> {
    const client = await this.page.context().newCDPSession(this.page);
    await client.send("Emulation.setCPUThrottlingRate", { rate: stress });
    await this.page.route("**/api/**", async (route) => {
      await new Promise((late) => setTimeout(late, Math.random() * 400));
      await route.fallback().catch(() => {});
    });
  }

  private noteQuestions(): void {
    this.asked.clear();
    this.page.on("request", (request) => {
      // The page that asked is gone.
      if (request.isNavigationRequest()) this.asked.clear();
      if (request.resourceType() !== "eventsource") this.asked.add(request);
    });
    this.page.on("requestfinished", (request) => this.asked.delete(request));
    this.page.on("requestfailed", (request) => this.asked.delete(request));
  }

  async close(): Promise<void> {
    await this.page.context().close();
    assert.deepEqual(this.faults, []);
  }

  async go(search = ""): Promise<void> {
    await this.page.goto(`${this.url}/${search}`);
  }

  /** Waits until the live stream has told something. */
  async connected(): Promise<void> {
    await this.page.locator(".connection.open").waitFor();
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

  /**
   * Waits until what is asserted holds: the page draws an answer when it comes, and one thing after another. Not for
   * what may hold before the act.
   */
  async soon(assess: () => Promise<void> | void): Promise<void> {
    for (const endMs = Date.now() + patienceMs; ; await this.page.waitForTimeout(20)) {
      try {
        return await assess();
      } catch (error) {
        if (!(error instanceof assert.AssertionError) || Date.now() > endMs) throw error;
      }
    }
  }

  /** Waits until all that was asked is answered and drawn, so that nothing of the page moves or is made anew. */
  async calm(): Promise<void> {
    await this.soon(async () => {
      await this.drawn();
      assert.deepEqual(
        [...this.asked].map((request) => request.url()),
        [],
      );
      // By locators: the page's policy allows nobody to evaluate a text again and again.
      for (const busy of [
        this.page.locator('[aria-busy="true"]'),
        this.page.getByText(/^(Loading…|Searching…|Counting…|Looking…)$/),
      ])
        assert.deepEqual(await busy.allTextContents(), []);
    });
  }

  /** Waits until what the page draws after a frame, such as its charts, is drawn. */
  private async drawn(): Promise<void> {
    await this.page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))");
  }

  async ask(query: string): Promise<void> {
    await this.page.getByLabel("Query", { exact: true }).fill(query);
    await this.page.keyboard.press("Enter");
  }

  /** Nothing stands out of a window that is so wide. */
  async isAtMost(width: number): Promise<void> {
    await this.soon(async () => {
      const over = await this.page.evaluate<number>("document.documentElement.scrollWidth");
      assert.ok(over <= width, `${over} px wide in a window of ${width}`);
    });
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
    await this.calm();
    const { width, height } = this.page.viewportSize()!;
    for (const colorScheme of ["light", "dark"] as const) {
      await this.page.emulateMedia({ colorScheme });
      await this.shoot(`${name}-${colorScheme}`);
      assert.deepEqual(await this.findings(), [], colorScheme);
    }
    await this.page.setViewportSize({ width: 360, height: 800 });
    await this.shoot(`${name}-360`);
    await this.isAtMost(360);
    await this.page.setViewportSize({ width, height });
  }
}
