/** The pictures of the page, docs/images/*.png: the program with varied records in a temporary folder. */
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { ProgramRun } from "../test/real/page-run";

interface Picture {
  readonly name: string;
  readonly search: string;
  readonly width: number;
  readonly height: number;
  readonly colorScheme: "light" | "dark";
}

const pictures: readonly Picture[] = [
  { name: "dashboard-light", search: "", width: 1280, height: 900, colorScheme: "light" },
  {
    name: "dashboard-dark",
    search: "?q=message:checkout AND status:[500 TO 599]",
    width: 1280,
    height: 900,
    colorScheme: "dark",
  },
  { name: "dashboard-narrow", search: "", width: 360, height: 900, colorScheme: "light" },
  { name: "pipeline-failures", search: "?view=pipeline", width: 1280, height: 900, colorScheme: "light" },
];

const panels = ["total", "checkout = message:checkout", "errors = status:[500 TO 599]"];

/** A document of a small shop, the same at each run but for its time. */
function shopDocument(k: number, atMs: number): string {
  const page = ["cart", "checkout", "search", "login", "product"][(k * 7) % 5];
  const status = k % 29 === 0 ? 503 : k % 11 === 0 ? 404 : 200;
  return JSON.stringify({
    "@timestamp": new Date(atMs).toISOString(),
    message: `GET /${page} answered ${status}`,
    status,
    took_ms: 5 + ((k * 37) % 240),
    user: { name: ["ada", "grace", "linus", "margaret"][k % 4], country: ["DE", "FR", "JP"][k % 3] },
  });
}

/** About an hour of documents with a wave in them, then some that the index refuses. */
async function fill(program: ProgramRun): Promise<void> {
  const nowMs = Date.now();
  const documents: string[] = [];
  for (let minute = 58; minute >= 0; minute -= 1) {
    const perMinute = Math.round(90 + 60 * Math.sin(minute / 7));
    for (let k = 0; k < perMinute; k += 1) {
      const atMs = nowMs - minute * 60_000 - (k / perMinute) * 55_000;
      documents.push(shopDocument(documents.length, atMs));
    }
  }
  await program.send(documents);
  await program.settled();
  for (const status of ["many", "unknown"]) {
    await program.send([1, 2, 3].map((k) => `{"message":"GET /search ${k}","status":{"was":"${status}"}}`));
    await program.settled();
  }
}

async function take(browser: Browser, url: string, picture: Picture): Promise<void> {
  const { name, search, width, height, colorScheme } = picture;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const page = await context.newPage();
  await page.goto(`${url}/${search}`);
  await page.locator("main .card").nth(3).waitFor();
  if (name === "dashboard-dark") await page.locator(".documents .row").nth(1).click();
  if (name === "dashboard-dark") await page.locator(".fields summary", { hasText: "country" }).click();
  await page.evaluate("scrollTo(0, 0)");
  await page.waitForTimeout(2_000);
  await page.screenshot({ path: join(__dirname, "images", `${name}.png`) });
  await context.close();
}

export async function takeScreenshots(browser: Browser): Promise<void> {
  const set = ["processor=identity", `panels=${JSON.stringify(panels)}`];
  const program = await new ProgramRun().start(set);
  try {
    await fill(program);
    for (const picture of pictures) await take(browser, program.url, picture);
  } finally {
    await program.remove();
  }
}
