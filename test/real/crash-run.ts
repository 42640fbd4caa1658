/**
 * One local run that a test kills: the rooms of `npm start` with a plan from a file, so that a start does not
 * evaluate the program again. Arguments: the file of the plan, the data folder, a fast clock or null as JSON.
 */
import { readFileSync } from "node:fs";
import { deserialize } from "node:v8";
import type { Plan } from "../../local/plan/plan";
import { type LocalRun, startLocalRun } from "../../local/run";
import { type FastClock, runFast } from "./crash-clock";

const [planFile, dataFolder, clockJson] = process.argv.slice(2) as [string, string, string];
const clock = JSON.parse(clockJson) as FastClock | null;
if (clock) runFast(clock);

async function main(): Promise<void> {
  const run: LocalRun = await startLocalRun({
    stack: "dev",
    dataFolder,
    firehosePort: 0,
    dashboardPort: 0,
    searchPort: 0,
    plan: Promise.resolve(deserialize(readFileSync(planFile)) as Plan),
    log: (text) => process.stderr.write(`${text}\n`),
  });
  const stop = async (): Promise<void> => {
    await run.stop();
    process.exit(0);
  };
  process.once("SIGTERM", () => {
    stop().catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    });
  });
  process.send?.(run.ready);
}

process.once("disconnect", () => process.exit(2));
main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
