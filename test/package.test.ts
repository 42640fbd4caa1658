import assert from "node:assert/strict";
import { scripts } from "../package.json";

describe("the package", () => {
  it("has no script that npm would run, or warn of, where it is installed", () => {
    const atInstall = ["preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare"];
    assert.deepEqual(
      Object.keys(scripts).filter((name) => atInstall.includes(name)),
      [],
    );
  });
});
