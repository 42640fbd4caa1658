/** The page over a server whose answers the test chooses: a list of documents in memory, any status, a bucket folder. */
import { DashboardOfTest, statusOf } from "../local/dashboard/dashboard-of-test";
import { needs } from "./needs";
import { launchBrowser, missingBrowser } from "./page-run";
import { PageTab } from "./page-tab";

export class PageOverServer extends PageTab {
  dashboard!: DashboardOfTest;

  get url(): string {
    return this.dashboard.url;
  }
}

/** Within a `describe`: a server and a tab for each test. Without a browser the suite is skipped, on CI it fails. */
export function pageOverServer(): PageOverServer {
  const suite = new PageOverServer();
  before(async function () {
    needs(this, missingBrowser());
    suite.browser = await launchBrowser();
  });
  after(() => suite.browser?.close());
  beforeEach(async () => {
    suite.dashboard = await new DashboardOfTest().start();
    suite.dashboard.status = statusOf({ accepted: 3, indexed: 3, backedUp: 3 });
    await suite.open();
  });
  afterEach(async () => {
    try {
      await suite.close();
    } finally {
      await suite.dashboard.close();
    }
  });
  return suite;
}
