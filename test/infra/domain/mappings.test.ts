import assert from "node:assert/strict";
import { mappingsOf } from "../../../infra/domain/mappings";
import { processorChain, processors } from "../../../processors";
import { type FieldTypes, fieldsOf } from "../../../processors/field-types";
import type { Processor } from "../../../processors/processor";

// biome-ignore lint/suspicious/noExplicitAny: the body of a request
const of = (fields: Parameters<typeof mappingsOf>[0]): any => mappingsOf(fields);

describe("the mappings of the index template", () => {
  it("hold each field to its declared type, and let what does not fit cost the field alone", () => {
    const { properties } = of({
      "a.b": "long",
      "a.c": "double",
      at: "date",
      ip: "ip",
      t: "text",
      is: "boolean",
    });
    assert.deepEqual(properties.a.properties.b, { type: "long", ignore_malformed: true });
    assert.deepEqual(properties.a.properties.c, { type: "double", ignore_malformed: true });
    assert.deepEqual(properties.at, { type: "date", ignore_malformed: true });
    assert.deepEqual(properties.ip, { type: "ip", ignore_malformed: true });
    assert.deepEqual(properties.is, { type: "boolean" });
    assert.equal(properties.t.fields.keyword.type, "keyword");
  });

  it("refuse an impossible @timestamp, and let a message be grouped, whatever the processors say", () => {
    const said: FieldTypes = { "@timestamp": "date", message: "text" };
    for (const fields of [{}, said]) {
      const { properties } = of(fields);
      assert.deepEqual(properties["@timestamp"], { type: "date" });
      assert.equal(properties.message.fields.keyword.type, "keyword");
    }
  });

  it("make whole numbers of undeclared fields doubles, and their words text", () => {
    const types = of({}).dynamic_templates.map(
      (template: Record<string, { match_mapping_type: string; mapping: { type: string } }>) => {
        const [{ match_mapping_type, mapping }] = Object.values(template) as [
          { match_mapping_type: string; mapping: { type: string } },
        ];
        return [match_mapping_type, mapping.type];
      },
    );
    assert.deepEqual(types, [
      ["string", "text"],
      ["boolean", "text"],
      ["long", "double"],
      ["double", "double"],
    ]);
  });

  it("are refused where a field is above another", () => {
    assert.throws(() => of({ a: "text", "a.b": "text" }), /below another field/);
    assert.throws(() => of({ "a.b": "text", a: "text" }), /above another field/);
  });

  it("hold for every processor, and for those that go together", () => {
    for (const chain of [...Object.keys(processors), "redact,access-log", "cloudwatch-logs,redact"])
      assert.ok(of(fieldsOf(processorChain(chain) as Processor[])).properties, chain);
    assert.throws(
      () => fieldsOf([{ fields: { a: "text" } }, { fields: { a: "long" } }]),
      /The field a is text/,
    );
  });
});
