import { strictEqual } from "node:assert/strict";
import { jsonLine, oneLine, printable } from "../../publisher/errors";

const hostile = "a\u001b]0;title\u0007b\u001b[2K\rc\u009b31md\u202ee\u0000\u007f";

describe("publisher/errors", () => {
  it("writes control characters and turned writing of others out, and leaves text, tabs and lines as they are", () => {
    strictEqual(
      printable(hostile),
      "a\\u001b]0;title\\u0007b\\u001b[2K\\u000dc\\u009b31md\\u202ee\\u0000\\u007f",
    );
    strictEqual(printable("één\t日本\n🙂"), "één\t日本\n🙂");
  });

  it("prints JSON without them, and it reads back as it was", () => {
    const line = jsonLine({ hostile });

    strictEqual(line, printable(line));
    strictEqual(JSON.parse(line).hostile, hostile);
  });

  it("makes one line of any error, whatever its name and message are", () => {
    strictEqual(oneLine(new Error("a\nb")), "a");
    strictEqual(oneLine(Object.assign(new Error(), { name: 7, message: { a: 1 } })), "7: [object Object]");
    strictEqual(oneLine(undefined), "undefined");
  });
});
