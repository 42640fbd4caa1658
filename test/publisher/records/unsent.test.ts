import { deepStrictEqual, throws } from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exitCodes } from "../../../publisher/errors";
import { UnsentFile } from "../../../publisher/records/unsent";
import { ListedBatch } from "../../../publisher/wire/put-batch";

const batch = new ListedBatch([Buffer.from("a")]);

describe("publisher/records/unsent", () => {
  let dir: string;
  const path = () => join(dir, "rest.log");

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "unsent-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it("leaves no file where nothing was to be kept, and none where the input is whole", () => {
    const [empty, whole] = [new UnsentFile(path()), new UnsentFile(path())];

    empty.make();
    empty.close();
    whole.write(batch);
    whole.discard();

    deepStrictEqual([empty.path, whole.path, readdirSync(dir)], [undefined, undefined, []]);
  });

  for (const [what, put] of [
    ["an input of the run, or what an earlier one left", () => writeFileSync(path(), "kept\n")],
    ["a folder", () => mkdirSync(path())],
  ] as const)
    it(`refuses ${what}, before and while something is sent`, () => {
      put();
      const file = new UnsentFile(path());

      throws(() => file.make(), {
        exitCode: exitCodes.usage,
        message: /^--unsent: got EEXIST.*rest\.log'; allowed/,
      });
      throws(() => file.write(batch), { exitCode: exitCodes.notAccepted, message: /cannot be kept: EEXIST/ });
      file.close();

      deepStrictEqual(readdirSync(dir), ["rest.log"]);
    });

  it("keeps what is there", () => {
    writeFileSync(path(), "kept\n");
    const file = new UnsentFile(path());

    throws(() => file.write(batch));
    file.discard();

    deepStrictEqual(readFileSync(path(), "utf8"), "kept\n");
  });

  it("refuses a folder that is not there", () => {
    throws(
      () => new UnsentFile(join(dir, "none", "rest.log")).make(),
      /ENOENT.*; allowed: a file that is not there yet/,
    );
  });
});
