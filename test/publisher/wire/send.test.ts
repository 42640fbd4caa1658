import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { numberedBatches } from "../../../publisher/records/numbered";
import { connect } from "../../../publisher/wire/connection";
import { batchesOf, ListedBatch, type PutBatch } from "../../../publisher/wire/put-batch";
import { type SendOptions, type Summary, sendAll } from "../../../publisher/wire/send";
import { type Faults, manualClock, type Sink, startSink, targetAt } from "../sink";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

const unbase64 = (text: string): string => Buffer.from(text, "base64").toString();

describe("publisher/wire/send", () => {
  let sink: Sink;

  afterEach(() => sink.close());

  async function send(
    source: Iterable<PutBatch> | AsyncIterable<PutBatch>,
    options: SendOptions = {},
  ): Promise<Summary> {
    const connection = connect(sink.target);
    try {
      return await sendAll(connection.put, source, { clock: manualClock(), ...options });
    } finally {
      connection.close();
    }
  }

  it("sends exactly the messages 1 to 1234, each with one newline", async () => {
    sink = await startSink();

    const summary = await send(numberedBatches(1234));

    const expected = Array.from({ length: 1234 }, (_, n) => `{"message":"hello world ${n + 1}"}\n`);
    deepStrictEqual([...sink.seen.keys()].map(unbase64).sort(), [...expected].sort());
    strictEqual(sink.accepted(), 1234);
    deepStrictEqual(sink.calls.map((call) => call.length).sort(), [234, 500, 500]);
    strictEqual(summary.accepted, 1234);
    strictEqual(summary.acceptedBytes, Buffer.byteLength(expected.join("")));
    strictEqual(summary.unsent, 0);
  });

  it("encodes once: hello is aGVsbG8= on the wire, aGVsbG8= stays those 8 characters [B11]", async () => {
    sink = await startSink();

    await send(batchesOf([Buffer.from("hello"), Buffer.from("aGVsbG8=")]));

    deepStrictEqual(sink.calls, [["aGVsbG8=", base64("aGVsbG8=")]]);
  });

  it("makes no call where there is nothing to send [B24]", async () => {
    sink = await startSink();

    const summary = await send(numberedBatches(0));

    strictEqual(sink.calls.length, 0);
    strictEqual(summary.calls, 0);
  });

  it("sends again only the entries that failed, in order, matched by position [B17]", async () => {
    sink = await startSink({ failEntries: 0.5, calls: 1, seed: 3 });
    const records = ["a", "b", "c", "d", "e", "f"];

    const summary = await send(batchesOf(records.map((text) => Buffer.from(text))));

    const [first, second] = sink.calls;
    const missing = (first ?? []).filter((record) => second?.includes(record));
    deepStrictEqual(second, missing);
    strictEqual(sink.calls.length, 2);
    strictEqual((second ?? []).length > 0 && (second ?? []).length < 6, true);
    deepStrictEqual([...sink.seen.values()], [1, 1, 1, 1, 1, 1]);
    strictEqual(summary.accepted, 6);
    strictEqual(summary.resent, second?.length);
  });

  const faults: Record<string, Faults> = {
    "5% of the entries failing": { failEntries: 0.05, seed: 11 },
    "60% of the entries failing": { failEntries: 0.6, seed: 12 },
    "entries and calls throttled": { throttleEntries: 0.2, throttleCalls: 0.3, seed: 13 },
    "connections cut after accepting": { dropAnswers: 0.3, seed: 14 },
    "answers torn": { tearAnswers: 0.3, seed: 15 },
    "slow answers out of order": { slow: 0.5, seed: 16 },
    "all of it": {
      failEntries: 0.1,
      throttleEntries: 0.1,
      throttleCalls: 0.1,
      dropAnswers: 0.1,
      slow: 0.2,
      seed: 17,
    },
  };
  for (const [title, fault] of Object.entries(faults)) {
    it(`delivers exactly 4,000 distinct records with ${title}`, async () => {
      sink = await startSink(fault);

      const summary = await send(numberedBatches(4_000));

      strictEqual(sink.seen.size, 4_000);
      strictEqual(summary.accepted, 4_000);
      strictEqual(summary.unsent, 0);
      strictEqual(sink.accepted() - 4_000 <= summary.possibleDuplicates, true);
      if (!fault.dropAnswers && !fault.tearAnswers) strictEqual(sink.accepted(), 4_000);
    });
  }

  it("says how many records may be there twice after a lost answer [B26]", async () => {
    sink = await startSink({ dropAnswers: 1, calls: 1 });

    const summary = await send(numberedBatches(500));

    strictEqual(sink.accepted(), 1000);
    strictEqual(summary.possibleDuplicates, 500);
  });

  it("backs off between tries, exponentially and with jitter, and then gives up with the rest unsent [B19]", async () => {
    sink = await startSink({ throttleEntries: 1 });
    const clock = manualClock();
    const unsent: PutBatch[] = [];

    const summary = await send(numberedBatches(3), {
      clock,
      timeoutMs: 60_000,
      onUnsent: (batch) => unsent.push(batch),
    });

    const ceilings = clock.sleepsMs.map((_, n) => Math.min(20_000, 100 * 2 ** n));
    strictEqual(
      clock.sleepsMs.every((ms, n) => ms <= (ceilings[n] ?? 0)),
      true,
    );
    strictEqual(new Set(clock.sleepsMs).size, clock.sleepsMs.length);
    strictEqual(clock.now() <= 60_000, true);
    strictEqual(clock.now() > 20_000, true);
    strictEqual(summary.unsent, 3);
    strictEqual(summary.throttledCalls, summary.calls);
    strictEqual(summary.stopped, "nothing was accepted for 60 s");
    deepStrictEqual(
      unsent.map((batch) => batch.count),
      [3],
    );
  });

  it("gives up on a batch after the greatest number of tries", async () => {
    sink = await startSink({ failEntries: 1 });

    const summary = await send(numberedBatches(1), { maxAttempts: 4 });

    strictEqual(sink.calls.length, 4);
    strictEqual(summary.unsent, 1);
    strictEqual(summary.lastError, "InternalFailure: Internal service failure.");
  });

  for (const [name, id] of [
    ["ResourceNotFoundException", "B20"],
    ["AccessDeniedException", "B20"],
    ["InvalidArgumentException", "B20"],
    ["ExpiredTokenException", "B20"],
    ["InvalidKMSResourceException", "B99"],
  ]) {
    it(`stops at once on ${name} [${id}]`, async () => {
      sink = await startSink({ refuse: { status: 400, name: name ?? "", message: "no" } });

      const summary = await send(numberedBatches(10_000), { inFlight: 4 });

      strictEqual(sink.calls.length <= 4, true);
      strictEqual(summary.stopped, `${name}: no`);
      strictEqual(summary.unsent, 10_000);
      strictEqual(summary.accepted, 0);
    });
  }

  it("tries again where nothing listens, and says why it gave up", async () => {
    sink = await startSink();
    const gone = await startSink();
    await gone.close();
    const connection = connect(targetAt(gone.url));

    const summary = await sendAll(connection.put, numberedBatches(2), {
      clock: manualClock(),
      maxAttempts: 3,
    });

    connection.close();
    strictEqual(summary.calls, 3);
    strictEqual(summary.unsent, 2);
    strictEqual(summary.possibleDuplicates, 0);
    strictEqual(summary.lastError?.includes("ECONNREFUSED"), true);
  });

  it("has no more calls in flight than allowed, and takes the source no faster", async () => {
    sink = await startSink({ slow: 1 });

    await send(numberedBatches(10_000), { inFlight: 3 });

    strictEqual(sink.mostAtOnce(), 3);
  });

  it("ends the calls in flight after a stop and counts the rest as unsent", async () => {
    sink = await startSink({ slow: 1 });
    const stop = new AbortController();
    const unsent: PutBatch[] = [];

    const summary = await send(numberedBatches(10_000), {
      inFlight: 2,
      signal: stop.signal,
      onProgress: () => stop.abort(),
      onUnsent: (batch) => unsent.push(batch),
    });

    strictEqual(summary.stopped, "interrupted");
    strictEqual(sink.accepted(), summary.accepted);
    strictEqual(summary.accepted, 1000);
    strictEqual(summary.unsent, 9000);
    strictEqual(
      unsent.reduce((sum, batch) => sum + batch.count, 0),
      9000,
    );
  });

  it("does not read the rest of a source that can be read once more when nothing was accepted [B20]", async () => {
    sink = await startSink({ refuse: { status: 400, name: "ResourceNotFoundException", message: "no" } });

    const summary = await send(numberedBatches(10_000), { inFlight: 4, repeatable: true });

    strictEqual(summary.unsent <= 2000, true);
  });

  describe("answers that are none", () => {
    const nothing: Record<string, { readonly status: number; readonly body: string }> = {
      "an empty object": { status: 200, body: "{}" },
      "a page": { status: 200, body: "<html>welcome</html>" },
      "no entries": { status: 200, body: '{"FailedPutCount":0,"RequestResponses":[]}' },
      "no content": { status: 204, body: "" },
    };
    for (const [what, answer] of Object.entries(nothing)) {
      it(`does not take ${what} for acceptance: it stops, all is unsent and may be there [B17]`, async () => {
        sink = await startSink({ answer });

        const summary = await send(numberedBatches(1200), { repeatable: true });

        strictEqual(summary.accepted, 0);
        strictEqual(summary.calls >= 10 && summary.calls < 18, true);
        match(
          summary.stopped ?? "",
          /^the server's answer is none to PutRecordBatch: .*is the endpoint a Firehose\?$/,
        );
        strictEqual(summary.unsent, 1200);
        strictEqual(summary.possibleDuplicates > 1200, true);
      });
    }

    it("goes on behind one that was none, and counts its records as possibly there twice", async () => {
      sink = await startSink({ answer: { status: 200, body: "{}" }, calls: 2 });

      const summary = await send(numberedBatches(10), { inFlight: 1 });

      deepStrictEqual([summary.accepted, summary.possibleDuplicates, sink.accepted()], [10, 20, 10]);
    });

    const refusals: Record<string, [number, string, RegExp]> = {
      "a proxy's page": [403, "<html>\u001b[2J</html>", /^the endpoint answers 403 and "<html>/],
      "an error whose parts are no texts": [400, '{"__type":7,"message":[]}', /the endpoint answers 400/],
      "an empty body": [404, "", /^the endpoint answers 404 and an empty body$/],
      "a list": [413, "[]", /^the endpoint answers 413 and "\[\]"$/],
      "a redirect": [301, "moved", /^the endpoint answers 301 and "moved"$/],
    };
    for (const [what, [status, body, why]] of Object.entries(refusals)) {
      it(`stops at ${what} as a refusal, and shows its begin`, async () => {
        sink = await startSink({ answer: { status, body } });

        // The first call of a connection is the SDK's, the second is made here.
        for (const first of [true, false]) {
          const connection = connect(sink.target);
          if (!first) await connection.put(new ListedBatch([Buffer.from("x")])).catch(() => {});
          const summary = await sendAll(connection.put, numberedBatches(1), { clock: manualClock() });
          connection.close();

          strictEqual(summary.unsent, 1);
          match(summary.stopped ?? "", why);
        }
      });
    }

    it("tries again after a 500 that is no JSON", async () => {
      sink = await startSink({ answer: { status: 500, body: "<html>" }, calls: 2 });

      strictEqual((await send(numberedBatches(1))).accepted, 1);
    });
  });
});
