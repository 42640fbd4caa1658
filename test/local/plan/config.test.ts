import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../../local/plan/config";
import { temporaryFolder } from "../fakes";

const project = `name: web
config:
  processor: { type: string, default: map }
  panels: { type: array, items: { type: string }, default: [total] }
  size: { type: integer }
`;

describe("readConfig", () => {
  let folder: string;
  beforeEach(function () {
    folder = temporaryFolder(this);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "Pulumi.yaml"), project);
  });
  const stack = (text: string): void => writeFileSync(join(folder, "Pulumi.dev.yaml"), text);

  it("applies defaults, then the stack's file, then --set", () => {
    stack("config:\n  aws:region: eu-west-1\n  web:processor: identity\n  web:size: 7\n");
    assert.deepEqual(readConfig(folder, "dev", []).values, {
      "aws:region": "eu-west-1",
      "web:processor": "identity",
      "web:panels": '["total"]',
      "web:size": "7",
    });
    assert.equal(readConfig(folder, "dev", ["processor=map=x"]).values["web:processor"], "map=x");
  });

  it("puts a placeholder for an encrypted value, and says so", () => {
    stack("config:\n  web:processor:\n    secure: AAABB\n");
    const { values, notes } = readConfig(folder, "dev", []);
    assert.match(values["web:processor"] ?? "", /placeholder/);
    assert.match(notes.join(), /web:processor is encrypted/);
  });

  it("refuses an unknown key, an unknown stack and broken YAML with what is known", () => {
    stack("config: {}\n");
    assert.throws(
      () => readConfig(folder, "dev", ["procesor=map"]),
      /unknown key\. Known: processor, panels, size/,
    );
    assert.throws(() => readConfig(folder, "dev", ["processor"]), /expected key=value/);
    assert.throws(() => readConfig(folder, "prod", []), /Stacks here: dev\./);
    assert.throws(() => readConfig(folder, "../dev", []), /Stacks here: dev\./);
    stack("config: [");
    assert.throws(() => readConfig(folder, "dev", []), /Pulumi\.dev\.yaml is not valid YAML/);
  });
});
