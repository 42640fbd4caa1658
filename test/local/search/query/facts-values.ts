/** Numbers, booleans, strings and dates. */
import type { Fact } from "./fact";

const dateFacts = [
  "2026-11-25",
  "2026-11-25T10:00:00Z",
  "2026-11-25T10:00:30Z",
  "2026-11-25T10:00:00.500Z",
  "2026-11-01T05:00:00Z",
];
const numberFacts: readonly Fact[] = [
  {
    title: "lets the first document fix a type; what fits is cut to it, what does not is refused alone [B36]",
    documents: [
      '{"n":1}',
      '{"n":3.9}',
      '{"n":"4.6"}',
      '{"n":-2.9}',
      '{"n":"5"}',
      '{"n":""}',
      '{"n":"many"}',
      '{"n":true}',
      '{"n":" 6"}',
      '{"n":{}}',
      '{"n":9223372036854775808}',
      '{"n":2}',
    ],
    answers: {
      "*": [0, 1, 2, 3, 4, 5, 11],
      "n:3": [1],
      "n:4": [2],
      "n:\\-2": [3],
      "n:5": [4],
      "_exists_:n": [0, 1, 2, 3, 4, 11],
    },
  },
  {
    title: "compares long numbers exactly [B42]",
    documents: ['{"n":1}', '{"n":9007199254740993}', '{"n":9007199254740992}'],
    answers: {
      "n:9007199254740993": [1],
      "n:9223372036854775808": [],
      "n:[* TO 9223372036854775808]": [],
      "n:>9007199254740992": [1],
    },
  },
  {
    title: "keeps fractions as 32-bit floats",
    documents: ['{"f":0.5}', '{"f":16777216}', '{"f":1.5}', '{"f":19.99}'],
    answers: { "f:16777217": [1], "f:1.50000001": [2], "f:19.990001": [], "f:19.99": [3] },
  },
  {
    title: "reads a number in several ways, but not every text",
    documents: [{ n: 5, f: 1.5 }],
    answers: {
      "n:5.0": [0],
      "n:05": [0],
      "n:5e0": [0],
      'n:"5"': [0],
      "n:\\+5": [0],
      "n:5.5": [],
      "n:5x": [],
      "n:0x5": [],
      "n:1,000": [],
      "f:1.5f": [0],
    },
  },
  {
    title: "needs a negative number escaped or quoted, but not within a comparison or range",
    documents: [{ n: -2 }, { n: 5 }, { n: -1 }],
    answers: {
      "n:-2": "error",
      "n:+5": "error",
      "n:\\-2": [0],
      'n:"-2"': [0],
      "n:>-3": [0, 1, 2],
      "n:<-1": [0],
      "n:[-3 TO 0]": [0, 2],
      "-1": [0, 1, 2],
    },
  },
  {
    title: "takes comparisons only glued to their value and unquoted",
    documents: [{ n: 5 }, { n: 3 }, { n: 9, x: 1 }, { n: 20, x: 20 }],
    answers: {
      "n:>=5": [0, 2, 3],
      "n:<5": [1],
      "n:> 5": [0],
      "n:(>=3 AND <=5)": [0, 1],
      "n:>=5 AND <9": [0, 2],
    },
  },
  {
    title: "takes mixed brackets, rounds bounds on whole numbers, and knows TO in capitals only [B69]",
    documents: [{ n: 5 }, { n: 6 }, { n: 7 }],
    answers: {
      "n:[5 TO 7}": [0, 1],
      "n:{4.5 TO 5.5}": [0],
      "n:[7 TO 5]": [],
      "n:[abc TO 5]": [],
      "n:[5 7]": "error",
      "n:[TO 2]": "error",
      "n:[1 to 5]": "error",
      "n:[1 TO": "error",
    },
  },
  {
    title: "asks each value of an array by itself",
    documents: [{ n: [1, 100] }],
    answers: { "n:>50 AND n:<60": [0], "n:[50 TO 60]": [] },
  },
  {
    title: "knows true and false in lower case only",
    documents: ['{"b":true}', '{"b":"true"}', '{"b":""}', '{"b":1}', '{"b":"yes"}'],
    answers: {
      "*": [0, 1, 2],
      "b:true": [0, 1],
      'b:"true"': [0, 1],
      "b:false": [2],
      "b:TRUE": [],
      "b:T": [],
      "b:1": [],
      "b:yes": [],
      true: [0, 1],
    },
  },
];

const stringAndDateFacts: readonly Fact[] = [
  {
    title: "runs string ranges over lower-cased tokens, on .keyword over bytes",
    documents: [
      { m: "Banana" },
      { m: "zoo apple" },
      { k: "10" },
      { k: "9" },
      { k: "A" },
      { k: "Z" },
      { k: "a" },
      { k: "é" },
    ],
    answers: {
      "m:[A TO C]": [0, 1],
      "k.keyword:[10 TO 9]": [2, 3],
      "k.keyword:[A TO Z]": [4, 5],
      "k.keyword:>a": [7],
      ">zo": [1, 7],
    },
  },
  {
    title: "takes < and > at a term's start as a comparison even when escaped; quotes protect them",
    documents: [{ k: "<b>" }, { k: "a" }],
    answers: { "k.keyword:\\<b\\>": [0, 1], 'k.keyword:"<b>"': [0], "k:=a": [1], "k:=>a": [1] },
  },
  {
    title: "takes a date as the whole of its unit, but year and month as their first day",
    documents: dateFacts.map((date) => ({ "@timestamp": date })),
    answers: {
      "@timestamp:2026-11-25": [0, 1, 2, 3],
      '@timestamp:"2026-11-25T10:00"': [1, 2, 3],
      '@timestamp:"2026-11-25T10:00:00Z"': [1, 3],
      "@timestamp:2026-11": [4],
      "@timestamp:1795600800500": [3],
    },
  },
  {
    title: "rounds date ranges to the end of the unit",
    documents: [
      { "@timestamp": "2026-11-25" },
      { "@timestamp": "2026-11-25T23:59:59Z" },
      { "@timestamp": "2026-11-26" },
    ],
    answers: {
      "@timestamp:[2026-11-25 TO 2026-11-25]": [0, 1],
      "@timestamp:<=2026-11-25": [0, 1],
      "@timestamp:>2026-11-25": [2],
      "@timestamp:{2026-11-25 TO 2026-11-26}": [],
      "@timestamp:[2026-11-25 TO 2026-11-26}": [0, 1],
      "@timestamp:[2026-11-25||/d TO 2026-11-25||/d]": [0, 1],
      "@timestamp:[* TO 2026-11-01||/M]": [0, 1, 2],
    },
  },
  {
    title: "wants the colons of a date escaped outside a range, and finds nothing with a bad date [B68]",
    documents: [{ "@timestamp": "2026-11-25T10:00:00Z" }],
    answers: {
      "@timestamp:2026-11-25T10:00:00Z": "error",
      "@timestamp:>=2026-11-25T10:00:00Z": "error",
      "@timestamp:[2026-11-25T10:00:00Z TO *]": [0],
      "@timestamp:yesterday": [],
      "@timestamp:2026-13-01": [],
      "@timestamp:now-1x": [],
    },
  },
  {
    title: "reads @timestamp with offsets, as milliseconds, by month and year, and refuses other forms",
    documents: [
      { "@timestamp": "2026-11-25T12:00:00+02:00" },
      { "@timestamp": 1795600800000 },
      { "@timestamp": "1795600800000" },
      { "@timestamp": "2026-11" },
      { "@timestamp": "2026" },
      { "@timestamp": "2026-11-25T10:00:00.123456789Z" },
      { "@timestamp": 1795600800 },
      { "@timestamp": "20261125" },
      { "@timestamp": "2026-11-25 10:00:00" },
      { "@timestamp": "" },
      { "@timestamp": true },
    ],
    answers: {
      "*": [0, 1, 2, 3, 4, 5, 6, 7],
      "@timestamp:1795600800000": [0, 1, 2],
      "@timestamp:1795600800123": [5],
      "@timestamp:<1971": [6, 7],
    },
  },
  {
    title: "finds a date on the default field unless it is part of a run of words",
    documents: [
      { "@timestamp": "2026-11-25T08:00:00Z" },
      { m: "year 2026", "@timestamp": "2020" },
      { m: "x", "@timestamp": "2020" },
    ],
    answers: { "2026-11-25": [0, 1], "2026-11-25 x": [1, 2] },
  },
];

export const valueFacts: readonly Fact[] = [...numberFacts, ...stringAndDateFacts];
