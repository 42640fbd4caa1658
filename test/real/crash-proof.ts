/** Proves from what a run has left that nothing was lost and nothing is twice. */
import { strict as assert } from "node:assert";
import { type CrashLoad, kindOf, kinds, numbersIn } from "./crash-load";
import { type CrashRun, countUnfinished, readObjects } from "./crash-process";

export interface ProofOptions {
  /** Malformed documents that were mended and came in after all. @default none */
  isMended?(n: number): boolean;
  /** Whether a document may have gone with an index that was too old. @default none */
  mayBeDropped?(n: number): boolean;
}

/** Waits until the run has nothing to do, ends it, and compares all it holds with what was sent. Tells the counts. */
export async function proveExactlyOnce(
  run: CrashRun,
  load: CrashLoad,
  data: string,
  { isMended = () => false, mayBeDropped = () => false }: ProofOptions = {},
): Promise<string> {
  const status = await run.settled();
  const { dashboard } = await run.ready;
  const exported = await (await fetch(`${dashboard}/api/export?format=ndjson`)).text();
  const { count } = (await (await fetch(`${dashboard}/api/count`)).json()) as { count: number };
  run.terminate();
  assert.equal((await run.ended).code, 0);
  const { failed, sources } = readObjects(data);

  // The backup tells what was accepted: every acknowledged record, and of the others at most what was sent.
  const accepted = numbersIn(sources);
  assertOnce(accepted, "in the backup");
  const isAccepted = new Set(accepted);
  for (const n of load.acknowledged.keys()) assert.ok(isAccepted.has(n), `${n} was acknowledged`);
  for (const n of load.refused) assert.ok(!isAccepted.has(n), `${n} was refused`);
  for (const n of isAccepted) assert.ok(n >= 1 && n <= load.sent, `${n} was sent`);
  assert.equal(new Set(load.acknowledged.values()).size, load.acknowledged.size, "record ids differ");

  // Each accepted record had exactly the fate that its content asks for.
  const expected = Object.fromEntries(kinds.map((kind) => [kind, [] as number[]]));
  for (const n of [...isAccepted].sort(byNumber)) expected[kindOf(n)]!.push(n);
  for (const kind of kinds) assert.ok(expected[kind]!.length > 0, `some ${kind}`);
  const { ok = [], drop = [], fail = [], malformed = [] } = expected;
  const mended = malformed.filter(isMended);
  const documents = [...ok, ...mended].sort(byNumber);
  const there = numbersIn(exported.trim().split("\n"));
  assertOnce(there, "in the index");
  const isThere = new Set(there);
  const wanted = documents.filter((n) => isThere.has(n) || !mayBeDropped(n));
  assert.deepEqual(there.sort(byNumber), wanted);
  assert.deepEqual(numbersIn(failed.transform).sort(byNumber), fail);
  assert.deepEqual(numbersIn(failed.delivery).sort(byNumber), malformed);
  assert.deepEqual(
    { ...status, count },
    {
      accepted: accepted.length,
      indexed: documents.length,
      dropped: drop.length,
      failed: fail.length + malformed.length - mended.length,
      waiting: 0,
      lost: 0,
      backedUp: accepted.length,
      count: there.length,
    },
  );
  assert.equal(countUnfinished(data), 0, "no unfinished file is left");
  return (
    `${load.acknowledged.size} acknowledged, ${load.refused.size} refused, ${status.accepted} accepted, ` +
    `${status.indexed} indexed (${there.length} still there, ${mended.length} after a replay), ` +
    `${status.dropped} dropped, ${status.failed} failed, ${status.lost} lost`
  );
}

const byNumber = (a: number, b: number): number => a - b;

function assertOnce(numbers: readonly number[], where: string): void {
  const seen = new Set<number>();
  for (const n of numbers) {
    assert.ok(!seen.has(n), `record ${n} is twice ${where}`);
    seen.add(n);
  }
}
