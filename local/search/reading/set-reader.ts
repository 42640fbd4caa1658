/** From an expression to the records that it stands for, all of them at once. */
import type { DatabaseSync } from "node:sqlite";
import { documentTexts } from "../file/document-texts";
import { RecordSet } from "../file/record-set";
import { hasTimeIndex, type IndexRow } from "../file/tables";
import type { TokenIndices } from "../file/token-indices";
import type { TokenRange } from "../file/token-segments";
import { hasNoGaps, rowidsBetween, seqFinder } from "./ordered-records";
import { ReadTogether } from "./read-together";
import type { Expression, Leaf } from "./token-expressions";
import { TimeOver, type WorkLimit } from "./work-limit";

/** So many documents are looked at sooner than the tokens that leave some of them out. */
const fewRecords = 5000;
/** Of more, all records of the words are read at once. */
const recordsBySeek = 2 ** 18;
/** Rows looked through before the clock is looked at again. */
const rowsPerLook = 65_536;

export class SetReader {
  private together: ReadTogether | undefined;

  constructor(
    private readonly db: DatabaseSync,
    private readonly row: IndexRow,
    private readonly limit: WorkLimit,
    private readonly tokens: TokenIndices,
  ) {}

  /** All that will be read: what several of them ask of the same tokens is read once. */
  expect(expressions: readonly (Expression | undefined)[]): void {
    this.together = new ReadTogether(expressions.filter((one) => one !== undefined));
  }

  /** Throws {@link TimeOver}: a part of a set is none. The set is the caller's own. */
  read(expression: Expression | undefined): RecordSet {
    const into = new RecordSet();
    if (expression !== undefined) this.add(expression, into);
    return into;
  }

  private readonly step = (): void => {
    if (this.limit.isOver) throw new TimeOver();
  };

  private add(expression: Expression, into: RecordSet): void {
    const { leaf, operator, parts } = expression;
    if (leaf !== undefined) this.addLeaf(leaf, into);
    else if (operator === "OR") this.addAny(parts, into);
    else into.addAll(this.joined(operator === "AND", parts));
  }

  /** Tokens together: each page is gone through once, not once for each. */
  private addAny(parts: readonly Expression[], into: RecordSet): void {
    const leaves: LeafOfTokens[] = [];
    for (const part of parts) {
      if (part.leaf !== undefined && asksTokens(part.leaf)) leaves.push(part.leaf);
      else this.add(part, into);
    }
    this.addTokens(leaves, into);
  }

  private joined(isAnd: boolean, [first, ...others]: readonly Expression[]): RecordSet {
    const set = this.read(first);
    for (const part of others) {
      if (set.isEmpty) break;
      if (isAnd && narrows(part) && set.count() <= fewRecords) continue;
      if (isAnd) set.keepOnly(this.read(part));
      else set.remove(this.read(part));
    }
    return set;
  }

  private addLeaf(leaf: Leaf, into: RecordSet): void {
    if (asksTokens(leaf)) this.addTokens([leaf], into);
    else if (leaf.kind === "time") this.addTimes(leaf.lowMs, leaf.highMs, into);
    else if (leaf.kind === "id") this.addId(leaf.id, into);
    else if (leaf.kind === "before") this.addBefore(leaf.seq, leaf.words, into);
  }

  private addTokens(leaves: readonly LeafOfTokens[], into: RecordSet): void {
    const { together, row } = this;
    const open = leaves.filter((leaf) => together?.known(leaf) === undefined);
    const ranges = new Set(open.map((leaf) => together?.rangeFor(leaf) ?? rangeOf(leaf)));
    if (ranges.size > 0) this.tokens.of(row).addRecords([...ranges], into, row.lastSeq, this.step);
    for (const leaf of leaves) {
      together?.noteRead(leaf);
      const known = together?.known(leaf);
      if (known !== undefined) into.addAll(known);
    }
  }

  private addTimes(lowMs: number, highMs: number, into: RecordSet): void {
    const { db, row } = this;
    if (row.ordered) {
      const firstFrom = seqFinder(db, row);
      const [low, high] = [firstFrom(lowMs), firstFrom(highMs + 1) - 1];
      if (hasNoGaps(db, row)) into.addRange(low, high);
      else this.addRows("seq BETWEEN ?1 AND ?2 ORDER BY seq", [low, high], (seq) => [seq + 1, high], into);
    } else if (hasTimeIndex(db, row.number)) {
      const where = "(ts, seq) > (?1, ?2) AND ts <= ?3 ORDER BY ts, seq";
      this.addRows(where, [lowMs, -1, highMs], (seq, ts) => [ts, seq, highMs], into);
    } else {
      const where = "seq > ?1 AND ts BETWEEN ?2 AND ?3 ORDER BY seq";
      this.addRows(where, [-1, lowMs, highMs], (seq) => [seq, lowMs, highMs], into);
    }
  }

  /** Many rows as one text: one by one they cost several times that. `behind` gives the values of the next page. */
  private addRows(
    where: string,
    first: readonly number[],
    behind: (seq: number, ts: number) => readonly number[],
    into: RecordSet,
  ): void {
    const statement = this.db.prepare(
      `SELECT json_group_array(seq) AS seqs, max(ts) AS ts
         FROM (SELECT seq, ts FROM d${this.row.number} WHERE ${where} LIMIT ${rowsPerLook})`,
    );
    for (let values = first; ; ) {
      this.step();
      const page = statement.get(...values) as { seqs: string; ts: number };
      const seqs = JSON.parse(page.seqs) as number[];
      for (const seq of seqs) into.add(seq);
      if (seqs.length < rowsPerLook) return;
      values = behind(seqs.at(-1) as number, page.ts);
    }
  }

  /** FTS5 stops at the last record that is wanted, however many have the words behind it; up to there it takes longer. */
  private addBefore(end: number, words: Expression, into: RecordSet): void {
    const { number, firstSeq } = this.row;
    if (end - firstSeq > recordsBySeek) {
      const wanted = new RecordSet();
      wanted.addRange(firstSeq, end - 1);
      wanted.keepOnly(this.read(words));
      into.addAll(wanted);
      return;
    }
    const statement = this.db.prepare(
      `SELECT json_group_array(seq) AS seqs FROM (SELECT rowid AS seq FROM f${number}
         WHERE f${number} MATCH ? AND ${rowidsBetween} ORDER BY rowid LIMIT ${rowsPerLook})`,
    );
    for (let from = 0; ; ) {
      this.step();
      const seqs = JSON.parse(
        (statement.get(words.text, from, end - 1) as { seqs: string }).seqs,
      ) as number[];
      for (const seq of seqs) into.add(seq);
      if (seqs.length < rowsPerLook) return;
      from = (seqs.at(-1) as number) + 1;
    }
  }

  /** Ids have no index of their own: whoever asks for one is rare, and every document would pay for it. */
  private addId(id: string, into: RecordSet): void {
    const { number, lastSeq } = this.row;
    const statement = this.db.prepare(`SELECT seq FROM d${number} WHERE seq BETWEEN ? AND ? AND id = ?`);
    const next = this.db.prepare(`SELECT min(seq) AS seq FROM d${number} WHERE seq >= ?`);
    for (let low: number | null = 0; low !== null && low <= lastSeq; ) {
      this.step();
      const high: number = low + rowsPerLook - 1;
      for (const { seq } of statement.all(low, high, id) as { seq: number }[]) into.add(seq);
      low = (next.get(high + 1) as { seq: number | null }).seq;
    }
    for (const seq of documentTexts(this.db).seqsOf(number, id)) if (seq <= lastSeq) into.add(seq);
  }
}

const narrows = ({ leaf }: Expression): boolean => leaf?.kind === "tokens" && leaf.narrows === true;

type LeafOfTokens = Extract<Leaf, { readonly kind: "token" | "tokens" }>;

const asksTokens = (leaf: Leaf): leaf is LeafOfTokens => leaf.kind === "token" || leaf.kind === "tokens";

const rangeOf = (leaf: LeafOfTokens): TokenRange =>
  leaf.kind === "token" ? { first: leaf.token, end: `${leaf.token}\0` } : leaf;
