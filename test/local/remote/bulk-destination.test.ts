import { strict as assert } from "node:assert";
import { type BulkClient, BulkDestination } from "../../../local/remote/bulk-destination";
import type { IndexDocument } from "../../../local/rooms";
import { aStream, HurriedClock, settle } from "../fakes";

type Answer = object | string | Error;

const item = (status: number, type = "some_exception") => ({
  index: status < 300 ? { status } : { status, error: { type, reason: `because ${status}` } },
});
const failedRequest = (statusCode?: number): Error =>
  Object.assign(new Error("no"), { name: "ResponseError", statusCode });
const document = (seq: number, source = `{"n":${seq}}`): IndexDocument => ({
  seq,
  id: `e.${seq}`,
  index: "web",
  arrivalMs: 0,
  source,
});

function prepare(
  answer: (ids: string[], call: number) => Answer,
  changes: Partial<ReturnType<typeof aStream>["destination"]> = {},
) {
  const calls: string[][] = [];
  const bodies: string[] = [];
  const clock = new HurriedClock();
  const client: BulkClient = {
    bulk: ({ body }) => {
      const actions = body.split("\n").filter((_line, i) => i % 2 === 0 && _line !== "");
      const ids = actions.map((line) => JSON.parse(line).index._id as string);
      calls.push(ids);
      bodies.push(body);
      const result = answer(ids, calls.length);
      return result instanceof Error ? Promise.reject(result) : Promise.resolve({ body: result });
    },
  };
  const plan = { ...aStream().destination, ...changes };
  const ledger = { settle: () => Promise.resolve() };
  const said: string[] = [];
  const destination = new BulkDestination({ client, plan, ledger, clock });
  destination.onTrouble = (text) => void said.push(text ?? "goes on");
  return { destination, calls, bodies, clock, said };
}

const allGood = (ids: string[]): Answer => ({ errors: false, items: ids.map(() => item(201)) });

describe("BulkDestination", () => {
  it("refuses a document with a mapping conflict alone, and never sends it again [B36]", async () => {
    const { destination, calls } = prepare(() => ({
      errors: true,
      items: [item(201), item(400, "mapper_parsing_exception"), item(201)],
    }));
    const refusals = await destination.write([document(1), document(2, '{"n":"x"}'), document(3)]);
    assert.deepEqual(
      refusals.map(({ position, status, type }) => [position, status, type]),
      [[1, 400, "mapper_parsing_exception"]],
    );
    assert.equal(calls.length, 1);
  });

  it("sends again only the items that were throttled, under the same ids [B26]", async () => {
    const { destination, calls } = prepare((ids, call) =>
      call === 1 ? { errors: true, items: [item(201), item(429), item(503)] } : allGood(ids),
    );
    assert.deepEqual(await destination.write([document(1), document(2), document(3)]), []);
    assert.deepEqual(calls, [
      ["e.1", "e.2", "e.3"],
      ["e.2", "e.3"],
    ]);
  });

  it("sends all again after a lost answer, under the same ids [B26]", async () => {
    const { destination, calls } = prepare((ids, call) => (call === 1 ? failedRequest() : allGood(ids)));
    assert.deepEqual(await destination.write([document(1)]), []);
    assert.deepEqual(calls, [["e.1"], ["e.1"]]);
  });

  it("gives up when the retry duration ends, and tells attempts and reason", async () => {
    const { destination, clock } = prepare(() => failedRequest(503), { retryDurationSeconds: 60 });
    const [refusal] = await destination.write([document(1)]);
    assert.equal(refusal?.status, 503);
    assert.ok(refusal.attempts > 2);
    assert.ok(clock.waits.reduce((sum, ms) => sum + ms, 0) <= 60_000);
  });

  it("tries as long and as often when somebody sets the clock meanwhile", async () => {
    const attemptsWith = async (jumpMs: number): Promise<number> => {
      const { destination, clock } = prepare(() => failedRequest(503), { retryDurationSeconds: 60 });
      const { nowMs } = clock;
      clock.nowMs = () => nowMs() + jumpMs * clock.waits.length;
      const [refusal] = await destination.write([document(1)]);
      return refusal!.attempts;
    };
    const undisturbed = await attemptsWith(0);
    assert.ok(undisturbed > 2);
    assert.deepEqual(
      [await attemptsWith(3_600_000), await attemptsWith(-3_600_000)],
      [undisturbed, undisturbed],
    );
  });

  it("gives up waiting when the run stops, so that the next start delivers", async () => {
    const { destination, clock, calls } = prepare(() => failedRequest(503));
    const waits: (AbortSignal | undefined)[] = [];
    clock.wait = (_ms: number, signal?: AbortSignal) => {
      waits.push(signal);
      return new Promise((resolve) => signal?.addEventListener("abort", () => resolve()));
    };
    const writing = destination.write([document(1)]);
    writing.catch(() => {});
    await settle();
    assert.deepEqual([calls.length, waits.length], [1, 1]);
    destination.stop();
    await assert.rejects(writing, /stopped/);
    assert.equal(calls.length, 1);
  });

  it("tries once with a retry duration of 0", async () => {
    const { destination, calls } = prepare(() => failedRequest(503), { retryDurationSeconds: 0 });
    assert.equal((await destination.write([document(1)])).length, 1);
    assert.equal(calls.length, 1);
  });

  it("halves a request that is too large until it fits [B40]", async () => {
    const { destination, calls } = prepare((ids) => (ids.length > 2 ? failedRequest(413) : allGood(ids)));
    assert.deepEqual(await destination.write([1, 2, 3, 4, 5].map((n) => document(n))), []);
    assert.deepEqual(calls.filter((ids) => ids.length <= 2).flat(), ["e.1", "e.2", "e.3", "e.4", "e.5"]);
  });

  it("refuses the one document that is too large by itself [B40]", async () => {
    const { destination } = prepare(() => failedRequest(413));
    const [refusal] = await destination.write([document(1)]);
    assert.equal(refusal?.status, 413);
  });

  for (const [status, type] of [
    [400, "parse_exception"],
    [500, "not_x_content_exception"],
  ] as const) {
    it(`finds the one document for which an ingest pipeline refuses all with ${status} [B36]`, async () => {
      const { destination, calls } = prepare((ids) =>
        ids.includes("e.4") ? { errors: true, items: ids.map(() => item(status, type)) } : allGood(ids),
      );
      const refusals = await destination.write([1, 2, 3, 4, 5, 6, 7].map((n) => document(n)));
      assert.deepEqual(
        refusals.map(({ position, status: got, attempts }) => [position, got, attempts]),
        [[3, status, 1]],
      );
      assert.equal(calls.filter((ids) => ids.includes("e.4") && ids.length === 1).length, 1);
    });
  }

  it("cuts its requests at 5 MiB [B40]", async () => {
    const { destination, bodies } = prepare(allGood);
    const large = JSON.stringify({ text: "x".repeat(1_000_000) });
    await destination.write(Array.from({ length: 12 }, (_, i) => document(i + 1, large)));
    assert.equal(bodies.length, 3);
    for (const body of bodies) assert.ok(body.length <= 5 * 1024 * 1024);
  });

  it("fails the documents of a refused request without another try", async () => {
    const { destination, calls } = prepare(() => failedRequest(403));
    const refusals = await destination.write([document(1), document(2)]);
    assert.deepEqual(
      refusals.map(({ status }) => status),
      [403, 403],
    );
    assert.equal(calls.length, 1);
  });

  it("leaves the id to the server where the stream says so", async () => {
    const { destination, calls } = prepare(allGood, { documentId: "NO_DOCUMENT_ID" });
    await destination.write([document(1)]);
    assert.deepEqual(calls, [[undefined]]);
  });

  it("keeps a document on one line of the request", async () => {
    const { destination, bodies } = prepare(allGood);
    await destination.write([document(1, '{"a":\n1}')]);
    assert.equal(bodies[0]?.trimEnd().split("\n").length, 2);
  });

  const page = "<!doctype html><title>Welcome</title>";
  for (const [name, answer] of Object.entries<Answer>({
    "an empty object": {},
    "a page": page,
    "an empty text": "",
    null: null as unknown as object,
    "a list": [item(201), item(201)],
    "another answer of the API": { hits: { total: { value: 2 }, hits: [] } },
    "items that are no list": { errors: false, items: { 0: item(201), 1: item(201) } },
    "no items": { errors: false, items: [] },
    "too few items": { errors: false, items: [item(201)] },
    "too many items": { errors: false, items: [item(201), item(201), item(201)] },
    "an item without a status": { errors: false, items: [item(201), { index: {} }] },
    "an item that is null": { errors: false, items: [item(201), null] },
    "an item of another action": { errors: false, items: [item(201), { delete: { status: 200 } }] },
    "a status that is a text": { errors: false, items: [item(201), { index: { status: "201" } }] },
    "a status that redirects": { errors: false, items: [item(201), { index: { status: 302 } }] },
    "an item of another document": {
      errors: false,
      items: [item(201), { index: { _id: "e.9", status: 201 } }],
    },
    "an error beside a status of success": {
      errors: false,
      items: [item(201), { index: { status: 200, error: { type: "x", reason: "y" } } }],
    },
    "429 beside errors:false": { errors: false, items: [item(201), item(429)] },
    "503 beside errors:false": { errors: false, items: [item(201), item(503)] },
  })) {
    it(`takes ${name} with status 200 for no success, and sends again`, async () => {
      const { destination, calls } = prepare((ids, call) => (call === 1 ? answer : allGood(ids)));
      assert.deepEqual(await destination.write([document(1), document(2)]), []);
      assert.equal(calls.length, 2);
      assert.ok(calls[1]!.includes("e.2"));
    });
  }

  it("fails what no bulk answer was given for until the retry duration ends, with the reason", async () => {
    const { destination } = prepare(() => page, { retryDurationSeconds: 5 });
    const refusals = await destination.write([document(1), document(2)]);
    assert.deepEqual(
      refusals.map(({ position, status, type }) => [position, status, type]),
      [
        [0, 503, "no_bulk_answer"],
        [1, 503, "no_bulk_answer"],
      ],
    );
    assert.match(refusals[0]!.reason, /none to a _bulk request: it is <!doctype html>/);
  });

  it("refuses an item with 400 although the answer says errors:false", async () => {
    const { destination, calls } = prepare(() => ({ errors: false, items: [item(400, "t"), item(201)] }));
    assert.deepEqual(
      (await destination.write([document(1), document(2)])).map(({ position, type }) => [position, type]),
      [[0, "t"]],
    );
    assert.equal(calls.length, 1);
  });

  it("hands on no control characters of a server's error, neither to the terminal nor to the failed record", async () => {
    const reason = `\u001b]0;owned\u0007\u001b[2J\r\nsecond line\u009b31m\u202e${"x".repeat(5000)}`;
    const error = { index: { status: 429, error: { type: "t", reason } } };
    const { destination, said } = prepare(() => ({ errors: true, items: [error] }), {
      retryDurationSeconds: 5,
    });
    const [refusal] = await destination.write([document(1)]);
    assert.ok(!said.includes("goes on"));
    for (const text of [...said, refusal!.reason]) {
      assert.doesNotMatch(text, /[\p{Cc}\p{Cf}]/u);
      assert.ok(text.length < 700, String(text.length));
      assert.match(text, /\\u001b\]0;owned\\u0007.* second line/);
    }
    assert.ok(said.length > 0);
  });

  it("says what holds delivery until an answer says otherwise, also over documents that were given up", async () => {
    let away = true;
    const { destination, said } = prepare((ids) => (away ? failedRequest(503) : allGood(ids)), {
      retryDurationSeconds: 1,
    });
    await destination.write([document(1)]);
    await destination.write([document(2)]);
    assert.ok(said.length >= 2);
    assert.ok(!said.includes("goes on"));
    away = false;
    await destination.write([document(3)]);
    assert.equal(said.at(-1), "goes on");
  });
});
