import { strict as assert } from "node:assert";
import { mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Evidence } from "../../../local/plan/evidence";
import { contentOf, listingOf } from "../../../local/plan/fingerprints";
import { keep, keptFile, readKept } from "../../../local/plan/kept-plan";
import type { Plan } from "../../../local/plan/plan";
import { temporaryFolder } from "../fakes";

const plan = { project: "web", stack: "dev", chosenProcessor: undefined } as unknown as Plan;

describe("a kept plan", () => {
  let folder: string;
  let file: string;
  let source: string;
  beforeEach(function () {
    folder = temporaryFolder(this);
    mkdirSync(join(folder, "app"), { recursive: true });
    source = join(folder, "app/index.ts");
    writeFileSync(source, "one");
    process.env["KEPT_PLAN"] = "one";
    file = join(folder, "cache/x.plan");
    const evidence: Evidence = {
      files: { [source]: contentOf(source) },
      folders: { [join(folder, "app")]: listingOf(join(folder, "app")) },
      paths: { [join(folder, "other")]: false },
      environment: { KEPT_PLAN: "one", KEPT_PLAN_NONE: undefined },
    };
    keep(file, { plan, evidence });
  });
  afterEach(() => {
    delete process.env["KEPT_PLAN"];
    delete process.env["KEPT_PLAN_NONE"];
  });

  it("is the plan that was kept while nothing has changed", () => {
    writeFileSync(join(folder, "app/.local"), "a run's own data");
    assert.deepEqual(readKept(file), plan);
    assert.ok("chosenProcessor" in readKept(file)!);
  });

  it("is none once a file, a folder, a path or a variable has changed", () => {
    const changes: readonly [string, () => void, () => void][] = [
      ["a file", () => writeFileSync(source, "two"), () => writeFileSync(source, "one")],
      ["a path", () => mkdirSync(join(folder, "other")), () => rmdirSync(join(folder, "other"))],
      ["a variable", () => (process.env["KEPT_PLAN"] = "two"), () => (process.env["KEPT_PLAN"] = "one")],
      [
        "a new variable",
        () => (process.env["KEPT_PLAN_NONE"] = ""),
        () => delete process.env["KEPT_PLAN_NONE"],
      ],
      ["a folder", () => writeFileSync(join(folder, "app/new.ts"), ""), () => {}],
    ];
    for (const [what, change, undo] of changes) {
      change();
      assert.equal(readKept(file), undefined, what);
      undo();
      if (what !== "a folder") assert.deepEqual(readKept(file), plan, what);
    }
  });

  it("is none where its file is damaged, cut, empty or missing", () => {
    const whole = readFileSync(file);
    const damaged = Buffer.from(whole);
    damaged[whole.length - 5]! ^= 1;
    for (const content of [damaged, whole.subarray(0, -1), whole.subarray(0, 10), Buffer.alloc(0)]) {
      writeFileSync(file, content);
      assert.equal(readKept(file), undefined);
    }
    assert.equal(readKept(`${file}.none`), undefined);
    writeFileSync(file, whole);
    assert.deepEqual(readKept(file), plan);
  });

  it("can be read by its user alone, and costs nothing where it cannot be written", () => {
    assert.equal(statSync(file).mode & 0o777, 0o600);
    keep(join(source, "below-a-file.plan"), { plan, evidence: {} as Evidence });
  });

  it("is another for each folder, stack, setting and stand-in", () => {
    const asked = [
      { folder: "/a" },
      { folder: "/b" },
      { folder: "/a", stack: "prod" },
      { folder: "/a", set: ["x=1"] },
      { folder: "/a", standIns: ["x=1"] },
    ];
    assert.equal(new Set(asked.map((one) => keptFile(one))).size, asked.length);
    assert.equal(keptFile({ folder: "/a", stack: "prod" }), keptFile({ stack: "prod", folder: "/a" }));
  });
});
