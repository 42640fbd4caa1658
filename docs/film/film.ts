/**
 * Makes the moving picture of the README, docs/images/film.webp: `npm run pictures -- film` (FILM_PICTURES names a folder
 * for its single pictures). A program of a few lines is run, records are published, the program's function
 * is changed and saved, records are published again. All that is seen is what the commands print and what the page
 * shows; only the typing is played, and the ports are any free ones.
 */
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Browser, Page } from "playwright-core";
import { root, startScript } from "../../engines/local-run";
import { Camera } from "./camera";

/** Of the program, in the checkout for as long as the film is made. */
const folder = "shop";
const dataFolder = `${folder}/.local/dev`;
/** As large as the README shows it; of the page, which is made smaller, more is to be seen. */
const stageSize = { width: 960, height: 860 };
const pageSize = { width: 1280, height: 860 };
const maxBytes = 1_500_000;
/** Every pixel as it is. */
const quality = 1;

const program = (text: string): readonly string[] => [
  'new Pipeline("shop", {',
  "  processor: (record) => ({",
  '    result: "Ok",',
  `    text: ${text},`,
  "  }),",
  '  panels: ["total", "hello = message:hello",',
  '           "bye = message:bye"],',
  "  bufferIntervalSeconds: 1,",
  "});",
];
const first = program("record.text()");
const second = program('record.text().replace("hello", "bye")');

function save(shown: readonly string[]): void {
  const imports = 'import { Pipeline } from "../infra";';
  writeFileSync(join(root, folder, "index.ts"), [imports, "", ...shown, ""].join("\n"));
}

class Stage {
  private terminal = "";
  private editor = "";

  constructor(
    private readonly tab: Page,
    private readonly page: Page,
    private readonly camera: Camera,
  ) {}

  /** With the page as it is now. */
  async shoot(durationMs: number): Promise<void> {
    // As in what is printed: nobody's folders.
    await this.page.locator("pre code").evaluateAll((codes, from) => {
      for (const code of codes) code.textContent = code.textContent!.replaceAll(from, "");
    }, `${root}/`);
    const png = await this.page.screenshot();
    const page = `data:image/png;base64,${png.toString("base64")}`;
    const { terminal, editor } = this;
    await this.tab.evaluate(`show(${JSON.stringify({ terminal, editor, page })})`);
    await this.camera.shoot(durationMs);
  }

  /** The editor, with the lines marked that are other than before. */
  edit(now: readonly string[], before = now): void {
    this.editor = now
      .map((line, at) => (line === before[at] ? `${escaped(line)}\n` : `<mark>${escaped(line)}</mark>`))
      .join("");
  }

  print(text: string): void {
    this.terminal += escaped(text);
  }

  async type(command: string): Promise<void> {
    this.terminal += '<b class="prompt">$</b> ';
    for (const part of command.match(/.{1,12}/g)!) {
      this.print(part);
      await this.shoot(90);
    }
    this.print("\n");
  }

  says(text: string): boolean {
    return this.terminal.includes(text);
  }

  /** Whether a panel of the page has come to this count. */
  async shows(panel: string, count: number): Promise<boolean> {
    const text = await this.page.locator(`[data-panel="${panel}"]`).textContent();
    return Number(text?.replaceAll(",", "")) === count;
  }
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** A command that is typed, and what it prints: without this machine's paths, and the lines that are shown alone. */
function run(name: "start" | "publish", args: string, stage: Stage, shown: RegExp): ChildProcess {
  const child = startScript(name, args.split(" "));
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface(stream).on("line", (line) => {
      if (shown.test(line)) stage.print(`${line.trim().replaceAll(`${root}/`, "")}\n`);
    });
  }
  return child;
}

const later = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));

const ended = (child: ChildProcess): Promise<unknown> => new Promise((done) => child.once("close", done));

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let wait = 0; wait < 1_200; wait += 1) {
    if (await holds()) return;
    await later(50);
  }
  throw new Error("What the film waits for has not come within a minute.");
}

/** Publishes, and films until the page has counted all that there are. */
async function publish(stage: Stage, count: number, total: number): Promise<void> {
  const args = `${count} --data ${dataFolder} --rate ${count / 4}`;
  await stage.type(`npm run publish -- ${args}`);
  const child = run("publish", args, stage, /\baccepted\b|records/);
  const isOver = ended(child);
  let over = false;
  void isOver.then(() => {
    over = true;
  });
  while (!over) {
    await stage.shoot(160);
    await Promise.race([isOver, later(250)]);
  }
  await until(() => stage.shows("total", total));
  await stage.shoot(1_000);
}

async function play(stage: Stage, page: Page, started: (child: ChildProcess) => void): Promise<void> {
  stage.edit(first);
  await stage.type(`npm start -- --program ${folder} --watch`);
  const child = run(
    "start",
    `--program ${folder} --watch --firehose-port 0 --dashboard-port 0`,
    stage,
    /Dashboard|Firehose|^watch: .*replace|saved one/,
  );
  started(child);
  const runFile = join(root, dataFolder, "run.json");
  await until(() => existsSync(runFile));
  const { dashboard } = JSON.parse(readFileSync(runFile, "utf8")) as { dashboard: string };
  await page.goto(`${dashboard}/?range=5m`);
  await page.locator("main .empty").waitFor();
  await stage.shoot(900);
  await publish(stage, 4_000, 4_000);
  save(second);
  stage.edit(second, first);
  await stage.shoot(700);
  await until(() => stage.says("saved one"));
  await stage.shoot(900);
  await publish(stage, 4_000, 8_000);
  await stage.shoot(1_200);
}

async function film(browser: Browser, started: (child: ChildProcess) => void): Promise<void> {
  const tabOf = async (viewport: { width: number; height: number }): Promise<Page> => {
    const context = await browser.newContext({ viewport, colorScheme: "light" });
    return context.newPage();
  };
  const [tab, page, workshop] = [await tabOf(stageSize), await tabOf(pageSize), await tabOf(stageSize)];
  await tab.setContent(readFileSync(join(__dirname, "stage.html"), "utf8"));
  const camera = new Camera({ tab, workshop, quality, pictures: process.env["FILM_PICTURES"] });
  await camera.begin();
  await play(new Stage(tab, page, camera), page, started);
  const bytes = camera.film();
  writeFileSync(join(__dirname, "..", "images", "film.webp"), bytes);
  console.log(`${camera.durationMs / 1000} s, ${(bytes.length / 1e6).toFixed(2)} MB`);
  if (bytes.length > maxBytes)
    throw new Error(`The film has ${bytes.length} bytes; allowed are ${maxBytes}.`);
}

export async function makeFilm(browser: Browser): Promise<void> {
  const place = join(root, folder);
  mkdirSync(place);
  writeFileSync(join(place, "Pulumi.yaml"), "name: shop\nruntime: nodejs\nmain: index.ts\n");
  save(first);
  let child: ChildProcess | undefined;
  try {
    await film(browser, (started) => {
      child = started;
    });
  } finally {
    if (child?.exitCode === null) {
      child.kill("SIGTERM");
      await ended(child);
    }
    rmSync(place, { recursive: true, force: true });
  }
}
