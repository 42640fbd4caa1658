import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { parseQuery } from "../../../publisher/replay/query";
import { smallIndex } from "../../local/search/small-index";

const document = Buffer.from(
  JSON.stringify({
    level: "ERROR",
    status: 404,
    ok: true,
    ratio: 1.5,
    message: "Hello, world of user.name",
    a: { b: ["x y", "z"] },
    list: [{ n: "apple" }, { n: "pear" }],
    digits: "500",
    nothing: null,
  }),
);

/** The page gives the same answers. */
const finds: Record<string, boolean> = {
  hello: true,
  HELLO: true,
  hell: false,
  "user.name": true,
  name: false,
  404: true,
  "404.0": true,
  "status:404": true,
  "status:40": false,
  "status:0x194": false,
  'status:"404"': true,
  "digits:500": true,
  "ratio:1.5": true,
  "ok:true": true,
  "ok:false": false,
  "level:error": true,
  "Level:error": false,
  "message:world": true,
  "level:world": false,
  "a.b:y": true,
  "a:y": false,
  "list.n:pear": true,
  '"hello world"': true,
  '"world hello"': false,
  'message:"hello world of"': true,
  'a.b:"y z"': false,
  "nothing:null": false,
  "hello AND status:404": true,
  "hello AND status:500": false,
  "status:500 OR hello": true,
  "status:500 OR bye": false,
  "NOT bye": true,
  "NOT hello": false,
  "hello AND NOT bye": true,
  "NOT bye AND hello": true,
  "hello AND NOT world": false,
  "NOT nosuch:x": true,
};

describe("publisher/replay/query", () => {
  for (const [query, found] of Object.entries(finds)) {
    it(`${found ? "finds" : "does not find"} ${query}`, () => {
      strictEqual(parseQuery(query)(document), found);
    });
  }

  it("answers as the page does", () => {
    const { find } = smallIndex([document.toString()]);

    for (const [query, found] of Object.entries(finds)) deepStrictEqual(find(query), found ? [0] : [], query);
  });

  it("looks at a record that is no JSON object as one text without fields", () => {
    const query = (text: string) => parseQuery(text)(Buffer.from("192.0.2.9 GET level:error"));

    strictEqual(query("get"), true);
    strictEqual(query('"192.0.2.9 get"'), true);
    strictEqual(query("level:get"), false);
    strictEqual(parseQuery("b")(Buffer.from('["a","b"]')), true);
  });

  it("looks into records that are compressed, and takes what only begins like gzip as it is", () => {
    strictEqual(parseQuery("message:hello")(gzipSync(document)), true);
    strictEqual(parseQuery("torn")(Buffer.from("\x1f\x8b torn", "latin1")), true);
  });

  const refused: Record<string, string> = {
    "": "nothing at position 0",
    "hello world": "two terms without AND or OR between them at position 6",
    "hello AND": "AND without a term behind it at position 9",
    "OR hello": "OR without a term before it at position 0",
    "a AND OR b": "OR without a term before it at position 6",
    "a AND b OR c": "AND and OR together at position 8",
    "a OR NOT b": "NOT together with OR at position 5",
    "NOT a OR b": "NOT together with OR at position 9",
    "NOT NOT a": '"NOT" at position 0',
    "status:>400": '"status:>400" at position 0',
    "a AND status:[1 TO 5]": '"status:[1" at position 6',
    "hel*": '"hel*" at position 0',
    "_exists_:a": '"_exists_:a" at position 0',
    "/regex/": '"/regex/" at position 0',
    "hello~1": '"hello~1" at position 0',
    "(a)": '"(a)" at position 0',
    "-a": '"-a" at position 0',
    '"open': '"\\"open" at position 0',
    "a AND wi-fi": "2 words in one (in quotes they are a phrase) at position 6",
    '"..."': "a term without a letter or digit at position 0",
    "@timestamp:2026": "a time (use --since and --until) at position 0",
    "level.keyword:ERROR": "a .keyword field at position 0",
  };
  for (const [query, why] of Object.entries(refused)) {
    it(`refuses ${query || "nothing"} with its place`, () => {
      throws(
        () => parseQuery(query),
        (error: Error & { exitCode?: number }) => {
          strictEqual(
            error.message.startsWith(`--query: got ${why} of ${query}; allowed: words`),
            true,
            error.message,
          );
          return error.exitCode === 2;
        },
      );
    });
  }
});
