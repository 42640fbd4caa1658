import { strict as assert } from "node:assert";
import fs, { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { BucketFolder } from "../../../local/backup/bucket-folder";
import { temporaryFolder } from "../fakes";

describe("BucketFolder", () => {
  let folder: string;
  let bucket: BucketFolder;
  beforeEach(function () {
    folder = temporaryFolder(this);
    bucket = new BucketFolder(join(folder, "bucket"));
  });

  it("writes an object whole, and puts another in its place under the same key", () => {
    bucket.put("a/b", Buffer.from("first"));
    bucket.put("a/b", Buffer.from("2nd"));
    assert.equal(readFileSync(join(folder, "bucket/a/b"), "utf8"), "2nd");
    assert.deepEqual(readdirSync(join(folder, "bucket/a")), ["b"]);
  });

  it("refuses keys that leave the folder", () => {
    for (const key of ["../x", "a/../../x", "/etc/x", "", "a\0b"])
      assert.throws(() => bucket.put(key, Buffer.from("x")), /leaves the bucket folder/, key);
  });

  it("follows no link out of the folder, neither of a folder above nor in the place of the object", function () {
    if (process.platform === "win32") this.skip();
    const outside = join(folder, "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, "file"), "as it was");
    bucket.put("a/first", Buffer.from("x"));
    symlinkSync(outside, join(folder, "bucket/link"));
    assert.throws(() => bucket.put("link/file", Buffer.from("x")), /leaves the bucket folder/);
    for (const name of ["b", "b.part"]) symlinkSync(join(outside, "file"), join(folder, "bucket/a", name));
    bucket.put("a/b", Buffer.from("new"));
    assert.equal(readFileSync(join(folder, "bucket/a/b"), "utf8"), "new");
    assert.equal(readFileSync(join(outside, "file"), "utf8"), "as it was");
    assert.deepEqual(readdirSync(outside), ["file"]);
  });

  it("syncs the object, then its name, then the names of new folders", function () {
    // Only Linux tells the path of an open file.
    if (process.platform !== "linux") this.skip();
    const synced: string[] = [];
    const { fsyncSync } = fs;
    fs.fsyncSync = (descriptor) => {
      synced.push(relative(folder, fs.readlinkSync(`/proc/self/fd/${descriptor}`)));
      fsyncSync(descriptor);
    };
    try {
      bucket.put("a/b/one", Buffer.from("x"));
      bucket.put("a/b/two", Buffer.from("x"));
    } finally {
      fs.fsyncSync = fsyncSync;
    }
    assert.deepEqual(synced, [
      "bucket/a/b/one.part",
      "bucket/a/b",
      "bucket/a",
      "bucket",
      "",
      "bucket/a/b/two.part",
      "bucket/a/b",
    ]);
  });
});
