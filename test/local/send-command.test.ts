import assert from "node:assert/strict";
import { join } from "node:path";
import { sampledProcessors, sendCommand } from "../../local/send-command";
import { sampleKinds } from "../../publisher/records/samples";

describe("the command that sends records into a run", () => {
  const checkout = join(__dirname, "../..");
  const place = { stack: "dev", dataFolder: join(checkout, ".local/dev"), processor: "map" };

  it("is the plain one for the usual run", () => {
    assert.equal(sendCommand(place), "npm run publish -- 1000");
  });

  it("names the stack, or the folder where the run is in another one, as a shell takes it", () => {
    const prod = { ...place, stack: "prod", dataFolder: join(checkout, ".local/prod") };
    assert.equal(sendCommand(prod), "npm run publish -- 1000 --stack prod");
    assert.equal(
      sendCommand({ ...place, dataFolder: "/tmp/a" }),
      "npm run publish -- 1000 --local --data /tmp/a",
    );
    assert.equal(
      sendCommand({ ...place, dataFolder: "/tmp/Ann's run" }),
      `npm run publish -- 1000 --local --data '/tmp/Ann'\\''s run'`,
    );
  });

  it("names the folder of another program's run, which is not beside what is typed", () => {
    const other = { ...place, dataFolder: "/program/.local/dev" };
    assert.equal(sendCommand(other), "npm run publish -- 1000 --local --data /program/.local/dev");
    assert.equal(sendCommand(other, "/program"), "npm run publish -- 1000");
  });

  it("names one of several streams", () => {
    assert.equal(sendCommand({ ...place, streamName: "web" }), "npm run publish -- 1000 --stream web");
  });

  it("sends what the processor reads, where the publisher can invent it", () => {
    const ofLogs = { ...place, processor: "access-log, redact" };
    assert.equal(sendCommand(ofLogs), "npm run publish -- 1000 --sample access-log");
    assert.deepEqual([...sampledProcessors].sort(), [...sampleKinds].sort());
  });
});
