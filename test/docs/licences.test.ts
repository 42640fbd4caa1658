import { deepEqual, equal } from "node:assert/strict";
import { isAllowed, unknownLicences } from "../../docs/licences";

describe("licences", () => {
  it("are allowed where every part of AND and one part of OR is", () => {
    for (const yes of ["MIT", "(BSD-3-Clause AND Apache-2.0)", "GPL-3.0 OR MIT"])
      equal(isAllowed(yes), true, yes);
    for (const no of ["GPL-3.0", "MIT AND GPL-3.0", "(AGPL-3.0 OR GPL-2.0)", "", "UNLICENSED"]) {
      equal(isAllowed(no), false, no);
    }
  });

  it("that nobody has read are named with their package", () => {
    deepEqual(
      unknownLicences({
        "node_modules/a": { version: "1.0.0", license: "MIT" },
        "node_modules/b": { version: "2.0.0", license: "GPL-3.0" },
        "node_modules/a/node_modules/@c/d": { version: "3.0.0" },
        "node_modules/axe-core": { version: "4.0.0", license: "MPL-2.0" },
      }),
      ["b 2.0.0: GPL-3.0", "@c/d 3.0.0: none"],
    );
  });
});
