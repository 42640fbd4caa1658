import { strict as assert } from "node:assert";
import { ProbeRoom } from "../../../local/probe/probe-room";
import type { CallReply } from "../../../local/rooms";
import { ManualClock } from "../fakes";

const minuteMs = 60_000;
const failure: CallReply = { errorType: "Error", errorMessage: "the stream did not take the probe" };
const looked = (look: object): CallReply => ({ payload: JSON.stringify(look) });

describe("ProbeRoom", () => {
  let clock: ManualClock;
  let room: ProbeRoom;
  let called: string[];
  let said: string[];
  let sent: CallReply;
  let found: CallReply;

  const callable = (name: string, reply: () => CallReply) => ({
    invoke: (event: string) => {
      called.push(`${name} ${JSON.parse(event).time}`);
      return Promise.resolve(reply());
    },
    close: () => Promise.resolve(),
  });
  /** To the first second of the next minute, and until both were called. */
  const nextMinute = () => clock.advance(minuteMs - (clock.nowMs() % minuteMs));

  beforeEach(() => {
    clock = new ManualClock();
    called = [];
    said = [];
    sent = { payload: "null" };
    found = looked({ arrived: 0, lost: 0 });
    room = new ProbeRoom({
      streams: [
        {
          deliveryStreamName: "web",
          sender: callable("send", () => sent),
          finder: callable("find", () => found),
        },
      ],
      region: "eu-west-1",
      clock,
      log: (text) => said.push(text),
    });
    room.start();
  });
  afterEach(() => room.close());

  it("calls the sender and then the finder for each whole minute", async () => {
    await nextMinute();
    await nextMinute();

    assert.deepEqual(called, [
      "send 2026-03-01T09:09:00Z",
      "find 2026-03-01T09:09:00Z",
      "send 2026-03-01T09:10:00Z",
      "find 2026-03-01T09:10:00Z",
    ]);
  });

  it("adds up what the finder answers, and says when the newest one was sent", async () => {
    found = looked({ arrived: 1, lost: 0, latencySeconds: 60 });
    await nextMinute();
    found = looked({ arrived: 0, lost: 1, latencySeconds: 120 });
    await nextMinute();

    assert.deepEqual(room.status("web"), {
      sent: 2,
      arrived: 1,
      lost: 1,
      latencySeconds: 120,
      lastSeen: "2026-03-01T09:08:00.000Z",
      problem: undefined,
    });
    assert.equal(room.status("other"), undefined);
  });

  it("says a problem once for as long as it lasts, and goes on counting", async () => {
    sent = failure;
    await nextMinute();
    await nextMinute();
    assert.equal(room.status("web")?.problem, "the stream did not take the probe");
    assert.deepEqual(said, ["probe of web: the stream did not take the probe"]);

    sent = { payload: "null" };
    await nextMinute();
    assert.deepEqual([room.status("web")?.sent, room.status("web")?.problem], [1, undefined]);
  });

  it("calls nobody after it was closed", async () => {
    await room.close();
    await nextMinute();

    assert.deepEqual(called, []);
  });
});
