import { strict as assert } from "node:assert";
import { SourceMap } from "node:module";
import type { LoadedScript } from "../../../../local/plan/inspect/loaded-scripts";
import { ClosureMaps } from "../../../../local/plan/inspect/map-closure";
import { writeMap } from "../../../../local/plan/inspect/source-map";

/** As Pulumi writes a function down. */
const emitted = (...functions: readonly string[]): string =>
  `exports.handler = __f0;\n${functions
    .map(
      (text, i) =>
        `\nfunction __f${i}() {\n  return (function() {\n    with({ this: undefined }) {\n\nreturn ${text};\n\n    }\n  }).apply(undefined, undefined).apply(this, arguments);\n}\n`,
    )
    .join("")}`;

const script = (text: string, url = "file:///app/index.js", sourceMapUrl = ""): LoadedScript => ({
  url,
  text,
  sourceMapUrl,
});

const inline = (map: string): string => `data:application/json;base64,${Buffer.from(map).toString("base64")}`;

/** Where a piece of the mapped text leads to: `file:line:column`, from 0. */
function placeOf(text: string, piece: string): string | undefined {
  const [, data = ""] = /sourceMappingURL=data:application\/json;base64,(.*)\n$/.exec(text)!;
  const before = text.slice(0, text.indexOf(piece)).split("\n");
  const [line, column] = [before.length - 1, before.at(-1)!.length];
  const entry = new SourceMap(JSON.parse(Buffer.from(data, "base64").toString())).findEntry(line, column);
  if (!("originalSource" in entry) || entry.generatedLine !== line) return undefined;
  return `${entry.originalSource.split("/").at(-1)}:${entry.originalLine}:${entry.originalColumn}`;
}

describe("the map of a serialized function", () => {
  it("leads to the lines and words of the module, whatever Pulumi makes of the name in front", () => {
    const source = script(`const a = 1;
class Team {
  async find(id) {
    return ask(id);
  }
}
function plain(x) {
  return x + 1;
}
module.exports = async (event) => plain(event);`);
    const { text, functions, unknown } = new ClosureMaps([source]).map(
      emitted(
        "async (event) => plain(event)",
        "async function /*find*/(id) {\n    return ask(id);\n  }",
        "function /*plain*/(x) {\n  return x + 1;\n}",
      ),
    );
    assert.deepEqual([functions, unknown], [3, []]);
    assert.equal(placeOf(text, "plain(event)"), "index.js:9:34");
    assert.equal(placeOf(text, "ask(id)"), "index.js:3:11");
    assert.equal(placeOf(text, "x + 1"), "index.js:7:9");
    assert.equal(placeOf(text, "with("), undefined);
  });

  it("goes on through the module's own map, to a source beside it", () => {
    const place = { url: "transform.ts", line: 40, column: 6 };
    const own = inline(writeMap([[], [{ column: 2, place }]]));
    const source = script("exports.f = () => {\n  debugger;\n};", "file:///app/dist/transform.js", own);
    const { text } = new ClosureMaps([source]).map(emitted("() => {\n  debugger;\n}"));
    assert.equal(placeOf(text, "debugger"), "transform.ts:40:6");
    assert.match(
      Buffer.from(text.split("base64,")[1]!, "base64").toString(),
      /file:\/\/\/app\/dist\/transform\.ts/,
    );
  });

  it("says which functions are found nowhere or in several places, and asks for no constructor that Pulumi made", () => {
    const twice = script("const a = (x) => x.y;", "file:///app/a.js");
    const { functions, unknown } = new ClosureMaps([twice, { ...twice, url: "file:///app/b.js" }]).map(
      emitted("(x) => x.y", "() => __super.call(this)", "function /*constructor*/() { }"),
    );
    assert.deepEqual([functions, unknown], [2, ["(x) => x.y", "() => __super.call(this)"]]);
  });

  it("keeps what is a text of its own apart from another of the same parameters", () => {
    const source = script("function a(x) { return x; }\n\nfunction b(x) { return x; }");
    const { text } = new ClosureMaps([source]).map(emitted("function /*b*/(x) { return x; }"));
    assert.equal(placeOf(text, "return x; }"), "index.js:2:16");
  });
});
