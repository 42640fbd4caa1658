/** What every suite of the page begins with: the program, a browser, and a fresh tab for each test. */
import assert from "node:assert/strict";
import { source as axeSource } from "axe-core";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { needs } from "./needs";
import { launchBrowser, missingBrowser, ProgramRun } from "./page-run";

export class PageSuite {
  program = new ProgramRun();
  browser!: Browser;
  page!: Page;
  /** What no page of ours may cause: errors, dialogs, requests to other origins, a broken policy. */
  private faults: string[] = [];

  /** Another tab in the place of the one there is. */
  async open(options: BrowserContextOptions = {}): Promise<void> {
    await this.page?.context().close();
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    this.page = await context.newPage();
    this.faults = [];
    this.page.on("pageerror", (error) => this.faults.push(String(error)));
    this.page.on("dialog", (dialog) => this.faults.push(dialog.message()));
    this.page.on("request", (request) => {
      if (!request.url().startsWith(this.program.url)) this.faults.push(request.url());
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
    await this.page.goto(`${this.program.url}/${search}`);
  }

  panel(title: string): Locator {
    return this.page.locator(`[data-panel="${title}"]`);
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

  async ask(query: string): Promise<void> {
    await this.page.getByLabel("Query").fill(query);
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

  async send(documents: readonly string[]): Promise<void> {
    await this.program.send(documents);
    await this.program.settled();
  }
}

/** Within a `describe`: starts and ends all of it. Without a browser the suite is skipped, on CI it fails. */
export function pageSuite(): PageSuite {
  const suite = new PageSuite();
  before(async function () {
    needs(this, missingBrowser());
    await suite.program.start();
    suite.browser = await launchBrowser();
  });
  after(async () => {
    await suite.browser?.close();
    await suite.program.remove();
  });
  beforeEach(() => suite.open());
  afterEach(() => suite.close());
  return suite;
}
