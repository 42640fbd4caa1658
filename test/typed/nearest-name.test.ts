import { strict as assert } from "node:assert";
import { settingDefaults } from "../../infra/settings";
import { nearestName } from "../../typed/nearest-name";

const names = Object.keys(settingDefaults);

describe("the name that somebody meant", () => {
  for (const [wrong, meant] of [
    ["bufferIntervalSecs", "bufferIntervalSeconds"],
    ["bufferinterval_seconds", "bufferIntervalSeconds"],
    ["idnexName", "indexName"],
    ["Processor", "processor"],
    ["procesors", "processor"],
    ["retryDuration", "retryDurationSeconds"],
    ["indexRetention", "indexRetentionDays"],
    ["volume", "volumeSizeGiB"],
    ["shards", undefined],
    ["x", undefined],
    ["constructor", undefined],
  ] as const) {
    it(`${wrong}: ${meant ?? "none"}`, () => assert.equal(nearestName(wrong, names), meant));
  }
});
