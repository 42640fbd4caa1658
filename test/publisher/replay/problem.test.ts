import { deepStrictEqual, notDeepStrictEqual, strictEqual } from "node:assert/strict";
import { problemOf } from "../../../publisher/replay/problem";

describe("publisher/replay/problem", () => {
  const parse = (field: string, type: string, id: string, value: string) =>
    `mapper_parsing_exception: failed to parse field [${field}] of type [${type}] in document with id '${id}'. Preview of field's value: '${value}'`;

  const same: Record<string, readonly string[]> = {
    "values and ids of a field that does not parse": [
      parse("status", "long", "49.0001", "unknown"),
      parse("status", "long", "50.7", "n/a"),
      parse("status", "long", "e.1", "it's 'quoted'"),
    ],
    "places in a text": [
      "json_parse_exception: Unexpected character ('x' (code 120)) at [1:23]",
      "json_parse_exception: Unexpected character ('x' (code 120)) at [3:7]",
    ],
    "quoted values": [
      'number_format_exception: For input string: "abc"',
      'number_format_exception: For input string: "a \\" b"',
    ],
    "ids, times and addresses": [
      "no stream of request 2f0b2a3c-0000-4000-8000-000000000000 at 2026-03-01T09:08:07.123Z from 192.0.2.9",
      "no stream of request 9f0b2a3c-1111-4000-8000-00000000000a at 2026-11-28T01:00:00Z from 198.51.100.7",
    ],
    "sizes and long numbers": [
      "the record has 1048577 bytes, no place for event 9007199254740993",
      "the record has 2,097,152 bytes, no place for event 1234567",
    ],
    "places in a line": [
      "no quote closes, at position 17 of line 3",
      "no quote closes, at position 4 of line 12",
    ],
  };
  for (const [what, messages] of Object.entries(same)) {
    it(`takes messages for one problem that differ in ${what}`, () => {
      const [first, ...others] = messages.map(problemOf);

      for (const other of others) deepStrictEqual(other, first);
    });
  }

  const different: Record<string, readonly [string, string]> = {
    "the field": [parse("status", "long", "1", "x"), parse("bytes", "long", "1", "x")],
    "the field's end": [parse("a.b", "long", "1", "x"), parse("a.b2", "long", "1", "x")],
    "the type": [parse("status", "long", "1", "x"), parse("status", "date", "1", "x")],
    "a quoted field": ["field 'status' is no number", "field 'bytes' is no number"],
    "a quoted key": ['key "a" is not expected', 'key "b" is not expected'],
    "a status": ["the function answered 502", "the function answered 503"],
    "words behind the value": ["'x' is no time", "'x' is no number"],
    "a word that looks like a hexadecimal number": ["no defaced record", "no decade record"],
    "the inner reason": [
      '{"type":"mapper_parsing_exception","reason":"failed to parse","caused_by":{"type":"a","reason":"no object"}}',
      '{"type":"mapper_parsing_exception","reason":"failed to parse","caused_by":{"type":"a","reason":"no date"}}',
    ],
    "a limit": [
      "Limit of total fields [1000] has been exceeded",
      "Limit of total fields [2000] has been exceeded",
    ],
  };
  for (const [what, [one, other]] of Object.entries(different)) {
    it(`tells problems apart that differ in ${what}`, () => {
      notDeepStrictEqual(problemOf(one), problemOf(other));
    });
  }

  it("names the field", () => {
    for (const [message, field] of [
      [parse("http.response.status_code", "long", "1", "x"), "http.response.status_code"],
      [
        "object mapping for [agent] tried to parse field [agent] as object, but found a concrete value",
        "agent",
      ],
      ["field 'status' is no number", "status"],
      ["no such thing", undefined],
    ] as const) {
      strictEqual(problemOf(message).field, field, message);
    }
  });

  it("reads what is hostile in linear time and bounds it", () => {
    const texts = [
      "'".repeat(50_000),
      '"\\'.repeat(50_000),
      "a".repeat(1_000_000),
      "[1:".repeat(50_000),
      "-1".repeat(50_000),
    ];

    for (const text of texts) strictEqual(problemOf(text).text.length <= 2000, true);
  });
});
