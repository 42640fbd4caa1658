/** The sums in docs/sources.md: each is what its numbers make, with the prices of the table above it. */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const page = readFileSync(join(__dirname, "../../docs/sources.md"), "utf8");
const start = page.indexOf("## What a million lines cost");
const part = page.slice(start, page.indexOf("\n## ", start));
const numbers = (text: string): number[] =>
  [...text.matchAll(/\d[\d,]*(?:\.\d+)?/g)].map(([digits]) => Number(digits.replaceAll(",", "")));
const cellsOf = (name: string): string[] => {
  const row = part.split("\n").filter((line) => line.startsWith(`| ${name}`));
  assert.equal(row.length > 0, true, name);
  return row.flatMap((line) => line.split("|").slice(2, 4));
};
const near = (got: number, said: number): void =>
  assert.ok(Math.abs(got - said) <= said / 20, `${got}, and the page says ${said}`);

describe("what a million lines cost, in docs/sources.md", () => {
  const price = (name: string): number => numbers(cellsOf(name)[0]!)[0]!;

  it("is the sum of what is billed, at the prices of its table", () => {
    const [lines, kB, gb, perGb] = numbers(cellsOf("Firehose")[2]!);
    assert.deepEqual([gb, perGb], [(lines! * kB!) / 1e6, price("Firehose")]);
    near(gb! * perGb!, numbers(cellsOf("Firehose")[3]!)[0]!);

    const [seconds, lambdaGb, perGbSecond] = numbers(cellsOf("Lambda")[2]!);
    assert.equal(perGbSecond, price("Lambda"));
    near(seconds! * lambdaGb! * perGbSecond!, numbers(cellsOf("Lambda, the")[1]!)[0]!);

    const [puts, perThousand] = numbers(cellsOf("S3, two")[0]!);
    near((puts! * perThousand!) / 1000, numbers(cellsOf("S3, two")[1]!)[0]!);
  });

  it("meets OpenSearch Ingestion's at the number of lines that is said", () => {
    const perDay = 24 * price("OpenSearch Ingestion");
    const perMillion = 5 * price("Firehose");
    const [, , saidPerDay] = numbers(/costs 24 h × 0\.24 = [\d.]+/.exec(part)![0]);
    near(perDay, saidPerDay!);
    near(perDay / perMillion, numbers(/0\.145 = ([\d.]+)/.exec(part)![1]!)[0]!);
    near(perDay / perMillion, numbers(/above about (\d+) million/.exec(part)![1]!)[0]!);
  });
});
