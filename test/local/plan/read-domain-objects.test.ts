import assert from "node:assert/strict";
import type { InvocationPlan, SearchDestinationPlan } from "../../../local/plan/plan";
import {
  objectsOfStream,
  readIndexTemplate,
  readPanels,
  readRetentionDays,
} from "../../../local/plan/read-domain-objects";
import { evaluate, type Inputs } from "../../infra/evaluate";
import { aProcessor } from "../fakes";

const invocation = (input: string): InvocationPlan => ({ name: "object", function: aProcessor(""), input });

async function invocationsOf(values: Inputs): Promise<InvocationPlan[]> {
  const { all } = await evaluate(values);
  return all("aws:lambda/invocation:Invocation").map(({ inputs }) => invocation(inputs["input"]));
}

const destination: SearchDestinationPlan = {
  kind: "search",
  indexName: "web",
  indexRotationPeriod: "OneDay",
  bufferIntervalSeconds: 60,
  bufferSizeMiB: 1,
  retryDurationSeconds: 60,
  documentId: "FIREHOSE_DEFAULT",
};

const retention = (age: unknown, actions: readonly object[] = [{ delete: {} }]): InvocationPlan[] => {
  const transitions = [{ state_name: "gone", conditions: { min_index_age: age } }];
  const states = [
    { name: "keep", actions: [], transitions },
    { name: "gone", actions },
  ];
  return [invocation(JSON.stringify({ kind: "retention", body: { policy: { states } } }))];
};

describe("what the program puts into its domain", () => {
  it("has the panels of its dashboard, in their order, and the days of its retention policy", async () => {
    const invocations = await invocationsOf({
      panels: ["errors = status:[500 TO 599] AND a=b", "all"],
      indexRetentionDays: "7",
    });
    assert.deepEqual(readPanels(invocations), [
      { title: "errors", query: "status:[500 TO 599] AND a=b" },
      { title: "all", query: "" },
    ]);
    assert.equal(readRetentionDays(invocations), 7);
  });

  it("has the settings and mappings of each new index", async () => {
    const template = readIndexTemplate(await invocationsOf({}))!;
    assert.deepEqual(template.indexPatterns, ["example-20*-*-*"]);
    assert.equal(template.settings["index.mapping.total_fields.limit"], 2000);
    const { properties } = template.mappings as { properties: Record<string, { type: string }> };
    assert.equal(properties["@timestamp"]!.type, "date");
  });

  it("has nothing of it where the program puts nothing there", () => {
    assert.deepEqual(
      [readPanels([]), readRetentionDays([]), readIndexTemplate([])],
      [[], undefined, undefined],
    );
  });

  it("has nothing of what other functions of a program are called with, whatever shape that has", () => {
    const bodies = [
      undefined,
      null,
      5,
      "text",
      [],
      [null],
      {},
      { policy: [] },
      { policy: { states: [null, 5, {}] } },
    ];
    const events = [
      ...["null", "5", '"text"', "[]", "no JSON", ""],
      ...["retention", "index-template", "saved-objects"].flatMap((kind) =>
        bodies.map((body) => JSON.stringify({ kind, body, objects: body })),
      ),
      JSON.stringify({
        kind: "saved-objects",
        objects: [null, { type: "dashboard" }, { type: "visualization" }],
      }),
      JSON.stringify({
        kind: "saved-objects",
        objects: [{ type: "dashboard", attributes: { panelsJSON: "{" } }],
      }),
    ];
    for (const event of events) {
      const one = [invocation(event)];
      assert.deepEqual([readPanels(one), readRetentionDays(one)], [[], undefined], event);
      assert.deepEqual(readIndexTemplate(one)?.indexPatterns ?? [], [], event);
      assert.deepEqual(objectsOfStream(one, destination, "search.example"), [], event);
    }
  });

  it("keeps an index forever where no state deletes it", () => {
    assert.equal(readRetentionDays(retention("12h")), 0.5);
    assert.equal(readRetentionDays(retention("7d", [{ read_only: {} }])), undefined);
    assert.equal(readRetentionDays(retention(undefined)), undefined);
  });
});
