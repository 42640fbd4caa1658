/** Sets of records beside JavaScript's own sets. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { RecordSet } from "../../../../local/search/file/record-set";

/** Numbers of a few blocks, at their ends and beyond 32 bits. */
const seq = fc
  .tuple(fc.constantFrom(0, 65_536, 131_072, 2 ** 33), fc.constantFrom(0, 31, 32, 65_500, 65_535), fc.nat(40))
  .map(([block, place, more]) => block + place + more);
const seqs = fc.uniqueArray(seq, { maxLength: 60 });

const setOf = (members: Iterable<number>): RecordSet => {
  const set = new RecordSet();
  for (const member of members) set.add(member);
  return set;
};
const inOrder = (members: Iterable<number>): number[] => [...members].sort((a, b) => a - b);

function holds(set: RecordSet, members: readonly number[]): void {
  assert.deepEqual([...set.ascending()], inOrder(members));
  assert.deepEqual([...set.descending()], inOrder(members).reverse());
  assert.equal(set.count(), members.length);
  assert.equal(set.isEmpty, members.length === 0);
}

describe("a set of records", () => {
  it("joins, meets and leaves another as any set does", () => {
    fc.assert(
      fc.property(seqs, seqs, (a, b) => {
        const changed = (change: (set: RecordSet) => void) => {
          const set = setOf(a);
          const copy = set.copy();
          change(copy);
          holds(set, a);
          return copy;
        };
        holds(
          changed((set) => set.addAll(setOf(b))),
          [...new Set([...a, ...b])],
        );
        holds(
          changed((set) => set.keepOnly(setOf(b))),
          a.filter((one) => b.includes(one)),
        );
        holds(
          changed((set) => set.remove(setOf(b))),
          a.filter((one) => !b.includes(one)),
        );
      }),
    );
  });

  it("counts and lists the members between two numbers, both included", () => {
    fc.assert(
      fc.property(seqs, seq, seq, (members, one, another) => {
        const [low, high] = [Math.min(one, another), Math.max(one, another)];
        const inside = inOrder(members).filter((member) => member >= low && member <= high);
        const set = setOf(members);
        assert.equal(set.count(low, high), inside.length);
        assert.deepEqual([...set.ascending(low, high)], inside);
        assert.deepEqual([...set.descending(low, high)], inside.reverse());
      }),
    );
  });

  it("takes whole ranges, and finds the nearest number that is none of them", () => {
    fc.assert(
      fc.property(fc.nat(70_000), fc.nat(140_000), (low, length) => {
        const set = new RecordSet();
        set.addRange(low, low + length);
        assert.equal(set.count(), length + 1);
        assert.equal(set.has(low - 1) || set.has(low + length + 1), false);
        assert.equal(set.nearestOther(low, 1), low + length + 1);
        assert.equal(set.nearestOther(low + length, -1), low - 1);
        assert.equal(set.nearestOther(low + length + 5, 1), low + length + 5);
      }),
      { numRuns: 30 },
    );
  });
});
