/** The examples of docs/rest-api.md are sent as they stand there. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RestOfTest } from "../local/rest/rest-of-test";

const page = readFileSync(join(__dirname, "..", "..", "docs", "rest-api.md"), "utf8");

/** Path and body of each `curl`, whose line goes on as long as its quotes are open. */
const examples = [...page.matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap(([, block]) => [
    ...block!.matchAll(/^curl 'http:\/\/127\.0\.0\.1:9200([^']*)'(?:[^']*'[^']*' -d '([^']*)')?/gm),
  ])
  .map(([, path, body]) => ({ path: path!, body }));

describe("the examples of docs/rest-api.md", () => {
  let rest: RestOfTest;
  before(async () => {
    rest = await new RestOfTest().start();
  });
  after(() => rest.close());

  it("are all found", () => {
    assert.equal(examples.length, page.match(/^curl /gm)?.length);
  });

  for (const { path, body } of examples) {
    it(`answer ${path}${body === undefined ? "" : " with a body"}`, async () => {
      const { status, text } = await rest.ask(body === undefined ? "GET" : "POST", path, body);

      assert.equal(status, 200, text);
      assert.notEqual(text, "");
    });
  }
});
