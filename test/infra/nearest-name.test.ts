import { strict as assert } from "node:assert";
import { nearestName } from "../../infra/nearest-name";
import { settingDefaults } from "../../infra/settings";

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
