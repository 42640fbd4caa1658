import { strict as assert } from "node:assert";
import { policyDocument } from "../../../local/plan/stand-ins/policy-document";

const documentOf = (inputs: object): unknown => JSON.parse(policyDocument(inputs).json);

describe("getPolicyDocument", () => {
  it("composes statements as the provider does", () => {
    const statements = [
      {
        sid: "Write",
        actions: ["es:ESHttpPost", "es:ESHttpPut"],
        resources: ["arn:aws:es:::domain/a/*"],
        principals: [{ type: "AWS", identifiers: ["arn:1", "arn:2"] }],
        conditions: [
          { test: "StringEquals", variable: "aws:SourceAccount", values: ["1"] },
          { test: "StringEquals", variable: "aws:SourceArn", values: ["a", "b"] },
        ],
      },
      {
        effect: "Deny",
        notActions: ["s3:*"],
        notResources: ["*"],
        principals: [{ type: "*", identifiers: ["*"] }],
      },
    ];
    assert.deepEqual(documentOf({ statements }), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Write",
          Effect: "Allow",
          Action: ["es:ESHttpPut", "es:ESHttpPost"],
          Resource: "arn:aws:es:::domain/a/*",
          Principal: { AWS: ["arn:2", "arn:1"] },
          Condition: { StringEquals: { "aws:SourceAccount": "1", "aws:SourceArn": ["a", "b"] } },
        },
        { Effect: "Deny", NotAction: "s3:*", NotResource: "*", Principal: "*" },
      ],
    });
  });

  it("puts sources before its own statements, and an override in the place of the same Sid", () => {
    const source = policyDocument({ statements: [{ sid: "A", actions: ["a:1"], resources: ["*"] }] }).json;
    const override = policyDocument({ statements: [{ sid: "A", effect: "Deny", actions: ["a:2"] }] }).json;
    const document = documentOf({
      policyId: "id",
      sourcePolicyDocuments: [source],
      overridePolicyDocuments: [override],
      statements: [{ sid: "B", actions: ["b:1"] }],
    });
    assert.deepEqual(document, {
      Version: "2012-10-17",
      Id: "id",
      Statement: [
        { Sid: "A", Effect: "Deny", Action: "a:2" },
        { Sid: "B", Effect: "Allow", Action: "b:1" },
      ],
    });
  });
});
