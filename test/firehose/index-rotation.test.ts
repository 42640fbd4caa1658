import { strict as assert } from "node:assert";
import { type IndexRotationPeriod, indexNameAt, indexNameProblem } from "../../firehose/index-rotation";

const at = (period: IndexRotationPeriod, time: string): string =>
  indexNameAt("web", period, Date.parse(time));

describe("indexNameAt", () => {
  it("names the index by the UTC arrival time [B31]", () => {
    const time = "2026-03-01T01:30:00Z";
    assert.equal(at("NoRotation", time), "web");
    assert.equal(at("OneHour", time), "web-2026-03-01-01");
    assert.equal(at("OneDay", time), "web-2026-03-01");
    assert.equal(at("OneMonth", time), "web-2026-03");
  });

  it("names it the same in another zone of the machine [B31]", () => {
    const { TZ } = process.env;
    try {
      process.env["TZ"] = "America/Los_Angeles";
      assert.equal(new Date("2026-03-01T01:30:00Z").getDate(), 28, "the zone is in force");
      assert.equal(at("OneHour", "2026-03-01T01:30:00Z"), "web-2026-03-01-01");
    } finally {
      if (TZ === undefined) delete process.env["TZ"];
      else process.env["TZ"] = TZ;
    }
  });

  it("counts weeks from Sunday, week 1 being the first with a Saturday [B32]", () => {
    assert.equal(at("OneWeek", "2020-08-12T00:00:00Z"), "web-2020-w33");
    assert.equal(at("OneWeek", "2016-02-25T13:00:00Z"), "web-2016-w09");
    assert.equal(at("OneWeek", "2016-01-02T23:59:59Z"), "web-2016-w01");
    assert.equal(at("OneWeek", "2016-01-03T00:00:00Z"), "web-2016-w02");
  });

  it("gives a week to the year of its Saturday [B32]", () => {
    assert.equal(at("OneWeek", "2025-12-28T00:00:00Z"), "web-2026-w01");
    assert.equal(at("OneWeek", "2026-12-31T12:00:00Z"), "web-2027-w01");
    assert.equal(at("OneWeek", "2022-12-31T12:00:00Z"), "web-2022-w53");
  });
});

describe("indexNameProblem", () => {
  it("refuses what OpenSearch or Firehose would refuse [B33]", () => {
    const bad = [
      "Web-Logs",
      "",
      "a".repeat(81),
      "web logs",
      "web*",
      "_web",
      "-web",
      "+web",
      "web#1",
      'we"b',
      "a/b",
      "a,b",
      ".",
    ];
    for (const name of bad) assert.notEqual(indexNameProblem(name), undefined, name);
  });

  it("takes the names that they take", () => {
    for (const name of ["web", "web-logs_1.2", "a".repeat(80), "ключ"])
      assert.equal(indexNameProblem(name), undefined, name);
  });
});
