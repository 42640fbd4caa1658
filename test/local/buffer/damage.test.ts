/** Every page of the queue's file and of its log is overwritten in turn: what is not on it is kept, the rest is counted. */
import { strict as assert } from "node:assert";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Queue } from "../../../local/buffer/queue";
import { DamagedFile } from "../../../local/sqlite/salvage";
import { callOf } from "../calls";
import { temporaryFolder } from "../fakes";

const pageBytes = 4096;
const frameBytes = pageBytes + 24;
const all = (): boolean => true;

/** Calls of one to three records, some of them longer than a page; each record says on every line whose it is. */
const recordOf = (call: number, record: number): string =>
  `<${call}.${record}>`.repeat(call % 5 === 0 ? 900 : 40 + call);
const recordsIn = (call: number): number => 1 + (call % 3);

interface Kept {
  readonly numbers: ReadonlySet<number>;
  readonly texts: ReadonlyMap<number, string>;
}

function readAll(queue: Queue): Kept {
  const texts = new Map<number, string>();
  for (let after = 0; ; ) {
    const batch = queue.read(after, all);
    if (batch.length === 0) return { numbers: new Set(texts.keys()), texts };
    for (let i = 0; i < batch.length; i++) {
      texts.set(batch.firstSeq + i, Buffer.from(batch.base64(i), "base64").toString());
    }
    after = batch.lastSeq;
  }
}

describe("a damaged page of the queue", () => {
  let folder: string;
  let file: string;
  /** Number, text and call of each record that was acknowledged. */
  const acknowledged = new Map<number, { text: string; call: number }>();

  before(async function () {
    folder = temporaryFolder(this);
    file = join(folder, "original", "queue.sqlite");
    mkdirSync(join(folder, "original"), { recursive: true });
    mkdirSync(join(folder, "logged"));
    const queue = Queue.open({ file });
    for (let call = 1; call <= 18; call++) {
      const texts = Array.from({ length: recordsIn(call) }, (_, record) => recordOf(call, record));
      const first = await queue.append(callOf(...texts), 7);
      for (const [i, text] of texts.entries()) acknowledged.set(first + i, { text, call });
    }
    // As a killed process leaves it, the log not yet folded into the file.
    for (const ending of [".sqlite", ".sqlite-wal", ".mark"]) {
      copyFileSync(join(folder, "original", `queue${ending}`), join(folder, "logged", `queue${ending}`));
    }
    queue.close();
  });

  /** The calls of which something stands in these bytes. */
  const callsIn = (bytes: Buffer): Set<number> =>
    new Set(Array.from(bytes.toString("latin1").matchAll(/<(\d+)\.\d+>/g), ([, call]) => Number(call)));

  /** Opens a copy in which these bytes are overwritten, and looks at all that is there. `first` comes before that. */
  function openDamaged(
    from: string,
    ending: string,
    start: number,
    end: number,
    first: (file: string) => void = () => {},
  ): void {
    const copy = join(folder, "copy");
    rmSync(copy, { recursive: true, force: true });
    mkdirSync(copy);
    for (const name of ["queue.sqlite", "queue.mark", ...(from === "logged" ? ["queue.sqlite-wal"] : [])]) {
      copyFileSync(join(folder, from, name), join(copy, name));
    }
    const damaged = readFileSync(join(copy, `queue${ending}`));
    // The head of a row is not marked as its records are.
    const gone = callsIn(start === end ? Buffer.of() : damaged.subarray(Math.max(0, start - 100), end + 100));
    damaged.fill(0xa5, start, end);
    writeFileSync(join(copy, `queue${ending}`), damaged);
    first(join(copy, "queue.sqlite"));
    const queue = Queue.open({ file: join(copy, "queue.sqlite") });
    const { numbers, texts } = readAll(queue);
    for (const [seq, text] of texts) assert.equal(text, acknowledged.get(seq)?.text, `record ${seq}`);
    const missing = [...acknowledged].filter(([seq, { call }]) => !numbers.has(seq) && !gone.has(call));
    assert.deepEqual(
      missing.map(([seq]) => seq),
      [],
      `bytes ${start} to ${end} of ${from}/queue${ending}`,
    );
    const lost = queue.gapsAfter(0).reduce((n, { firstSeq, lastSeq }) => n + lastSeq - firstSeq + 1, 0);
    assert.equal(queue.lastSeq, acknowledged.size);
    assert.equal(numbers.size + lost, acknowledged.size);
    if (lost > 0) assert.match(queue.notes.join(), /damaged/);
    queue.close();
  }

  it("costs the calls that stand on it and no other, whichever page of the file it is", () => {
    const { length } = readFileSync(file);
    assert.ok(length / pageBytes > 15, `${length / pageBytes} pages`);
    for (let at = 0; at < length; at += pageBytes) openDamaged("original", ".sqlite", at, at + pageBytes);
  });

  it("costs the calls within it where only a few bytes of a page are overwritten", () => {
    const { length } = readFileSync(file);
    for (let at = 0; at < length; at += pageBytes) openDamaged("original", ".sqlite", at + 2000, at + 2064);
  });

  it("costs the calls that stand on it and no other, whichever page of the log it is, its header too", () => {
    const { length } = readFileSync(join(folder, "logged", "queue.sqlite-wal"));
    openDamaged("logged", ".sqlite-wal", 0, 32);
    const frames = Math.floor((length - 32) / frameBytes);
    assert.ok(frames > 30, `${frames} frames`);
    // Every third one, the last ones all: there is what no later frame repeats.
    for (let frame = 0; frame < frames; frame += frame > frames - 6 ? 1 : 3) {
      openDamaged("logged", ".sqlite-wal", 32 + frame * frameBytes, 32 + (frame + 1) * frameBytes);
    }
  });

  it("costs no more where the start that saved the others was killed", () => {
    const { strays } = DamagedFile.prototype;
    openDamaged("original", ".sqlite", 0, pageBytes, (damaged) => {
      DamagedFile.prototype.strays = () => {
        throw new Error("killed");
      };
      try {
        assert.throws(() => Queue.open({ file: damaged }), /killed/);
      } finally {
        DamagedFile.prototype.strays = strays;
      }
    });
  });

  it("costs no more where a start was killed once SQLite had cut the log", () => {
    const middle = 32 + 8 * frameBytes;
    openDamaged("logged", ".sqlite-wal", middle, middle + frameBytes, (damaged) => {
      // What a start does before SQLite sees the file.
      for (const ending of ["", "-wal"]) copyFileSync(damaged + ending, `${damaged}.spare${ending}`);
      const db = new DatabaseSync(damaged);
      db.exec("SELECT count(*) FROM sqlite_schema");
      db.close();
    });
  });

  it("costs nothing where a start was killed as the new file took its place", () => {
    openDamaged("original", ".sqlite", 0, 0, (file) => {
      copyFileSync(file, `${file}.new`);
      rmSync(file);
    });
  });
});
