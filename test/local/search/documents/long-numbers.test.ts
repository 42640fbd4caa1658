import assert from "node:assert/strict";
import { parseObject } from "../../../../local/search/documents/rules";

const digits = (count: number): string => "1".repeat(count);

describe("a number of more than 1,000 digits", () => {
  it("is refused, wherever it stands, as the real parser refuses it", () => {
    for (const text of [
      `{"n":${digits(1001)}}`,
      `{"a":{"n":[1,-${digits(1001)}]}}`,
      `{"n":0.${digits(1001)}}`,
      `{"t":"${digits(2000)}","n":${digits(1001)}}`,
    ]) {
      assert.throws(() => parseObject(text), /more than 1000 digits/, text.slice(0, 20));
    }
  });

  it("is none within a text, whatever stands before it there", () => {
    for (const value of [
      `{"n":${digits(5000)}}`,
      `[1,${digits(5000)}]`,
      `\\":${digits(5000)}`,
      digits(5000),
    ]) {
      assert.doesNotThrow(() => parseObject(JSON.stringify({ message: value, n: 1 })), value.slice(0, 20));
    }
    assert.doesNotThrow(() => parseObject(`{"n":${digits(1000)}}`));
  });
});
