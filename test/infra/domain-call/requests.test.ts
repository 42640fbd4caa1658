/** How the function asks the domain: login, tries, and what it says when it gives up. */
import assert from "node:assert/strict";
import type { AnyObject } from "../../../infra/domain-call/objects";
import { masterPassword } from "../evaluate";
import { DomainCalls, startMs } from "./call-of-test";

describe("the function that prepares the domain, as emitted", () => {
  let calls: DomainCalls;
  beforeEach(async () => {
    calls = await DomainCalls.start();
  });
  afterEach(() => calls.close());
  const input = (kind: AnyObject["kind"]) => calls.input(kind);

  it("logs in with the password of its environment, and without one not at all", async () => {
    const object = input("role-mapping");
    await calls.call(object);
    const login = `Basic ${Buffer.from(`master:${masterPassword}`).toString("base64")}`;
    assert.ok(calls.stub.asked.every(({ headers }) => headers.authorization === login));
    calls.stub.asked.length = 0;
    await calls.call(object, undefined, undefined, { PASSWORD: "" });
    assert.ok(
      calls.stub.asked.length > 0 &&
        calls.stub.asked.every(({ headers }) => headers.authorization === undefined),
    );
  });

  for (const [status, words] of [
    [503, "OpenSearch Security not initialized."],
    [500, "Security index not initialized"],
    [502, ""],
    [504, ""],
    [429, ""],
    [401, "Unauthorized"],
    [403, "no permissions"],
  ] as const) {
    it(`tries again after ${status} ${words}`, async () => {
      let left = 3;
      calls.stub.instead.push(() => (left-- > 0 ? { status, body: words } : undefined));
      await calls.call(input("role"), "create");
      assert.equal(calls.stub.objects.size, 1);
      assert.equal(calls.clock.nowMs - startMs, 2_000 + 4_000 + 8_000);
    });
  }

  it("waits at most 15 s between tries and gives up after 9 minutes with the server's words", async () => {
    calls.stub.instead.push(() => ({ status: 503, body: "starting" }));
    await assert.rejects(calls.call(input("role"), "create"), /GET .*answered 503: "starting"/);
    const elapsedMs = calls.clock.nowMs - startMs;
    assert.ok(elapsedMs > 500_000 && elapsedMs <= 540_000, `${elapsedMs} ms`);
    assert.ok(
      calls.stub.asked.length > 36 && calls.stub.asked.length < 42,
      `${calls.stub.asked.length} tries`,
    );
  });

  it("tries a refused login for 5 minutes on creation, and not at all on a later change", async () => {
    calls.stub.instead.push(() => ({ status: 401, body: "no" }));
    await assert.rejects(calls.call(input("role"), "create"), /answered 401/);
    const elapsedMs = calls.clock.nowMs - startMs;
    assert.ok(elapsedMs >= 300_000 && elapsedMs < 330_000, `${elapsedMs} ms`);
    calls.stub.asked.length = 0;
    await assert.rejects(calls.call(input("role"), "update"), /answered 401/);
    assert.equal(calls.stub.asked.length, 1);
  });

  it("fails at once with the server's words on a body that is refused, and tells no secret", async () => {
    calls.stub.instead.push(({ method }) =>
      method === "PUT"
        ? { status: 400, body: { reason: "same priority", more: "x".repeat(900) } }
        : undefined,
    );
    const error = await calls.call(input("index-template"), "create").then(
      () => assert.fail("accepted"),
      (thrown: Error) => thrown,
    );
    assert.match(error.message, /PUT .* answered 400: .*same priority/);
    assert.ok(error.message.length < 450);
    assert.ok(![error.message, error.stack, ...calls.log].join().includes(masterPassword));
    assert.equal(calls.clock.nowMs, startMs);
  });

  it("tries again while nothing answers, and takes an unknown host on delete as done", async () => {
    const { url } = calls.stub;
    await calls.stub.close();
    await assert.rejects(calls.call(input("role"), "create", undefined, { ENDPOINT: url }), /ECONNREFUSED/);
    assert.ok(calls.clock.nowMs - startMs > 500_000);
    const gone = { ENDPOINT: "http://domain-that-is-gone.invalid" };
    for (const kind of ["role", "retention", "saved-objects"] as const) {
      await calls.call(input(kind), "delete", undefined, gone);
    }
  });
});
