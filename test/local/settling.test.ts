import { strict as assert } from "node:assert";
import { whatIsLeft } from "../../local/settling";
import type { PipelineStatus } from "../../local/status";

const buffer = (records: number) => ({ records, bytes: records, ageMs: 0 });

const status = (changes: Partial<PipelineStatus>, rooms: Partial<PipelineStatus["rooms"]> = {}) => ({
  accepted: 10,
  indexed: 0,
  dropped: 0,
  failed: 0,
  waiting: 0,
  lost: 0,
  backedUp: 10,
  ...changes,
  rooms: {
    queueBytes: 0,
    transformBuffer: buffer(0),
    deliveryBuffer: buffer(0),
    backupBuffer: buffer(0),
    trouble: undefined,
    troubleSinceMs: undefined,
    ...rooms,
  },
});

describe("what is left to do", () => {
  it("says where each record is, and what holds the line", () => {
    const rooms = {
      transformBuffer: buffer(1),
      deliveryBuffer: buffer(2),
      trouble: "transform: attempt 2 of 4 failed: no",
    };
    assert.deepEqual(whatIsLeft(status({ waiting: 6, backedUp: 3 }, rooms), true), [
      "1 record not through the function",
      "2 records not taken by the destination",
      "3 records under way",
      "7 records not backed up",
      "transform: attempt 2 of 4 failed: no",
      "10 accepted in all",
    ]);
  });

  it("asks for no backup where there is none", () => {
    assert.deepEqual(whatIsLeft(status({ waiting: 1, backedUp: 0 }), false), [
      "1 record under way",
      "10 accepted in all",
    ]);
  });
});
