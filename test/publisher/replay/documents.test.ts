import { deepStrictEqual, rejects } from "node:assert/strict";
import { intoDomain, intoLocalRun } from "../../../publisher/replay/documents";
import type { Item } from "../../../publisher/replay/failed-lines";
import { startDomain } from "./domain";

const items = ["id-1", "id-2"].map(
  (documentId, position): Item => ({
    position,
    kind: "document",
    bytes: Buffer.from("{}"),
    reason: "503",
    message: "",
    arrivalMs: 0,
    documentId,
    indexName: "web",
  }),
);

/** What is made of a 200 with this body. */
async function answered(body: unknown, into: "domain" | "local run") {
  const domain = await startDomain(typeof body === "string" ? body : JSON.stringify(body));
  try {
    const put =
      into === "domain"
        ? intoDomain({ url: domain.url, user: "admin", password: "p" })
        : intoLocalRun(domain.url, "web");
    return await put(items);
  } finally {
    domain.close();
  }
}

const stored = { create: { status: 201 } };

describe("publisher/replay/documents", () => {
  it("reads what became of each document in its own item, whatever the answer says of all", async () => {
    deepStrictEqual(
      await answered({ errors: false, items: [stored, { create: { status: 429 } }] }, "domain"),
      ["indexed", { refused: "status 429" }],
    );
    deepStrictEqual(
      await answered(
        { items: [{ create: { status: 409 } }, { create: { status: 201, error: { type: 7 } } }] },
        "domain",
      ),
      ["already there", { refused: "status 201" }],
    );
    deepStrictEqual(await answered({ items: [{ create: { status: "201" } }, null] }, "domain"), [
      { refused: "the domain does not say what became of it" },
      { refused: "the domain does not say what became of it" },
    ]);
  });

  const noAnswers: Record<string, unknown> = {
    "an empty object": {},
    "a page": "<html>",
    "an empty body": "",
    null: null,
    "fewer items than documents": { items: [stored] },
    "more items than documents": { items: [stored, stored, stored] },
    "items that are a text": { items: "ab" },
  };
  for (const [what, body] of Object.entries(noAnswers)) {
    it(`does not take ${what} of a domain for success`, async () => {
      await rejects(answered(body, "domain"), /answers 200 and does not say|is no JSON object/);
    });
  }

  it("reads what a local run says of each document, and takes nothing else for an answer", async () => {
    deepStrictEqual(await answered({ outcomes: ["already there", { refused: "no" }] }, "local run"), [
      "already there",
      { refused: "no" },
    ]);
    for (const body of [
      {},
      "",
      "<html>",
      { outcomes: ["indexed"] },
      { outcomes: ["indexed", "fine"] },
      { outcomes: ["indexed", null] },
      { outcomes: ["indexed", { refused: 7 }] },
      { outcomes: { length: 2 } },
    ]) {
      await rejects(answered(body, "local run"), /answers 200 and does not say|is no JSON object/);
    }
  });
});
