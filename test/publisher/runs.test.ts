import { rejects } from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackOutputs } from "../../publisher/runs";

describe("the outputs of a stack", () => {
  const { PATH } = process.env;
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "outputs-"));
    process.env["PATH"] = folder;
  });
  afterEach(() => {
    process.env["PATH"] = PATH;
    rmSync(folder, { recursive: true });
  });

  it("are asked of the pulumi that is installed, where the project has none among its packages", async () => {
    await rejects(stackOutputs("dev", folder), /^Error: the command pulumi is not installed$/);
    // What may not be started was found.
    writeFileSync(join(folder, "pulumi"), "", { mode: 0o600 });
    await rejects(stackOutputs("dev", folder), /EACCES/);
  });

  it("are asked of the project's own before any other", async () => {
    mkdirSync(join(folder, "node_modules", ".bin"), { recursive: true });
    writeFileSync(join(folder, "node_modules", ".bin", "pulumi"), "", { mode: 0o600 });
    await rejects(stackOutputs("dev", folder), /node_modules\/\.bin\/pulumi EACCES/);
  });
});
