import { strict as assert } from "node:assert";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../local/errors";
import { foldersFor, streamFolders } from "../../local/stream-folders";
import { temporaryFolder } from "./fakes";

describe("the folders of the streams", () => {
  const alone = { web: "." };

  it("are the data folder itself for one stream, and one for each of several", () => {
    assert.deepEqual(foldersFor(["web"], {}, false), alone);
    assert.deepEqual(foldersFor(["web", "orders"], {}, false), {
      web: "streams/web",
      orders: "streams/orders",
    });
  });

  it("stay what they were when streams come, go and change places", () => {
    assert.deepEqual(foldersFor(["orders", "web"], alone, true), { web: ".", orders: "streams/orders" });
    const both = { web: "streams/web", orders: "streams/orders" };
    assert.deepEqual(foldersFor(["orders"], both, false), both);
    assert.deepEqual(foldersFor(["web", "clicks"], { web: ".", orders: "streams/orders" }, true), {
      web: ".",
      orders: "streams/orders",
      clicks: "streams/clicks",
    });
  });

  it("go on under the new name of the only stream, and never become another stream's", () => {
    assert.deepEqual(foldersFor(["shop"], alone, true), { shop: "." });
    assert.deepEqual(foldersFor(["shop"], { web: ".", orders: "streams/orders" }, true), {
      web: ".",
      orders: "streams/orders",
      shop: "streams/shop",
    });
  });

  it("leave a folder of an earlier version to the first stream", () => {
    assert.deepEqual(foldersFor(["web", "orders"], {}, true), { web: ".", orders: "streams/orders" });
  });

  it("are folders of their own for every name that AWS takes", () => {
    assert.deepEqual(foldersFor(["..", "."], {}, false), { "..": "streams/%2E.", ".": "streams/%2E" });
  });

  it("are written down whole, and what is written there is not taken for granted", function () {
    const folder = temporaryFolder(this);
    streamFolders(folder, ["web", "orders"]);
    const file = join(folder, "streams.json");
    const written = readFileSync(file, "utf8");
    assert.deepEqual(streamFolders(folder, ["orders"]), JSON.parse(written));
    assert.deepEqual(readdirSync(folder), ["streams.json"]);
    for (const text of [
      "",
      "[3]",
      "null",
      '{"web":"../else"}',
      '{"web":"streams/.."}',
      '{"a":".","b":"."}',
      written.slice(1),
    ]) {
      writeFileSync(file, text);
      assert.throws(
        () => streamFolders(folder, ["web"]),
        (error) => error instanceof UserError && error.message.includes(file),
        text,
      );
    }
  });
});
