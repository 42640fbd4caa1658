/** `npm run bench -- [publisher|pipeline|search|page|processors|start …]`: prints figures, asserts none. */
interface Benchmark {
  run(args: string[]): Promise<void>;
}

const benchmarks: Record<string, () => Promise<Benchmark>> = {
  publisher: () => import("./publisher"),
  pipeline: () => import("./pipeline"),
  search: () => import("./search"),
  page: () => import("./page"),
  processors: () => import("./processors"),
  start: () => import("./start"),
  "log-objects": () => import("./log-objects"),
};

const usage = `npm run bench -- [${Object.keys(benchmarks).join("|")}] [options]

Without a name all of them run, one after another; each takes minutes.
  publisher   --records N --lines N --rounds N --rust
  pipeline    [records] --documents KIND,… --alone    (messages, access-log, cloudtrail, json-events; alone: no peers)
              [records] --profile                     (CPU by thread and by stage, printed)
              [records] --streams N --rounds N        (beside one stream, in turns)
  search      [documents] --mixed-times --beside
  page        [documents] --data FOLDER
  processors  [names] --rounds N
  start       --rounds N --beside CHECKOUT
  log-objects --objects N --lines N --gigabytes N --call-seconds N
`;

async function main([name, ...args]: string[]): Promise<void> {
  if (name === "--help" || name === "-h" || args.includes("--help")) {
    process.stdout.write(usage);
    return;
  }
  if (name !== undefined && !Object.hasOwn(benchmarks, name)) {
    process.stderr.write(
      `Unknown benchmark ${name}. Known: ${Object.keys(benchmarks).join(", ")}; none = all.\n`,
    );
    process.exitCode = 2;
    return;
  }
  for (const [each, load] of Object.entries(benchmarks)) {
    if (name !== undefined && name !== each) continue;
    process.stdout.write(`\n== ${each}\n`);
    await (await load()).run(args);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
