import assert from "node:assert/strict";
import { adviseSet } from "../../../local/plan/advice";

describe("the advice about a wrong setting", () => {
  const message = [
    'processor is "nope"; allowed: identity, map. Run: pulumi config set processor VALUE',
    "instanceCount is 0; allowed: a whole number, 1 to 80. Run: pulumi config set instanceCount VALUE",
    "panels is 5; allowed: a list of texts. Run: pulumi config set --path 'panels[0]' VALUE",
  ].join("\n");

  it("is another --set where the value came by one, and the stack's setting where it did not", () => {
    assert.equal(
      adviseSet(message, ["processor=nope", "firehose-opensearch:panels=5"]),
      [
        'processor is "nope"; allowed: identity, map. Give another one: --set processor=VALUE',
        "instanceCount is 0; allowed: a whole number, 1 to 80. Run: pulumi config set instanceCount VALUE",
        "panels is 5; allowed: a list of texts. Give another one: --set 'panels=[\"VALUE\"]'",
      ].join("\n"),
    );
    assert.equal(adviseSet(message, []), message);
  });
});
