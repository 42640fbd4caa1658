import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exitCodeOf } from "../../../local/errors";
import { readConfig, type StackConfig } from "../../../local/plan/config";
import { readProject } from "../../../local/plan/project";
import { temporaryFolder } from "../fakes";

const project = `runtime: nodejs
name: web
config:
  processor: { type: string, default: map }
  panels: { type: array, items: { type: string }, default: [total] }
  size: { type: integer }
`;

const wrongUsage =
  (text: RegExp) =>
  (error: unknown): boolean =>
    exitCodeOf(error) === 2 && text.test((error as Error).message);

describe("readConfig", () => {
  let folder: string;
  beforeEach(function () {
    folder = temporaryFolder(this);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "Pulumi.yaml"), project);
  });
  const read = (name: string | undefined, set: readonly string[] = []): StackConfig =>
    readConfig(readProject(folder), name, set);
  const stack = (text: string): void => writeFileSync(join(folder, "Pulumi.dev.yaml"), text);

  it("applies defaults, then the stack's file, then --set", () => {
    stack("config:\n  aws:region: eu-west-1\n  web:processor: identity\n  web:size: 7\n");
    assert.deepEqual(read("dev").values, {
      "aws:region": "eu-west-1",
      "web:processor": "identity",
      "web:panels": '["total"]',
      "web:size": "7",
    });
    assert.equal(read("dev", ["processor=map=x"]).values["web:processor"], "map=x");
  });

  it("puts a placeholder for an encrypted value, and says so", () => {
    stack("config:\n  web:processor:\n    secure: AAABB\n");
    const { values, notes } = read("dev");
    assert.match(values["web:processor"] ?? "", /placeholder/);
    assert.match(notes.join(), /web:processor is encrypted/);
    assert.deepEqual(read("dev", ["processor=map"]).notes, []);
  });

  it("puts a placeholder for what is encrypted within a list or an object", () => {
    stack("config:\n  web:panels:\n    - total\n    - secure: AAABB\n  web:size:\n    a: { secure: AA }\n");
    const { values, secretKeys } = read("dev");
    assert.equal(values["web:panels"], '["total","placeholder-of-an-encrypted-value"]');
    assert.equal(values["web:size"], '{"a":"placeholder-of-an-encrypted-value"}');
    assert.deepEqual(secretKeys, ["web:panels", "web:size"]);
  });

  it("takes the only stack where none is named, and the defaults where there is none at all", () => {
    assert.equal(read(undefined).values["web:processor"], "map");
    assert.match(read("dev").notes.join(), /no Pulumi\.STACK\.yaml/);
    assert.throws(() => read("prod"), /Stacks here: none\./);
    writeFileSync(join(folder, "Pulumi.live.yaml"), "config: { size: 9 }\n");
    assert.deepEqual([read(undefined).stack, read(undefined).values["web:size"]], ["live", "9"]);
  });

  it("takes any key where the project does not declare what it uses", () => {
    stack("config: { web:other: 1 }\n");
    assert.equal(read("dev", ["procesor=map"]).values["web:procesor"], "map");
  });

  it("says that an environment of Pulumi's service is not asked", () => {
    stack("environment: [web/dev]\n");
    assert.match(read("dev").notes.join(), /an environment of Pulumi's service/);
  });

  it("refuses an unknown key, an unknown stack and broken YAML with what is known", () => {
    stack("config: {}\n");
    assert.throws(
      () => read("dev", ["procesor=map"]),
      wrongUsage(/no setting procesor\. Did you mean processor\?$/),
    );
    assert.throws(() => read("dev", ["shards=1"]), wrongUsage(/There are processor, panels, size\.$/));
    assert.throws(() => read("dev", ["processor"]), wrongUsage(/expected key=value/));
    assert.throws(() => read("prod"), wrongUsage(/Stacks here: dev\. Choose one/));
    assert.throws(() => read("dve"), wrongUsage(/Did you mean --stack dev\?$/));
    assert.throws(() => read("../dev"), /Stacks here: dev\./);
    stack("config: hello\n");
    assert.throws(
      () => read("dev"),
      /Pulumi\.dev\.yaml: config is "hello"\. Allowed: names with their values/,
    );
    stack("config: [");
    assert.throws(() => read("dev"), /Pulumi\.dev\.yaml is not valid YAML/);
  });
});
