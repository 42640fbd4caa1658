/** `npm run publish -- …`: takes the command line, sends, says what became of every record. */
import "./young-generation";
import { commandFolder, goWhereTyped } from "../typed/command";
import { readArguments } from "./arguments";
import { runCommand, say, stopOnInterrupt } from "./command-line";
import { countInputs, describeInputs } from "./dry-run";
import { exitCodes, jsonLine } from "./errors";
import { publish } from "./publish";
import { describeReport } from "./report";
import { resolveTarget, typedTarget } from "./target";

async function main(argv: readonly string[]): Promise<number> {
  goWhereTyped();
  const { shared, publish: asked, dryRun } = readArguments(argv, commandFolder());
  if (dryRun) {
    const inputs = await countInputs(asked, say);
    say(describeInputs(inputs));
    if (shared.json) process.stdout.write(jsonLine(inputs));
    return inputs.problems.length === 0 ? exitCodes.accepted : exitCodes.notAccepted;
  }
  const target = await resolveTarget(shared);
  say(`sending to ${target.description}`);
  const rest = asked.follow ? "the next run goes on from there" : "a file says what is left";
  const report = await publish(target, { ...asked, signal: stopOnInterrupt(rest) }, say);
  for (const line of describeReport(report, typedTarget(shared))) say(line);
  if (shared.json) process.stdout.write(jsonLine(report));
  // Files are followed until somebody ends that.
  const isEnd = !report.stopped || (asked.follow && report.stopped === "interrupted");
  const whole = report.unsent + report.refused + report.problems.length === 0 && isEnd;
  return whole ? exitCodes.accepted : exitCodes.notAccepted;
}

void runCommand(main);
