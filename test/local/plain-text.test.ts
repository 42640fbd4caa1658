import { strict as assert } from "node:assert";
import { report, UserError } from "../../local/errors";
import { plainText, printable } from "../../local/plain-text";

describe("texts from elsewhere", () => {
  it("become one bounded line without control characters", () => {
    assert.equal(plainText("a\u001b[31mb\r\n\tc\u0000\u202ed"), "a\\u001b[31mb c\\u0000\\u202ed");
    assert.equal(plainText("x".repeat(600)).length, 501);
    assert.equal(plainText("Grüße 日本 👩‍🚀".replace("\u200d", "")), "Grüße 日本 👩🚀");
  });

  it("keep their lines where a whole text is printed, and no escape", () => {
    const error = new UserError("first\n\tsecond\u001b]0;title\u0007");
    assert.equal(printable(report(error)), "first\n\tsecond\\u001b]0;title\\u0007");
  });
});
