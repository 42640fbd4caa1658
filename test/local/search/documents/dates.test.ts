import assert from "node:assert/strict";
import { parseDate } from "../../../../local/search/documents/dates";

describe("the date of a document", () => {
  it("is the same in its usual form as with its zone in digits, or is none in both", () => {
    for (const time of [
      "2026-11-29T08:08:09.470",
      "2026-11-29T23:59:59.999",
      "2026-11-30T00:00:00.000",
      "2024-02-29T12:00:00.001",
      "0000-01-01T00:00:00.000",
      "2026-02-29T12:00:00.001",
      "2026-13-01T12:00:00.001",
      "2026-11-29T24:00:00.000",
      "2026-11-29T23:60:00.000",
      "2026-11-29T23:00:60.000",
    ]) {
      assert.deepEqual(parseDate(`${time}Z`), parseDate(`${time}+00:00`), time);
    }
    assert.equal(parseDate("2026-11-29T08:08:09.470Z")?.firstMs, Date.UTC(2026, 10, 29, 8, 8, 9, 470));
    assert.equal(parseDate("2026-11-29T24:00:00.000Z"), undefined);
  });
});
