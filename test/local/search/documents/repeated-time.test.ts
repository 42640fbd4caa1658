import assert from "node:assert/strict";
import { RepeatedTime } from "../../../../local/search/documents/repeated-time";

describe("a time that is mostly the one before", () => {
  it("is read anew wherever a byte of it is another", () => {
    const time = new RepeatedTime();
    const texts = [
      "2026-11-29T08:08:09.470Z",
      "2026-11-29T08:08:09.470Z",
      "2026-11-29T08:08:09.471Z",
      "3026-11-29T08:08:09.471Z",
      "2026-11-29",
      "2026-11-2",
      "2026-11-2",
      "",
      "1795939689470",
    ];
    // What stands around it is none of it, and what was read stays where its memory is written to.
    const bytes = Buffer.alloc(40, "9");
    assert.deepEqual(
      texts.map((text) => time.of(bytes, 3, 3 + bytes.write(text, 3, "latin1"))),
      [
        ...[0, 0, 1].map((ms) => Date.UTC(2026, 10, 29, 8, 8, 9, 470 + ms)),
        ...[Date.UTC(3026, 10, 29, 8, 8, 9, 471), Date.UTC(2026, 10, 29)],
        ...[undefined, undefined, undefined, 1_795_939_689_470],
      ],
    );
  });
});
