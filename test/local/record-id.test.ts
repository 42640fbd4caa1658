import { strict as assert } from "node:assert";
import { recordIdMembers, recordIdOf, seqOfRecordId } from "../../local/record-id";

describe("the ids of an answer", () => {
  for (const [first, count] of [
    [1, 1],
    [8, 4],
    [99_501, 500],
    [9_007_199_254_740_989, 2],
  ] as const)
    it(`are those of ${count} records from ${first} on`, () => {
      const members = JSON.parse(`[${recordIdMembers(first, count)}]`) as { RecordId: string }[];
      const wanted = Array.from({ length: count }, (_, at) => ({ RecordId: recordIdOf(first + at) }));
      assert.deepEqual(members, wanted);
      assert.deepEqual(
        members.map(({ RecordId }) => seqOfRecordId(RecordId)),
        wanted.map((_, at) => first + at),
      );
    });
});
