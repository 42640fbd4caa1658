import { strict as assert } from "node:assert";
import { UserError } from "../../../local/errors";
import { waitForServer } from "../../../local/remote/wait-for-server";
import { HurriedClock } from "../fakes";

type Answer = number | Error;

function prepare(answers: (attempt: number) => Answer) {
  const said: string[] = [];
  const clock = new HurriedClock();
  let attempts = 0;
  const fetch = (async () => {
    const answer = answers(++attempts);
    if (answer instanceof Error) throw answer;
    return new Response(null, { status: answer });
  }) as typeof globalThis.fetch;
  const origin = "http://127.0.0.1:9200";
  const waiting = waitForServer({
    origin,
    username: "",
    password: "",
    clock,
    fetch,
    log: (text) => said.push(text),
  });
  return { waiting, said, clock };
}

const refused = new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED 127.0.0.1:9200") });

describe("waiting for an OpenSearch", () => {
  it("says nothing where it answers at once", async () => {
    const { waiting, said } = prepare(() => 200);
    await waiting;
    assert.deepEqual(said, []);
  });

  it("says at the first attempt what it waits for and what to do, and when it is over", async () => {
    const { waiting, said, clock } = prepare((attempt) => (attempt < 5 ? refused : attempt < 9 ? 503 : 200));
    await waiting;
    assert.match(
      said[0]!,
      /^waiting for the OpenSearch at http:\/\/127.0.0.1:9200 \(connect ECONNREFUSED 127.0.0.1:9200\), for 120 seconds .* without --opensearch the embedded index is used\.$/,
    );
    assert.match(said[1]!, /\(it answers 503\)/);
    assert.deepEqual(said.slice(2), ["http://127.0.0.1:9200 answers."]);
    assert.equal(clock.waits.length, 8);
  });

  it("gives up after two minutes with one line", async () => {
    const { waiting } = prepare(() => refused);
    await assert.rejects(waiting, (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /^Nobody answers at http:\/\/127.0.0.1:9200 \(connect ECONNREFUSED/);
      return true;
    });
  });

  for (const status of [401, 403]) {
    it(`does not wait where it answers ${status}`, async () => {
      const { waiting, said } = prepare(() => status);
      await assert.rejects(waiting, /did not take the user: .*USER:PASSWORD/);
      assert.deepEqual(said, []);
    });
  }

  it("takes any answer below 500 for a server that is there", async () => {
    const { waiting } = prepare(() => 404);
    await waiting;
  });
});
