import { strict as assert } from "node:assert";
import { copyFileSync, createWriteStream, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { create } from "tar";
import { ZipFile } from "yazl";
import type { ArchivePart } from "../../../local/plan/plan";
import { LambdaFunction } from "../../../local/transform/lambda-function";
import { unpack } from "../../../local/transform/unpack";
import { aProcessor, temporaryFolder } from "../fakes";

describe("a function from an archive", () => {
  const running: LambdaFunction[] = [];
  let base: string;
  beforeEach(function () {
    base = temporaryFolder(this);
  });
  afterEach(() => Promise.all(running.splice(0).map((fn) => fn.close())));

  /** @param files text by path, below `name` */
  const folder = (name: string, files: Readonly<Record<string, string>>): string => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(base, name, path)), { recursive: true });
      writeFileSync(join(base, name, path), text);
    }
    return join(base, name);
  };
  const zip = async (name: string, files: Readonly<Record<string, string>>): Promise<string> => {
    const packed = new ZipFile();
    for (const [path, text] of Object.entries(files)) packed.addBuffer(Buffer.from(text), path);
    packed.end();
    const file = join(folder("zips", {}), name);
    mkdirSync(dirname(file), { recursive: true });
    await pipeline(packed.outputStream, createWriteStream(file));
    return file;
  };
  const make = (parts: readonly ArchivePart[], handler = "index.handler"): LambdaFunction => {
    mkdirSync(join(base, "run/logs"), { recursive: true });
    const fn = new LambdaFunction({
      plan: aProcessor("", {
        code: { parts, programFolder: join(base, "program") },
        handler,
        timeoutSeconds: 30,
      }),
      logFile: join(base, "run/logs/function.log"),
    });
    running.push(fn);
    return fn;
  };
  const answer = async (fn: LambdaFunction): Promise<unknown> => {
    const reply = await fn.invoke("{}");
    return "payload" in reply ? JSON.parse(reply.payload) : `${reply.errorType}: ${reply.errorMessage}`;
  };
  const root = (path: string): ArchivePart[] => [{ kind: "folder", at: "", path }];

  it("loads its own files and packages from its folder", async () => {
    const path = folder("lambda", {
      "src/index.js":
        "const { sum } = require('sums'); exports.api = { run: async () => sum(require('./two'), 1) };",
      "src/two.js": "module.exports = 2;",
      "node_modules/sums/index.js": "exports.sum = (a, b) => a + b;",
    });
    assert.equal(await answer(make(root(path), "src/index.api.run")), 3);
  });

  it("loads an ES module that awaits, by its name or by its package.json", async () => {
    const code =
      "import { one } from './one.js'; const two = await Promise.resolve(one + 1);\nexport const handler = async () => two;";
    const typed = folder("typed", {
      "package.json": '{"type":"module"}',
      "index.js": code,
      "one.js": "export const one = 1;",
    });
    const named = folder("named", {
      "index.mjs": code.replace("one.js", "one.mjs"),
      "one.mjs": "export const one = 1;",
    });
    assert.deepEqual([await answer(make(root(typed))), await answer(make(root(named)))], [2, 2]);
  });

  it("finds no module that is not in its archive, and says so", async () => {
    const path = folder("program/lambda", {
      "index.js": "require('beside'); exports.handler = async () => 1;",
      "up.js": "require('../outside'); exports.handler = async () => 1;",
    });
    folder("program", { "node_modules/beside/index.js": "", "outside.js": "" });
    assert.match(
      String(await answer(make(root(path)))),
      /Cannot find module 'beside': it is not in the function's archive/,
    );
    assert.match(String(await answer(make(root(path), "up.handler"))), /Cannot find module '\.\.\/outside'/);
  });

  it("takes what Lambda's runtime brings from the program's packages", async () => {
    const path = folder("program/lambda", {
      "index.js": "exports.handler = async () => require('@aws-sdk/client-none').name;",
      "away.js": "exports.handler = async () => require('@aws-sdk/client-away').name;",
    });
    folder("program", { "node_modules/@aws-sdk/client-none/index.js": "exports.name = 'none';" });
    assert.equal(await answer(make(root(path))), "none");
    assert.match(String(await answer(make(root(path), "away.handler"))), /install it beside the program/);
  });

  it("is unpacked from a zip or a tar with what else its archive holds", async () => {
    const packed = await zip("code.zip", {
      "index.js": "exports.handler = async () => require('./lib/value');",
    });
    const library = folder("library", { "other.js": "module.exports = 'other';" });
    const parts: ArchivePart[] = [
      { kind: "zip", at: "", path: packed },
      { kind: "folder", at: "lib", path: library },
      { kind: "text", at: "lib/value.js", text: "module.exports = require('./other');" },
    ];
    assert.equal(await answer(make(parts)), "other");
    assert.deepEqual(readdirSync(library), ["other.js"]);

    const file = join(base, "code.tgz");
    await create(
      { gzip: true, file, cwd: folder("tarred", { "index.js": "exports.handler = async () => 't';" }) },
      ["."],
    );
    assert.equal(await answer(make([{ kind: "tar", at: "", path: file }])), "t");
  });

  it("links the folders of packages instead of copying them", async () => {
    const path = folder("program/node_modules/sums", { "index.js": "module.exports = 5;" });
    folder("program", { "node_modules/beside/index.js": "" });
    const parts: ArchivePart[] = [
      { kind: "text", at: "__index.js", text: "exports.handler = async () => require('sums');" },
      { kind: "folder", at: "node_modules/sums", path },
    ];
    const { root: at, linked } = await unpack(parts, join(base, "unpacked"));
    assert.deepEqual([at, linked], [join(base, "unpacked"), [path]]);
    assert.equal(await answer(make(parts, "__index.handler")), 5);
  });

  it("keeps nothing of what was unpacked before", async () => {
    const at = folder("code", { "old.js": "" });
    await unpack([{ kind: "text", at: "new.js", text: "" }], at);
    assert.deepEqual(readdirSync(at), ["new.js"]);
  });

  it("writes nothing outside of its folder", async () => {
    const parts: ArchivePart[] = [{ kind: "text", at: "../outside.js", text: "" }];
    await assert.rejects(unpack(parts, join(base, "code")), /holds \.\.\/outside\.js, which lies outside/);
    assert.equal(existsSync(join(base, "outside.js")), false);
  });

  it("fails the call where it cannot be unpacked, and tries again at the next", async () => {
    const file = join(base, "late.zip");
    const fn = make([{ kind: "zip", at: "", path: file }]);
    assert.match(String(await answer(fn)), /Runtime\.ImportModuleError: .*late\.zip/);
    const whole = await zip("whole.zip", { "index.js": "exports.handler = async () => 1;" });
    mkdirSync(dirname(file), { recursive: true });
    copyFileSync(whole, file);
    assert.equal(await answer(fn), 1);
  });

  it("says which handler it lacks", async () => {
    const path = folder("lambda", { "index.js": "exports.other = 1;" });
    assert.match(String(await answer(make(root(path)))), /index\.handler is not a function/);
    assert.match(String(await answer(make(root(path), "app.handler"))), /Cannot find module 'app'/);
    assert.match(String(await answer(make(root(path), "handler"))), /handler is not FILE\.EXPORT/);
  });

  it("answers by its callback where it takes one", async () => {
    const path = folder("lambda", {
      "index.js": "exports.handler = (e, c, done) => { setImmediate(() => done(null, 'late')); };",
      "fails.js": "exports.handler = (e, c, done) => done(new TypeError('no'));",
    });
    assert.equal(await answer(make(root(path))), "late");
    assert.equal(await answer(make(root(path), "fails.handler")), "TypeError: no");
  });
});
