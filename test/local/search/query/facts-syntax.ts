/** Operators, runs of words and wildcards. */
import { type Fact, m } from "./fact";

const booleanFacts: readonly Fact[] = [
  {
    title: "has no precedence of AND over OR: AND makes both its neighbours required [B73]",
    documents: m("a b", "c", "a b c", "b c", "a b c d", "c d"),
    answers: {
      "m:a AND m:b OR m:c": [0, 2, 4],
      "m:a OR m:b AND m:c": [2, 3, 4],
      "a AND b OR c AND d": [4],
      "(a AND b) OR (c AND d)": [0, 2, 4, 5],
    },
  },
  {
    title: "lets optional clauses find nothing more once something is required",
    documents: m("a", "a b", "b", "b c"),
    answers: { "+a b": [0, 1], "+a AND NOT b OR c": [0] },
  },
  {
    title: "takes NOT beside OR as a sign, not as the complement of a set",
    documents: m("a", "b", "a b", "c"),
    answers: { "NOT a OR b": [1], "a OR NOT b": [0] },
  },
  {
    title: "answers a lone negation with all others, in brackets too",
    documents: m("a", "b", "a b", "c"),
    answers: {
      "NOT a": [1, 3],
      "-a": [1, 3],
      "!a": [1, 3],
      "b AND (NOT a)": [1],
      "(-a) OR b": [1, 2, 3],
      "NOT (NOT a)": [0, 2],
    },
  },
  {
    title: "refuses doubled signs, but takes a sign with a blank behind it as a word",
    documents: m("a", "b", "-"),
    answers: {
      "NOT NOT a": "error",
      "--a": "error",
      "+-a": "error",
      "!!a": "error",
      "NOT AND a": "error",
      "+": "error",
      "-": "error",
      "!": "error",
      "a!": "error",
      "- a": [0, 2],
      "-- a": [0],
    },
  },
  {
    title: "knows operators only in capitals and between blanks [B69]",
    documents: [{ m: "and" }, { m: "x and y" }, { m: "foo bar" }, { m: "foo" }, { m: "bar" }, { m: "to" }],
    answers: {
      and: [0, 1],
      "x and nosuch": [0, 1],
      "foo && bar": [2],
      "foo || bar": [2, 3, 4],
      "foo&&bar": [2, 3, 4],
      "foo||bar": [2, 3, 4],
      "foo+bar": [2, 3, 4],
      "foo-bar": [2, 3, 4],
      "foo!bar": [3],
      "foo AND bar": [2],
      TO: [5],
    },
  },
  {
    title: "finds any of the words beside a small and, both beside a capital one [B69]",
    documents: [
      { status: 404, path: "x" },
      { status: 404, path: "y" },
      { status: 200, path: "x" },
      { m: "and" },
    ],
    answers: { "status:404 and path:x": [0, 1, 2, 3], "status:404 AND path:x": [0] },
  },
  {
    title: "compares .keyword with the whole value, hyphens and all [B72]",
    documents: [{ host: "xy-rcc112", referer: "-" }, { host: "yz-rcc112" }, { host: "xy-rcc112 up" }],
    answers: { "host.keyword:xy-rcc112": [0], 'referer:"-"': [], 'referer.keyword:"-"': [0] },
  },
  {
    title: "accepts brackets and fields without blanks, and no field of brackets or of nothing [B70]",
    documents: m("a b", "a", "b"),
    answers: {
      "a AND(b)": [0],
      "NOT(a)": [2],
      "(a)(b)": [0, 1, 2],
      "a(b)": [0, 1, 2],
      '"a""b"': [0, 1, 2],
      'm:"a"b': [0, 1, 2],
      "m : a": [0, 1],
      "m: a": [0, 1],
      "(m):a": "error",
      '"m":a': "error",
      "a:b:c": "error",
      ":a": "error",
      "a:": "error",
      "()": "error",
      "a AND ()": "error",
      "m:()": "error",
    },
  },
  {
    title: "lets a clause without tokens vanish on an explicit text field",
    documents: m("a", "b"),
    answers: {
      'm:a AND m:"..."': [0],
      "+m:... +m:a": [0],
      "m:a -m:...": [0],
      "m:...": [],
      'm:""': [],
      "NOT m:...": [],
    },
  },
  {
    title: "keeps the same clause on the default field, where the whole value counts",
    documents: m("a", "b", "...", ""),
    answers: { "a AND ...": [], "NOT ...": [0, 1, 3], "...": [2], 'm.keyword:""': [3], 'm:""': [] },
  },
  {
    title: "finds all with a star, and nothing with a quoted star",
    documents: m("a", "b"),
    answers: { "*": [0, 1], "**": [0, 1], "*:*": [0, 1], '"*"': [], 'm:"*"': [], "NOT *:*": [], "-*": [] },
  },
];

const chunkFacts: readonly Fact[] = [
  {
    title: "takes words without an operator as one text, so that numbers in it are not found as numbers",
    documents: [{ m: "error" }, { n: 500 }, { m: "status 500" }],
    answers: { "error 500": [0, 2], "error OR 500": [0, 1, 2], "500": [1, 2] },
  },
  {
    title: "takes a bracketed run of numbers or booleans as one text",
    documents: [
      { n: 500, b: true },
      { n: 404, b: false },
      { n: 1, b: true },
    ],
    answers: { "n:(500 404)": [], "n:(500 OR 404)": [0, 1], "b:(true false)": [], "n:500 404": [0, 1] },
  },
  {
    title: "takes a bracketed run on .keyword as one value",
    documents: [{ k: "New York" }, { k: "New" }, { k: "York" }, { level: "ERROR" }],
    answers: {
      "k.keyword:(New York)": [0],
      "k.keyword:New York": [0, 1, 2],
      "level.keyword:(ERROR WARN)": [],
    },
  },
  {
    title: "ends a run of words at an operator, a wildcard, a quote, a bracket or a boost",
    documents: [{ n: 500 }, { m: "error" }, { m: "x" }],
    answers: {
      "er* 500": [0, 1],
      '500 "x"': [0, 2],
      "500 (x)": [0, 2],
      "x +500": [0],
      "500 x^2": [0, 2],
      "500 >400": [],
    },
  },
  {
    title: "takes an escaped blank as part of the text: exact on .keyword, any word on text",
    documents: [{ k: "New York" }, { k: "old york" }],
    answers: { "New\\ York": [0, 1], "k.keyword:New\\ York": [0] },
  },
  {
    title: "takes a term of several tokens as any of them; only quotes make a phrase [B72]",
    documents: m(
      "host xy-rcc112 up",
      "host yz-rcc112 up",
      "wi-fi",
      "fi",
      "2001:db8::7",
      "db8 1",
      "你们",
      "好",
    ),
    answers: {
      "m:xy-rcc112": [0, 1],
      'm:"xy-rcc112"': [0],
      'm:"-"': [],
      "m:wi-fi": [2, 3],
      "m:bob@example.com": [],
      "m:2001\\:db8\\:\\:7": [4, 5],
      "m:你好": [6, 7],
      'm:"你好"': [],
    },
  },
  {
    title: "joins clauses over fields with AND, but looks for a phrase in one field",
    documents: [{ x: "foo", y: "bar" }, { x: "foo bar" }],
    answers: { "foo AND bar": [0, 1], '"foo bar"': [1] },
  },
];

const wildcardFacts: readonly Fact[] = [
  {
    title:
      "lowers wildcards on text and compares them with tokens, on .keyword with the whole value as it is",
    documents: m("Hello World", "hello", "日本"),
    answers: {
      "m:HEL*": [0, 1],
      "m:*llo*wor*": [],
      "m.keyword:Hel*": [0],
      "m.keyword:*llo*Wor*": [0],
      "m:hell?": [0, 1],
      "m:?": [2],
    },
  },
  {
    title: "analyses a pure prefix: all but its last token are terms",
    documents: m("foo x", "bar", "hello", "world", "user", "example", "日 x", "10.0.1.2"),
    answers: {
      "m:foo-b*": [0, 1],
      "m:foo-*": [0],
      "m:Hello\\ W*": [2, 3],
      "m:user\\@ex*": [4, 5],
      "m:日本*": [6],
      "m:10.0.*": [7],
    },
  },
  {
    title:
      "does not split patterns with an inner or leading wildcard, so that punctuation never matches text",
    documents: m("foo-bar", "two-three", "a/log", "x@example.com"),
    answers: { "m:*-bar": [], "m:tw*-th*": [], "m:*\\/log*": [], "m:*@example.com": [] },
  },
  {
    title: "takes field:* as existence, other patterns of stars need a token",
    documents: m("a", "", "   ", "-"),
    answers: {
      "m:*": [0, 1, 2, 3],
      "m:**": [0],
      "m:?*": [0],
      "m:[* TO *]": [0],
      "m.keyword:*": [0, 1, 2, 3],
    },
  },
  {
    title: "finds nothing with a wildcard on a number, boolean or date",
    documents: [{ n: 5, b: true, "@timestamp": "2026-11-25" }],
    answers: { "n:5*": [], "@timestamp:2026-11*": [], "b:t*": [], "n:*": [0] },
  },
  {
    title: "wants a wildcard in a field's name escaped",
    documents: [{ user: { name: "x" } }],
    answers: { "user.*:x": "error", "*e*:x": "error", "user.\\*:x": [0], "*:x": [0], "\\*:x": [0] },
  },
];

export const syntaxFacts: readonly Fact[] = [...booleanFacts, ...chunkFacts, ...wildcardFacts];
