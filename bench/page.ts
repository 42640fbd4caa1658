/**
 * The page over many documents, in a real browser: `npm run bench -- page [documents] [--data FOLDER]` (1,000,000). The
 * index is filled directly; a folder that holds one already is taken as it is, and kept.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { startRun } from "../engines/local-run";
import { openEmbeddedIndex } from "../local/search/embedded-index";
import { usageOf } from "./process-usage";
import { fill } from "./search";
import { RequestDocuments, template } from "./search-documents";

const chromiumPath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const hourMs = 3_600_000;

export async function run(args: string[]): Promise<void> {
  if (!existsSync(chromiumPath)) {
    console.log(`no browser at ${chromiumPath} (Debian's package chromium, or set CHROMIUM)`);
    return;
  }
  const given = args.includes("--data") ? args[args.indexOf("--data") + 1] : undefined;
  const data = given ?? mkdtempSync(join(tmpdir(), "page-bench-"));
  try {
    if (given === undefined) await fillFolder(data, Number(args[0] ?? 1_000_000));
    await overFolder(data);
  } finally {
    if (given === undefined) rmSync(data, { recursive: true, force: true });
  }
}

async function fillFolder(data: string, documents: number): Promise<void> {
  const index = await openEmbeddedIndex({ file: join(data, "index.sqlite"), panels: [], template });
  await fill(index, new RequestDocuments(Date.now() - hourMs, true), documents);
  await index.close();
}

async function overFolder(data: string): Promise<void> {
  const server = startRun({ data, set: ["processor=identity"] });
  let browser: Browser | undefined;
  try {
    const { dashboard } = await server.ready;
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: ["--no-sandbox", "--disable-gpu"],
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(300_000);
    await measure(page, dashboard, server.child.pid!);
  } finally {
    await browser?.close();
    server.child.kill("SIGTERM");
    await server.ended;
  }
}

/** Each step until the page shows its answer; the CPU time is the server's. */
async function measure(page: Page, url: string, pid: number): Promise<void> {
  const figures: Record<string, { "wall ms": number; "server CPU ms": number; answer: string }> = {};
  const step = async (name: string, act: () => Promise<unknown>) => {
    const before = usageOf(pid).cpuSeconds;
    const startMs = performance.now();
    await act();
    await page.locator("[data-total]").waitFor();
    await page.locator(".documents[aria-busy=false] .row").first().waitFor();
    await page.locator(".histogram[aria-busy=false]").waitFor();
    const wallMs = performance.now() - startMs;
    const cpuMs = (usageOf(pid).cpuSeconds - before) * 1000;
    const isPart = await page.locator(".part, main > .banner.warn").count();
    figures[name] = {
      "wall ms": Math.round(wallMs),
      "server CPU ms": Math.round(cpuMs),
      answer: isPart > 0 ? "a part, as the time was over" : "whole",
    };
  };
  const ask = (query: string) => async () => {
    await page.getByLabel("Query", { exact: true }).fill(query);
    await page.keyboard.press("Enter");
    await page.waitForURL((at) => at.searchParams.get("q") === query);
  };
  await step("page, first time", () => page.goto(`${url}/?range=all&refresh=off`));
  await step("page, again", () => page.reload());
  const paints = "performance.getEntriesByName('first-contentful-paint')[0].startTime";
  const paintMs = await page.evaluate<number>(paints);
  await step("word of one in eight", ask("checkout"));
  await step("same word again", () => page.getByRole("button", { name: "Search", exact: true }).click());
  await step("filter by a number", ask("status:>=500"));
  await step("column", () => page.goto(`${url}/?range=all&refresh=off&col=bytes`));
  await step("column, sorted", () =>
    page
      .getByRole("columnheader", { name: /^bytes/ })
      .getByRole("button", { name: "bytes", exact: true })
      .click(),
  );
  await step("chart of a field", async () => {
    await page.goto(`${url}/?range=all&refresh=off&chart=host`);
    await page.locator(".chart .bars").waitFor();
  });
  await step("chart of a number", async () => {
    await page.goto(`${url}/?range=all&refresh=off&chart=bytes`);
    await page.locator(".chart .plot").waitFor();
  });
  const total = await page.locator("[data-total]").textContent();
  console.log(`${total} documents; first paint after ${Math.round(paintMs)} ms`);
  console.table(figures);
  await histogramAlone(url);
}

/** What the page asks for its bars, by itself. */
async function histogramAlone(url: string): Promise<void> {
  for (const q of ["", "checkout"]) {
    const startMs = performance.now();
    const answer = await fetch(`${url}/api/histogram?intervalMs=60000&q=${q}`);
    await answer.arrayBuffer();
    console.log(`histogram of ${q || "all"}: ${Math.round(performance.now() - startMs)} ms`);
  }
}
