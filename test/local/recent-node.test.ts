import { strict as assert } from "node:assert";
import { refuseOldNode } from "../../local/recent-node";

describe("the Node of a local run", () => {
  it("is 24 or a later one, else it is said which one is needed and how to have it", () => {
    for (const version of ["24.0.0", "26.1.0"]) refuseOldNode(version);
    for (const version of ["9.1.0", "20.20.2", "23.11.0"]) {
      assert.throws(() => refuseOldNode(version), {
        name: "UserError",
        message: new RegExp(`^This is Node ${version}; a local run needs 24.*npm rebuild node`),
      });
    }
  });
});
