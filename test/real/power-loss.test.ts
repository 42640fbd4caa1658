import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { evaluateApart } from "../../local/plan/evaluate-apart";
import type { Plan } from "../../local/plan/plan";
import { CrashLoad } from "./crash-load";
import { planFor } from "./crash-plan";
import { CrashRun } from "./crash-process";
import { proveExactlyOnce } from "./crash-proof";
import { needs } from "./needs";
import { randomFrom } from "./opensearch/random";
import { ForgetfulDisk, powerLossMissing } from "./power-loss-disk";

const cuts = Number(process.env["POWER_CUTS"] ?? 12);
const root = resolve(__dirname, "../..");

describe("a loss of power", function () {
  this.timeout(600_000 + cuts * 20_000);
  let evaluated: Plan;
  let folder: string;
  let disk: ForgetfulDisk;
  let run: CrashRun;

  before(async function () {
    needs(this, powerLossMissing());
    evaluated = await evaluateApart({ folder: root, stack: "dev", set: ["processor=identity"] });
    folder = mkdtempSync(join(tmpdir(), "power-loss-"));
    disk = new ForgetfulDisk(folder);
  });
  after(async () => {
    if (folder === undefined) return;
    run?.kill();
    await run?.ended;
    disk?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`takes no acknowledged record, and makes none twice, ${cuts} times under load`, async () => {
    const random = randomFrom(3);
    const load = new CrashLoad(random);
    const data = join(disk.folder, "data");
    let forgotten = 0;
    for (let i = 0; i < cuts; i++) {
      run = new CrashRun(planFor(evaluated, random), folder, data);
      const loading = load.sendTo(await run.ready, 2);
      const pause = (): Promise<void> => new Promise((wake) => setTimeout(wake, random.number(700)));
      await pause();
      if (random.chance(0.5)) disk.writeBack();
      await pause();
      disk.cutPower();
      run.kill();
      const { text } = await run.ended;
      assert.doesNotMatch(
        text.replaceAll(/.*(disk I\/O error|EIO).*/g, ""),
        /damaged|lost/,
        `start ${i + 1}`,
      );
      load.stop();
      await loading;
      if (disk.powerOn().forgot) forgotten++;
    }
    assert.equal(forgotten, cuts, "each cut forgets what was not synced");
    // A call that was being synced may be on the disk although its answer says it is not.
    load.refused.clear();
    run = new CrashRun(planFor(evaluated, random), folder, data);
    const counts = await proveExactlyOnce(run, load, data);
    console.log(`      ${cuts} losses of power: ${counts}`);
  });
});
