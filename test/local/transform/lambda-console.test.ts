import { strict as assert } from "node:assert";
import { patchConsole } from "../../../local/transform/lambda-console";

const methods = ["trace", "debug", "info", "log", "warn", "error"] as const;

/** The lines that `work` logs. */
function lines(logFormat: "JSON" | "Text", work: () => void): string[] {
  const before = Object.fromEntries(methods.map((method) => [method, console[method]]));
  const { write } = process.stdout;
  const written: string[] = [];
  patchConsole(logFormat, () => "request-1");
  process.stdout.write = ((text: string) => written.push(text) > 0) as typeof write;
  try {
    work();
  } finally {
    process.stdout.write = write;
    Object.assign(console, before);
  }
  return written.join("").split("\n").slice(0, -1);
}
const messages = (work: () => void): unknown[] =>
  lines("JSON", work).map((line) => {
    const { timestamp, level, requestId, ...rest } = JSON.parse(line) as Record<string, string>;
    assert.match(timestamp!, /^\d{4}-\d\d-\d\dT/);
    assert.equal(requestId, "request-1");
    return [level, rest];
  });

describe("the console of a function", () => {
  it("logs one object as it is, so that a filter finds its fields", () => {
    assert.deepEqual(
      messages(() => console.warn({ processingFailed: { reason: "no JSON", count: 2 } })),
      [["WARN", { message: { processingFailed: { reason: "no JSON", count: 2 } } }]],
    );
  });

  it("logs a text as a text, JSON within it too, and several values put together", () => {
    assert.deepEqual(
      messages(() => {
        console.log('{"a":1}');
        console.info("%d of %s", 1, "two", [3]);
        console.error();
      }),
      [
        ["INFO", { message: '{"a":1}' }],
        ["INFO", { message: "1 of two [ 3 ]" }],
        ["ERROR", { message: "" }],
      ],
    );
  });

  it("logs an error's name, message and stack, and what is no JSON as text", () => {
    const [error, big] = lines("JSON", () => {
      console.error(new TypeError("no"));
      console.debug(1n);
    }).map((line) => JSON.parse(line));
    const { message } = error;
    assert.deepEqual([message.errorType, message.errorMessage], ["TypeError", "no"]);
    assert.match(message.stackTrace[0], /TypeError: no/);
    assert.equal(big.message, "1n");
  });

  it("keeps a call on one line in either format", () => {
    assert.equal(lines("JSON", () => console.log("a\nb")).length, 1);
    const [line = ""] = lines("Text", () => console.warn("a\nb", { c: 1 }));
    assert.match(line, /^\d{4}-\S+Z\trequest-1\tWARN\ta\rb \{ c: 1 \}$/);
  });
});
