/**
 * `npm run bench -- start [--rounds N] [--beside CHECKOUT]`: what it takes until the local run is ready, with nothing
 * kept, with all code compiled, and with the plan kept; the same for a program of five pipelines; `npm run demo`; and the program's
 * own part of `pulumi preview`. Rounds of another checkout, such as an older one, are run in between, so that both meet the same
 * machine. Linux only.
 */
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { root, startRun, startScript } from "../engines/local-run";
import { copyCheckout, forgetCaches } from "./checkout-copy";
import { type Figure, previewed } from "./preview";
import { usageOf } from "./process-usage";

/** By what was measured. */
type Figures = Map<string, Figure[]>;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: "string", default: "3" },
      beside: { type: "string", multiple: true, default: [] },
    },
  });
  const base = mkdtempSync(join(tmpdir(), "bench-start-"));
  try {
    const checkouts = [root, ...values.beside].map((from, i) => {
      const folder = join(base, `${i}`);
      copyCheckout(resolve(from), folder);
      return { name: i === 0 ? "this" : basename(resolve(from)), folder, figures: new Map() as Figures };
    });
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const { folder, figures } of checkouts) await measure(folder, figures);
    }
    for (const { name, figures } of checkouts) print(name, figures);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

async function measure(checkout: string, figures: Figures): Promise<void> {
  const keepsPlans = existsSync(join(checkout, "local/plan/kept-plan.ts"));
  const hasStreams = existsSync(join(checkout, "bench/streams"));
  const add = (what: string, figure: Figure): void =>
    void figures.set(what, [...(figures.get(what) ?? []), figure]);
  for (const [of, program] of [
    ["", undefined],
    ...(hasStreams ? [[", five streams", "bench/streams"]] : []),
  ] as const) {
    forgetCaches(checkout);
    add(`ready, nothing kept${of}`, await ready(checkout, program, []));
    add(`ready, all compiled${of}`, await ready(checkout, program, keepsPlans ? ["--fresh"] : []));
    if (keepsPlans) add(`ready, plan kept${of}`, await ready(checkout, program, []));
  }
  // Once so that what is kept is there.
  await demo(checkout);
  add("demo of 1,000", await demo(checkout));
  add("preview, the program's part", await previewed(checkout));
}

/** Long enough for what the child that evaluates does behind its answer. */
const restMs = 1500;

/** CPU of the run and of the evaluation, until shortly after it is ready. */
async function ready(
  checkout: string,
  program: string | undefined,
  flags: readonly string[],
): Promise<Figure> {
  const data = mkdtempSync(join(tmpdir(), "bench-start-data-"));
  const startMs = performance.now();
  const run = startRun({ data, checkout, flags, ...(program === undefined ? {} : { program }) });
  try {
    await run.ready;
    const seconds = (performance.now() - startMs) / 1000;
    await new Promise((wake) => setTimeout(wake, restMs));
    const { cpuSeconds, childrenCpuSeconds } = usageOf(run.child.pid!);
    return { seconds, cpuSeconds: cpuSeconds + childrenCpuSeconds };
  } finally {
    run.child.kill("SIGTERM");
    await run.ended;
    rmSync(data, { recursive: true, force: true });
  }
}

/** CPU of all that a piece of work starts and waits for. */
async function withChildren(work: () => Promise<void>): Promise<Figure> {
  const before = usageOf(process.pid).childrenCpuSeconds;
  const startMs = performance.now();
  await work();
  const seconds = (performance.now() - startMs) / 1000;
  await new Promise((wake) => setTimeout(wake, restMs));
  return { seconds, cpuSeconds: usageOf(process.pid).childrenCpuSeconds - before };
}

const demo = (checkout: string): Promise<Figure> =>
  withChildren(async () => {
    const child = startScript("demo", ["1000", "--json"], {}, checkout);
    child.stdout!.resume();
    child.stderr!.resume();
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error(`the demo of ${checkout} ended with ${code}`);
  });

const middle = (numbers: readonly number[]): string =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!.toFixed(2);

function print(name: string, figures: Figures): void {
  process.stdout.write(`\n${name}\n`);
  const rows = [...figures].map(([what, found]) => {
    const seconds = middle(found.map((one) => one.seconds));
    const cpuSeconds = middle(found.map((one) => one.cpuSeconds));
    return [what, { "seconds, median": seconds, "CPU s, median": cpuSeconds }];
  });
  console.table(Object.fromEntries(rows));
}
