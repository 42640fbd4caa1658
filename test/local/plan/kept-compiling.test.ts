import { strict as assert } from "node:assert";
import { keepCompiling } from "../../../local/plan/kept-compiling";

const registered = Symbol.for("ts-node.register.instance");

interface Service {
  compile(code: string, file: string): string;
}

const aService = (compile: Service["compile"], changes: object = {}, settings: object = {}): Service =>
  Object.assign(
    { ts: { version: "0.0.1" }, options: { transpileOnly: true }, config: { options: settings }, compile },
    changes,
  );

const never = (): string => assert.fail("it was compiled before");

describe("what ts-node has compiled", () => {
  const { prepareStackTrace } = Error;
  /** As ts-node does it. */
  const register = (service: Service): Service =>
    Object.assign(process, { [registered]: service })[registered] as Service;
  beforeEach(() => keepCompiling());
  afterEach(() => {
    Reflect.deleteProperty(process, registered);
    Error.prepareStackTrace = prepareStackTrace;
  });

  it("is the same at the next start, and compiled anew for another file, text or setting", () => {
    const first = register(aService((code, file) => `${file}: ${code}`));
    assert.equal(first.compile("one", "a.ts"), "a.ts: one");
    assert.equal(register(aService(never)).compile("one", "a.ts"), "a.ts: one");
    for (const [what, code, file, changes, settings] of [
      ["another text", "two", "a.ts", {}, {}],
      ["another file", "one", "b.ts", {}, {}],
      ["another setting", "one", "a.ts", {}, { target: 9 }],
      ["another compiler", "one", "a.ts", { ts: { version: "0.0.2" } }, {}],
    ] as const)
      assert.equal(register(aService(() => what, changes, settings)).compile(code, file), what);
  });

  it("is not kept where it depends on more than the file: types, or somebody's own transformations", () => {
    for (const options of [
      { transpileOnly: false },
      { transpileOnly: true, swc: true },
      { transpileOnly: true, transpiler: "other" },
      { transpileOnly: true, transformers: {} },
    ]) {
      let times = 0;
      const service = register(aService(() => `${++times}`, { options }));
      service.compile("one", "a.ts");
      assert.equal(service.compile("one", "a.ts"), "2");
    }
  });

  it("has its places told by Node, which knows those of kept code too", () => {
    const service = aService(never);
    Error.prepareStackTrace = () => "ts-node's";
    register(service);
    assert.equal(Error.prepareStackTrace, prepareStackTrace);
  });
});
