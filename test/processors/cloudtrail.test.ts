import { deepEqual, equal, ok } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { emitted, eventOf, read, run } from "./emitted";
import { withFirehose } from "./firehose";

const event = (fields: object) => ({
  eventVersion: "1.11",
  userIdentity: { type: "IAMUser", arn: "arn:aws:iam::111122223333:user/jane", userName: "jane" },
  eventTime: "2026-03-01T00:00:00Z",
  eventSource: "iam.amazonaws.com",
  eventName: "CreateRole",
  awsRegion: "eu-west-1",
  sourceIPAddress: "192.0.2.1",
  eventID: "11111111-2222-3333-4444-555555555555",
  ...fields,
});

describe("processor cloudtrail", () => {
  it("keeps free-form objects as texts, whatever their type [B37]", async () => {
    const answers = await run(
      "cloudtrail",
      JSON.stringify(event({ requestParameters: { role: { name: "x" } }, apiVersion: "2016_01_28" })),
      JSON.stringify(event({ requestParameters: { role: "x" }, responseElements: "none", apiVersion: 2016 })),
    );
    const trails = answers.map((answer) => "document" in answer && answer.document.aws.cloudtrail);
    deepEqual(trails[0].request_parameters, ["role.name=x"]);
    deepEqual(trails[1].request_parameters, ["role=x"]);
    deepEqual([trails[0].api_version, trails[1].api_version], ["2016_01_28", "2016"]);
    equal(trails[1].response_elements, "none");
  });

  it("bounds the number of fields: unknown ones are one text [B37]", async () => {
    const many = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`new${i}`, { a: i }]));
    const [answer] = await run("cloudtrail", JSON.stringify(event(many)));
    ok(answer && "document" in answer);
    const { other } = answer.document.aws.cloudtrail;
    equal(other.length, 1);
    equal(Object.keys(JSON.parse(other[0])).length, 2000);
  });

  it("keeps what an identity has beside the usual, and what is no text where one has its place", async () => {
    const onBehalfOf = {
      userId: "u-1",
      identityStoreArn: "arn:aws:identitystore::111122223333:identitystore/d-1",
    };
    const answers = await run(
      "cloudtrail",
      JSON.stringify(
        event({ userIdentity: { type: "IdentityCenterUser", onBehalfOf, credentialId: "c-1" } }),
      ),
      JSON.stringify(event({ errorCode: 403, errorMessage: { a: 1 }, awsRegion: 3, userIdentity: "jane" })),
      JSON.stringify(event({ eventTime: "yesterday" })),
      JSON.stringify(event({ eventTime: 1_772_323_200, errorCode: null, userIdentity: null })),
    );
    const others = answers.map((answer) => "document" in answer && answer.document.aws.cloudtrail.other);
    deepEqual(others, [
      [
        "userIdentity.onBehalfOf.userId=u-1",
        `userIdentity.onBehalfOf.identityStoreArn=${onBehalfOf.identityStoreArn}`,
        "userIdentity.credentialId=c-1",
      ],
      ["userIdentity=jane", "awsRegion=3", "errorCode=403", "errorMessage.a=1"],
      ["eventTime=yesterday"],
      undefined,
    ]);
  });

  it("calls the account's owner root, and others by the last part of their name", async () => {
    const arns = [
      "iam::111122223333:root",
      "iam::111122223333:user/team/jane",
      "sts::1:assumed-role/admin/x@y",
    ];
    const answers = await run(
      "cloudtrail",
      ...arns.map((arn) => JSON.stringify(event({ userIdentity: { type: "Root", arn: `arn:aws:${arn}` } }))),
    );
    deepEqual(
      answers.map((answer) => "document" in answer && answer.document.user.name),
      ["root", "jane", "x@y"],
    );
  });

  it("drops digests and files without events [B54]", async () => {
    const answers = await run("cloudtrail", '{"digestS3Bucket":"b","logFiles":[]}', '{"Records":[]}');
    deepEqual(answers, [{ result: "Dropped" }, { result: "Dropped" }]);
  });

  it("makes a document of each event of a file or payload, and loops on none [B08] [B15]", async () => {
    const events = [event({}), event({ eventName: "DeleteRole" }), event({ eventName: "GetRole", n: 9 })];
    const payload = {
      messageType: "DATA_MESSAGE",
      logEvents: events.map((each, i) => ({ id: `${i}`, timestamp: 1, message: JSON.stringify(each) })),
    };
    for (const record of [JSON.stringify({ Records: events }), gzipSync(JSON.stringify(payload))]) {
      await withFirehose([], async (firehose) => {
        const { handler } = await emitted("cloudtrail");
        const first = read(await handler(eventOf([record])));
        const rest = read(await handler(eventOf(firehose.taken())));
        deepEqual(
          [...first, ...rest].map((answer) => "document" in answer && answer.document.event.action),
          ["CreateRole", "DeleteRole", "GetRole"],
        );
        equal(firehose.calls.length, 1);
      });
    }
  });

  it("fails what is no event alone", async () => {
    const answers = await run(
      "cloudtrail",
      '{"hello":1}',
      "x",
      JSON.stringify(event({ sourceIPAddress: "s3.amazonaws.com" })),
    );
    deepEqual(
      answers.map(({ result }) => result),
      ["ProcessingFailed", "ProcessingFailed", "Ok"],
    );
    deepEqual(answers[2] && "document" in answers[2] && answers[2].document.source, {
      address: "s3.amazonaws.com",
    });
  });
});
