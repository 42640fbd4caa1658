/** What every suite of the page begins with: the program, a browser, and a fresh tab for each test. */
import type { Locator } from "playwright-core";
import { needs } from "./needs";
import { launchBrowser, missingBrowser, ProgramRun } from "./page-run";
import { PageTab } from "./page-tab";

export class PageSuite extends PageTab {
  program = new ProgramRun();

  get url(): string {
    return this.program.url;
  }

  panel(title: string): Locator {
    return this.page.locator(`[data-panel="${title}"]`);
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
