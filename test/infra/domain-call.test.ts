import assert from "node:assert/strict";
import type { AnyObject, PlainObject, RetentionObject, SavedObjects } from "../../infra/domain-call/objects";
import { type Evaluation, evaluate, masterPassword } from "./evaluate";
import { invoke, loadHandler } from "./run-closure";
import { StubDomain } from "./stub-domain";

const invocation = "aws:lambda/invocation:Invocation";

describe("the function that prepares the domain, as emitted", () => {
  let program: Evaluation;
  let code: string;
  let stub: StubDomain;
  let clock: { nowMs: number };
  let log: string[];
  before(async () => {
    program = await evaluate();
    code = (await program.archive("domain-objects"))["__index.js"]!;
  });
  beforeEach(async () => {
    stub = await StubDomain.start();
    clock = { nowMs: 1_772_323_200_000 };
    log = [];
  });
  afterEach(() => stub.close().catch(() => {}));

  const inputOf = <T extends AnyObject>(kind: T["kind"]): T =>
    JSON.parse(program.one(invocation, `-${kind}`).inputs["input"]);
  const call = (object: AnyObject, action?: string, previous?: AnyObject, environment = {}) =>
    invoke(
      loadHandler(code, {
        log,
        clock,
        environment: { ENDPOINT: stub.url, USERNAME: "master", PASSWORD: masterPassword, ...environment },
      }),
      { ...object, ...(action ? { tf: { action, prev_input: previous ?? null } } : {}) },
    );
  const plainKinds = ["role", "role-mapping", "ingest-pipeline", "index-template"] as const;

  for (const kind of plainKinds) {
    it(`${kind}: is created, changed, and taken out again; absence is done`, async () => {
      const object = inputOf<PlainObject>(kind);
      assert.deepEqual(await call(object, "create"), { kind, name: object.name });
      assert.deepEqual(stub.objects.get(object.path), object.body);
      await call(object, "update", object);
      assert.equal(stub.objects.size, 1);
      await call(object, "delete");
      assert.equal(stub.objects.size, 0);
      await call(object, "delete");
      assert.deepEqual(stub.changes, [`PUT ${object.path}`, `PUT ${object.path}`, `DELETE ${object.path}`]);
    });

    it(`${kind}: a foreign object of the same name is refused, and left alone on delete`, async () => {
      const object = inputOf<PlainObject>(kind);
      stub.objects.set(object.path, { description: "Managed by pulumi:firehose-opensearch/developer" });
      await assert.rejects(call(object, "create"), /without the mark "pulumi:firehose-opensearch\/dev"/);
      await call(object, "delete");
      assert.deepEqual(stub.changes, []);
    });
  }

  it("takes the old object out where an update has another name", async () => {
    const object = inputOf<PlainObject>("role");
    const old = { ...object, name: "old", path: object.path.replace(object.name, "old") };
    await call(old, "create");
    await call(object, "update", old);
    assert.deepEqual([...stub.objects.keys()], [object.path]);
  });

  it("logs in with the password of its environment, and without one not at all", async () => {
    const object = inputOf<PlainObject>("ingest-pipeline");
    await call(object);
    const login = `Basic ${Buffer.from(`master:${masterPassword}`).toString("base64")}`;
    assert.ok(stub.asked.every(({ headers }) => headers.authorization === login));
    stub.asked.length = 0;
    await call(object, undefined, undefined, { PASSWORD: "" });
    assert.ok(
      stub.asked.length > 0 && stub.asked.every(({ headers }) => headers.authorization === undefined),
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
      stub.instead.push(() => (left-- > 0 ? { status, body: words } : undefined));
      await call(inputOf<PlainObject>("role"), "create");
      assert.equal(stub.objects.size, 1);
      assert.equal(clock.nowMs - 1_772_323_200_000, 2_000 + 4_000 + 8_000);
    });
  }

  it("waits at most 15 s between tries and gives up after 9 minutes with the server's words", async () => {
    stub.instead.push(() => ({ status: 503, body: "starting" }));
    await assert.rejects(call(inputOf<PlainObject>("role"), "create"), /GET .*answered 503: "starting"/);
    const elapsedMs = clock.nowMs - 1_772_323_200_000;
    assert.ok(elapsedMs > 500_000 && elapsedMs <= 540_000, `${elapsedMs} ms`);
    assert.ok(stub.asked.length > 36 && stub.asked.length < 42, `${stub.asked.length} tries`);
  });

  it("tries a refused login for 5 minutes on creation, and not at all on a later change", async () => {
    stub.instead.push(() => ({ status: 401, body: "no" }));
    await assert.rejects(call(inputOf<PlainObject>("role"), "create"), /answered 401/);
    const elapsedMs = clock.nowMs - 1_772_323_200_000;
    assert.ok(elapsedMs >= 300_000 && elapsedMs < 330_000, `${elapsedMs} ms`);
    stub.asked.length = 0;
    await assert.rejects(call(inputOf<PlainObject>("role"), "update"), /answered 401/);
    assert.equal(stub.asked.length, 1);
  });

  it("fails at once with the server's words on a body that is refused, and tells no secret", async () => {
    stub.instead.push(({ method }) =>
      method === "PUT"
        ? { status: 400, body: { reason: "same priority", more: "x".repeat(900) } }
        : undefined,
    );
    const error = await call(inputOf<PlainObject>("index-template"), "create").then(
      () => assert.fail("accepted"),
      (thrown: Error) => thrown,
    );
    assert.match(error.message, /PUT .* answered 400: .*same priority/);
    assert.ok(error.message.length < 450);
    assert.ok(![error.message, error.stack, ...log].join().includes(masterPassword));
    assert.equal(clock.nowMs, 1_772_323_200_000);
  });

  it("tries again while nothing answers, and takes an unknown host on delete as done", async () => {
    const { url } = stub;
    await stub.close();
    await assert.rejects(
      call(inputOf<PlainObject>("role"), "create", undefined, { ENDPOINT: url }),
      /ECONNREFUSED/,
    );
    assert.ok(clock.nowMs - 1_772_323_200_000 > 500_000);
    const gone = { ENDPOINT: "http://domain-that-is-gone.invalid" };
    for (const kind of ["role", "retention", "saved-objects"] as const) {
      await call(inputOf(kind), "delete", undefined, gone);
    }
  });

  describe("retention", () => {
    it("is created, given to the indices that are there, and its old copies are replaced on a change", async () => {
      const object = inputOf<RetentionObject>("retention");
      stub.indices.set("example-2026-03-01-00", undefined);
      stub.indices.set("example-mine", "somebody-elses");
      await call(object, "create");
      assert.equal(stub.indices.get("example-2026-03-01-00"), object.name);
      assert.equal(stub.indices.get("example-mine"), "somebody-elses");
      stub.asked.length = 0;
      await call({ ...object, body: { ...(object.body as object), changed: true } }, "update", object);
      assert.deepEqual(stub.changes, [
        `PUT ${object.path}/policies/${object.name}?if_seq_no=0&if_primary_term=1`,
        `POST ${object.path}/change_policy/example-2026-03-01-00`,
        `POST ${object.path}/add/example-*`,
      ]);
    });

    it("reads again and repeats when somebody changed the policy in between", async () => {
      const object = inputOf<RetentionObject>("retention");
      await call(object, "create");
      let conflicts = 2;
      stub.instead.push(({ method }) => (method === "PUT" && conflicts-- > 0 ? { status: 409 } : undefined));
      await call(object, "update", object);
      assert.equal(stub.policies.get(object.name)!.seqNo, 1);
      stub.instead.push(({ method }) => (method === "PUT" ? { status: 409, body: "conflict" } : undefined));
      await assert.rejects(call(object, "update", object), /answered 409: "conflict"/);
    });

    it("fails when an index does not take the policy for another reason", async () => {
      const object = inputOf<RetentionObject>("retention");
      const body = { failed_indices: [{ index_name: "example-1", reason: "index is closed" }] };
      stub.instead.push(({ path }) => (path.includes("/add/") ? { status: 200, body } : undefined));
      await assert.rejects(call(object, "create"), /index is closed/);
    });

    it("frees our indices before the policy goes, and no other", async () => {
      const object = inputOf<RetentionObject>("retention");
      stub.indices.set("example-1", undefined);
      await call(object, "create");
      stub.indices.set("example-mine", "somebody-elses");
      stub.asked.length = 0;
      await call(object, "delete");
      assert.deepEqual(stub.changes, [
        `POST ${object.path}/remove/example-1`,
        `DELETE ${object.path}/policies/${object.name}`,
      ]);
      await call(object, "delete");
    });

    it("refuses a foreign policy, and leaves it alone on delete", async () => {
      const object = inputOf<RetentionObject>("retention");
      stub.policies.set(object.name, {
        policy: { description: "Managed by pulumi:firehose-opensearch/my-dev" },
        seqNo: 4,
      });
      await assert.rejects(call(object, "create"), /retention policy .* without the mark/);
      await call(object, "delete");
      assert.deepEqual(stub.changes, []);
    });
  });

  describe("saved objects", () => {
    it("are created in the global tenant in one call, and all of them go on delete", async () => {
      const set = inputOf<SavedObjects>("saved-objects");
      await call(set, "create");
      assert.deepEqual(stub.changes, ["POST /_dashboards/api/saved_objects/_bulk_create?overwrite=true"]);
      assert.ok(stub.asked.every(({ headers }) => headers["securitytenant"] === "global"));
      assert.equal(stub.objects.size, 5);
      await call(set, "delete");
      assert.equal(stub.objects.size, 0);
      await call(set, "delete");
    });

    it("that are panels no more are taken out by an update", async () => {
      const set = inputOf<SavedObjects>("saved-objects");
      await call(set, "create");
      const fewer = { ...set, objects: set.objects.filter(({ id }) => !id.endsWith("panel-3")) };
      await call(fewer, "update", set);
      assert.equal(stub.objects.size, 4);
    });

    it("fail when one of them is refused although the answer is 200", async () => {
      const body = { saved_objects: [{ id: "totals", error: { message: "is managed by code" } }] };
      stub.instead.push(({ method }) => (method === "POST" ? { status: 200, body } : undefined));
      await assert.rejects(
        call(inputOf("saved-objects"), "create"),
        /did not take totals: is managed by code/,
      );
    });

    it("log in and repeat with the cookie where the password alone is not enough", async () => {
      stub.instead.push(({ path, headers }) => {
        if (path.endsWith("/auth/login")) {
          return { status: 200, headers: { "set-cookie": "security_authentication=abc; Secure; HttpOnly" } };
        }
        return headers.cookie === "security_authentication=abc" ? undefined : { status: 401 };
      });
      await call(inputOf("saved-objects"), "create");
      assert.equal(stub.objects.size, 5);
      const login = stub.asked.find(({ path }) => path.endsWith("/auth/login"))!;
      assert.deepEqual(login.body, { username: "master", password: masterPassword });
    });

    it("of somebody else are refused, and left alone on delete", async () => {
      const foreign = { attributes: { description: "Managed by pulumi:firehose-opensearch/my-dev" } };
      stub.objects.set("dashboard/totals", foreign);
      const set = inputOf<SavedObjects>("saved-objects");
      await assert.rejects(call(set, "create"), /the dashboard totals already, without the mark/);
      assert.deepEqual(stub.changes, []);
      await call(set, "delete");
      assert.equal(stub.objects.get("dashboard/totals"), foreign);
    });
  });
});
