/** The whole line of several streams beside that of one: as many records in all, in turns, so that both meet the same machine. */
import { type LineFigures, runLine } from "./line";
import { median } from "./median";

export async function compareStreams(count: number, records: number, rounds: number): Promise<void> {
  const whole = Math.ceil(records / count) * count;
  const found = new Map<number, LineFigures[]>([
    [1, []],
    [count, []],
  ]);
  for (let round = 0; round < rounds; round++) {
    for (const [streams, figures] of found) {
      const one = await runLine({ records: whole, streams: { count: streams, publishers: count } });
      figures.push(one);
      process.stdout.write(`round ${round + 1}, ${streams}: ${describe(one)}\n`);
    }
  }
  const ratio = (of: (one: LineFigures) => number): string =>
    median(found.get(1)!.map((one, i) => of(found.get(count)![i]!) / of(one))).toFixed(2);
  const rows = [...found].map(([streams, figures]) => [
    `${streams} streams, ${whole} records in all`,
    {
      "CPU s per 1M": median(figures.map((one) => (one.cpuSeconds * 1e6) / whole)).toFixed(2),
      "records/s": Math.round(median(figures.map((one) => whole / one.seconds))),
      "peak MB": Math.round(median(figures.map((one) => one.peakMb))),
    },
  ]);
  console.table(Object.fromEntries(rows));
  process.stdout.write(
    `${count} streams to one, median of the pairs: CPU ${ratio((one) => one.cpuSeconds)}, time ${ratio((one) => one.seconds)}\n`,
  );
}

function describe({ cpuSeconds, seconds, peakMb, threads }: LineFigures): string {
  const parts = [...new Set(threads.map(({ name }) => name))].map((name) => {
    const all = threads.filter((thread) => thread.name === name);
    return `${all.length} ${name} ${all.reduce((sum, one) => sum + one.cpuSeconds, 0).toFixed(1)}`;
  });
  return `${cpuSeconds.toFixed(1)} CPU s in ${seconds.toFixed(1)} s, ${Math.round(peakMb)} MB; by thread: ${parts.join(", ")}`;
}
