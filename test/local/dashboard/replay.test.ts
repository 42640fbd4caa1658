import assert from "node:assert/strict";
import { request } from "node:http";
import type { FailedDocument } from "../../../local/rooms";
import { DashboardOfTest } from "./dashboard-of-test";

const document: FailedDocument = { id: "e.1", index: "example", arrivalMs: 1, source: '{"n":1}' };
const json = { "content-type": "application/json" };

describe("POST /api/replay", () => {
  let dashboard: DashboardOfTest;
  let taken: FailedDocument[];

  beforeEach(async () => {
    taken = [];
    dashboard = await new DashboardOfTest().start({
      replay: async (documents) => {
        taken.push(...documents);
        return documents.map(() => "indexed" as const);
      },
    });
  });
  afterEach(() => dashboard.close());

  /** fetch would not let a test set Host. */
  function post(body: string, headers: Record<string, string> = json, path = "/api/replay", method = "POST") {
    return new Promise<{ status: number; text: string }>((resolve, reject) => {
      request(dashboard.url + path, { method, headers }, async (response) => {
        let text = "";
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode!, text });
      })
        .on("error", reject)
        .end(body);
    });
  }
  const body = JSON.stringify({ documents: [document] });

  it("hands the documents on and answers for each", async () => {
    assert.deepEqual(await post(body), { status: 200, text: '{"outcomes":["indexed"]}' });
    assert.deepEqual(taken, [document]);
  });

  it("refuses a foreign Host, a foreign Origin, and the types that a form can send", async () => {
    const refused: [Record<string, string>, number][] = [
      [{ ...json, host: "evil.example" }, 403],
      [{ ...json, origin: "http://evil.example" }, 403],
      [{ ...json, origin: "null" }, 403],
      [{ "content-type": "text/plain" }, 415],
      [{ "content-type": "application/x-www-form-urlencoded" }, 415],
      [{}, 415],
    ];
    for (const [headers, status] of refused) {
      assert.equal((await post(body, headers)).status, status, JSON.stringify(headers));
    }
    assert.deepEqual(taken, []);
  });

  it("is the only thing that can be posted, and only with POST", async () => {
    for (const path of ["/api/status", "/api/replay/x", "/"])
      assert.equal((await post(body, json, path)).status, 405);
    for (const method of ["PUT", "DELETE", "OPTIONS"])
      assert.equal((await post("", json, "/api/replay", method)).status, 405);
  });

  it("is not there where documents go to a real OpenSearch", async () => {
    await dashboard.close();
    dashboard = await new DashboardOfTest().start();

    assert.equal((await post(body)).status, 405);
  });

  it("is not there for the network", async () => {
    await dashboard.close();
    dashboard = await new DashboardOfTest().start({ host: "0.0.0.0", replay: async () => ["indexed"] });
    dashboard.url = dashboard.url.replace("0.0.0.0", "127.0.0.1");

    assert.equal((await post(body)).status, 405);
  });

  for (const [wrong, message] of [
    ["{", "the body is no JSON"],
    ["null", "documents is missing"],
    ["{}", "documents is missing"],
    ['{"documents":[{"id":"e.1"}]}', "documents[0] is none"],
    [JSON.stringify({ documents: [document, { ...document, arrivalMs: "1" }] }), "documents[1] is none"],
  ] as const) {
    it(`refuses ${wrong.slice(0, 40)}`, async () => {
      const { status, text } = await post(wrong);

      assert.equal(status, 400);
      assert.equal(text.includes(message), true, text);
      assert.deepEqual(taken, []);
    });
  }

  it("refuses a body that is too large", async () => {
    const { status } = await post(
      JSON.stringify({ documents: [{ ...document, source: "x".repeat(17 << 20) }] }),
    );

    assert.equal(status, 413);
  });
});
