import { strict as assert } from "node:assert";
import { openDoors } from "../../local/inspection";
import { closeAll, type Opened } from "../../local/opened";
import { aPlan, aProcessor, aStreamNamed } from "./fakes";

describe("the doors for debuggers", () => {
  const opened: Opened = [];
  afterEach(() => closeAll(opened));

  const plan = aPlan(
    aStreamNamed("web", { processor: aProcessor("") }),
    aStreamNamed("plain"),
    aStreamNamed("orders", { processor: aProcessor("") }),
  );
  const said: string[] = [];
  const log = (text: string): void => void said.push(text);

  it("are one for each function, on this machine alone, and are said", async () => {
    const doors = await openDoors({ port: 0, waits: true }, plan, { opened, log });
    assert.deepEqual([...doors.keys()], ["web", "orders"]);
    const { port } = doors.get("orders")!;
    const line = `inspect: transform of the stream orders is at 127.0.0.1:${port}, and waits for a debugger`;
    assert.equal(said.at(-1), line);
  });

  it("say which port is in use, and how to take another", async () => {
    const [door] = (await openDoors({ port: 0, waits: false }, plan, { opened, log })).values();
    const again = openDoors({ port: door!.port, waits: false }, plan, { opened, log });
    await assert.rejects(again, /Debugger: port \d+ is in use.*--inspect PORT/);
  });
});
