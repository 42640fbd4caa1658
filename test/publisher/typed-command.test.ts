import { strict as assert } from "node:assert";
import { cannotContinue, noLocalRun, packedOtherwise } from "../../publisher/errors";

describe("the commands that the publisher's errors name", () => {
  const variable = "FIREHOSE_OPENSEARCH_PROJECT";
  const before = process.env[variable];
  afterEach(() => {
    if (before === undefined) delete process.env[variable];
    else process.env[variable] = before;
  });
  const texts = (): string[] =>
    [packedOtherwise("bzip2", "bzcat"), cannotContinue("f", "no"), noLocalRun("f")].map(
      ({ message }) => message,
    );

  it("are those of the checkout, or of the package in a program's folder", () => {
    delete process.env[variable];
    const [unpack, interrupted, start] = texts();
    assert.match(unpack!, /bzcat FILE \| npm run publish -- --file -$/);
    assert.match(interrupted!, /an interrupted npm run publish has named/);
    assert.match(start!, /start one with npm start,/);
    process.env[variable] = "/app";
    for (const text of texts()) assert.doesNotMatch(text, /npm (run|start)/);
    assert.match(texts()[0]!, /bzcat FILE \| npx firehose-opensearch publish --file -$/);
  });
});
