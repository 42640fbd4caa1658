import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { compress } from "../../local/backup/compress";
import { needs } from "./needs";

const python = resolve(__dirname, "../../.cache/python/bin/python3");

describe("backup formats, read by other libraries", () => {
  const folder = mkdtempSync(join(tmpdir(), "formats-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const bodies = [
    Buffer.from('{"message":"hello world"}\n'.repeat(200_000)),
    randomBytes(100_001),
    Buffer.from("a"),
  ];
  for (const format of ["ZIP", "Snappy", "HADOOP_SNAPPY"] as const) {
    it(`unpacks ${format} in Python`, async function () {
      const known = existsSync(python) && spawnSync(python, ["-c", "import kafka, snappy"]).status === 0;
      needs(this, known ? undefined : "no Python packages; bash test/real/install.sh brings them");
      for (const body of bodies) {
        const key = "raw/web-1-2026-03-01-09-08-07-0f8fad5b-d9cb-469f-a165-70867728950e.zip";
        const file = join(folder, format);
        writeFileSync(file, await compress(body, { format, key, oldestArrivalMs: 0 }));
        const { status, stdout, stderr } = spawnSync(
          python,
          [join(__dirname, "faults-formats.py"), format, file],
          {
            maxBuffer: 1e8,
          },
        );
        assert.equal(status, 0, stderr.toString());
        assert.ok(body.equals(stdout), `${stdout.length} of ${body.length} bytes`);
      }
    });
  }
});
