import assert from "node:assert/strict";
import { accountId, evaluate } from "./evaluate";

describe("outputs of the program", () => {
  it("name the stream both ways, the domain, the dashboard and the processor [B27]", async () => {
    const { outputs } = await evaluate();
    assert.equal(outputs["streamName"], "firehose-opensearch-dev");
    assert.equal(
      outputs["streamArn"],
      `arn:aws:firehose:eu-west-1:${accountId}:deliverystream/firehose-opensearch-dev`,
    );
    assert.match(outputs["bucketName"], /^firehose-opensearch-dev-backup/);
    assert.equal(
      outputs["dashboardUrl"],
      `https://${outputs["domainEndpoint"]}/_dashboards/app/dashboards?security_tenant=global#/view/totals`,
    );
    assert.equal(outputs["dashboardUser"], "master");
    assert.equal(outputs["processor"], "map");
    assert.match(outputs["publisherPolicyArn"], /^arn:aws:iam:/);
  });
});
