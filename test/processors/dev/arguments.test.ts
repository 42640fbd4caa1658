import { deepEqual, equal, match } from "node:assert/strict";
import { type Answer, readArguments } from "../../../processors/dev/arguments";

const answer = (...argv: string[]): Answer => readArguments(argv) as Answer;

describe("the command line of npm run dev", () => {
  it("is a processor, or a chain of them, and how often it runs", () => {
    const once = { name: "map", once: true, write: false };
    deepEqual(readArguments(["processor", "map", "--once"]), once);
    deepEqual(readArguments(["processor", "redact,map"]), { name: "redact,map", once: false, write: false });
  });

  it("is told by --help, which is no mistake", () => {
    for (const argv of [["--help"], ["processor", "-h"], ["processor", "map", "--help"]]) {
      equal(answer(...argv).exitCode, 0);
      match(answer(...argv).text, /^Usage: [^]*--once [^]*--write /);
    }
  });

  it("ends with 2 where it is another: a slip in an option would run it at each save", () => {
    const mistakes = [[], ["processor"], ["prosessor", "map"], ["processor", "mpa"], ["processor", "map,"]];
    for (const argv of mistakes) equal(answer(...argv).exitCode, 2, argv.join(" "));
    deepEqual(answer("processor", "map", "--wrtie"), {
      text: '"--wrtie" is no option; known are --once, --write\n',
      exitCode: 2,
    });
  });
});
