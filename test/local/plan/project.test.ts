import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkEntry, type Project, readProject } from "../../../local/plan/project";
import { temporaryFolder } from "../fakes";

describe("readProject", () => {
  let folder: string;
  beforeEach(function () {
    folder = temporaryFolder(this);
    mkdirSync(join(folder, "app"), { recursive: true });
    writeFileSync(join(folder, "app/main.ts"), "");
  });
  const read = (text: string): Project => {
    writeFileSync(join(folder, "Pulumi.yaml"), text);
    return readProject(folder);
  };

  it("runs the program in the folder that main names, or in that of the file it names", () => {
    const of = (main: string): string[] => {
      const { workFolder, entry } = read(`name: web\nruntime: nodejs\n${main}`);
      return [workFolder, entry];
    };
    assert.deepEqual(of(""), [folder, "."]);
    assert.deepEqual(of("main: app"), [join(folder, "app"), "."]);
    assert.deepEqual(of("main: app/main.ts"), [join(folder, "app"), "main.ts"]);
    assert.throws(() => of("main: dist"), /dist, the `main` of Pulumi\.yaml, is not there/);
  });

  it("reads how Pulumi is told to run it", () => {
    const plain = read("name: web\nruntime: nodejs\n");
    assert.deepEqual([plain.typescript, plain.tsconfig, plain.nodeArguments], [true, undefined, []]);
    const told = read(
      "name: web\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n    tsconfig: t.json\n    nodeargs: --trace-gc --no-opt\nstackConfigDir: stacks\n",
    );
    assert.deepEqual([told.typescript, told.tsconfig], [false, "t.json"]);
    assert.deepEqual(told.nodeArguments, ["--trace-gc", "--no-opt"]);
    assert.equal(told.stackFolder, join(folder, "stacks"));
  });

  it("refuses a folder without a project, and a program for another language, and says what is allowed", () => {
    assert.throws(() => readProject(folder), /has no Pulumi\.yaml.*--program DIR/);
    assert.throws(() => read("name: web\nruntime: python\n"), /runtime is python\. Allowed here: nodejs/);
    assert.throws(() => read("name: web\nruntime: { name: go }\n"), /runtime is go/);
    assert.throws(() => read("name: web\nruntime: { name: [a] }\n"), /runtime is \["a"\]/);
    for (const none of ["", "runtime: {}\n", "runtime: [nodejs]\n"])
      assert.throws(() => read(`name: web\n${none}`), /runtime is missing\. Allowed here: nodejs/);
    assert.throws(() => read("runtime: nodejs\n"), /name is missing\. Allowed: a text/);
  });

  it("refuses a project whose file has another shape, with what is there and what may be", () => {
    assert.throws(
      () => read("- a\n"),
      /Pulumi\.yaml: its text is \["a"\]\. Allowed: names with their values/,
    );
    assert.throws(() => read("name: web\nconfig: [a]\n"), /config is \["a"\]\. Allowed/);
    assert.throws(() => read("name: web\nmain: 5\n"), /main is 5\. Allowed: a text/);
    assert.throws(
      () => read("name: [web\n"),
      (error: Error) => /is not valid YAML: [^\n]+$/.test(error.message),
    );
  });

  it("is started by what package.json names, or by an index, which has to be there", () => {
    const check = (packageJson: string, ...files: string[]): void => {
      const work = join(folder, `work-${packageJson.length}-${files.length}`);
      mkdirSync(join(work, "src"), { recursive: true });
      if (packageJson) writeFileSync(join(work, "package.json"), packageJson);
      for (const file of files) writeFileSync(join(work, file), "");
      checkEntry({ workFolder: work, entry: "." } as Project);
    };
    check("", "index.ts");
    check("{}", "index.mjs");
    check('{"main":"src/main"}', "src/main.ts");
    check('{"main":"./src"}', "src/index.js");
    check('{"exports":"./anything.js"}');
    assert.throws(
      () => check(""),
      /The program's file index\.ts or index\.js is not in .*work-0-0\. Name it/,
    );
    assert.throws(() => check('{"main":"dist/a.js"}'), /The program's file dist\/a\.js is not in/);
    assert.throws(() => check("{ nope", "index.ts"), /package\.json is not valid JSON/);
  });
});
