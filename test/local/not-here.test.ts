import assert from "node:assert/strict";
import { linesOfWhatIsNotHere } from "../../local/not-here";
import { plan } from "./dashboard/dashboard-of-test";

describe("what is not here", () => {
  it("is a line for what is missing and one for what changes nothing, however many reasons there are", () => {
    const withoutEffect = [
      { type: "aws:iam/role:Role", count: 3, why: "one reason" },
      { type: "aws:cloudwatch/logGroup:LogGroup", count: 1, why: "another" },
    ];

    assert.deepEqual(linesOfWhatIsNotHere({ ...plan, withoutEffect }), [
      "not emulated: aws:cloudwatch/metricAlarm:MetricAlarm x6",
      "no effect here (why: the page, under Pipeline): Role x3, LogGroup x1",
    ]);
    assert.deepEqual(linesOfWhatIsNotHere({ ...plan, notEmulated: [], withoutEffect: [] }), []);
  });
});
