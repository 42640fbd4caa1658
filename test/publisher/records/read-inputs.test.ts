import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { findInputs } from "../../../publisher/records/find-inputs";
import { type ReadOptions, readInputs } from "../../../publisher/records/read-inputs";
import { texts } from "./texts";

describe("publisher/records/read-inputs", () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "inputs-"));
  });

  afterEach(() => rmSync(dir, { recursive: true }));

  const file = (name: string, bytes: string | Buffer): string => {
    writeFileSync(join(dir, name), bytes);
    return join(dir, name);
  };

  async function read(paths: readonly string[], options: Partial<ReadOptions> = {}) {
    const records: string[] = [];
    const problems: string[] = [];
    const notes: string[] = [];
    const refused: string[] = [];
    const batches = readInputs(
      findInputs(paths, { onProblem: (text) => problems.push(text), onNote: (text) => notes.push(text) }),
      {
        newline: true,
        onProblem: (problem) => problems.push(problem),
        onNote: (note) => notes.push(note),
        refuse: (place) => {
          refused.push(place);
          return { write() {}, end() {} };
        },
        ...options,
      },
    );
    for await (const batch of batches) records.push(...texts(batch));
    return { records, problems, notes, refused };
  }

  it("reads several files, one after the other", async () => {
    const paths = [file("b.log", "1\n2"), file("a.log", "3\n")];

    deepStrictEqual((await read(paths)).records, ["1\n", "2\n", "3\n"]);
  });

  it("unpacks gzip, several members too, whatever the name [B28]", async () => {
    const bytes = Buffer.concat([gzipSync("\ufeffone\r\n"), gzipSync("two\r\nthree")]);

    deepStrictEqual((await read([file("big.log.gz", bytes)])).records, ["one\n", "two\n", "three\n"]);
    deepStrictEqual((await read([file("big.log", bytes)])).records, ["one\n", "two\n", "three\n"]);
  });

  it("unpacks zstd", async () => {
    deepStrictEqual((await read([file("big.zst", zstdCompressSync("one\ntwo"))])).records, [
      "one\n",
      "two\n",
    ]);
  });

  it("sends what a torn gzip file has and names the file", async () => {
    const bytes = gzipSync(Buffer.from(Array.from({ length: 8_000 }, (_, n) => `line ${n}\n`).join("")));

    const { records, problems } = await read([
      file("torn.gz", bytes.subarray(0, bytes.length - 9)),
      file("b", "next"),
    ]);

    strictEqual(records[0], "line 0\n");
    strictEqual(records.at(-1), "next\n");
    strictEqual(records.length > 6_000, true);
    deepStrictEqual(
      records.slice(0, -1),
      Array.from({ length: records.length - 1 }, (_, n) => `line ${n}\n`),
    );
    strictEqual(problems.length, 1);
    strictEqual(problems[0]?.startsWith(join(dir, "torn.gz")), true);
  });

  it("reads standard input, and ends it behind what has arrived when it is told to [B28]", async () => {
    const stdin = new PassThrough();
    const stop = new AbortController();
    stdin.write("\ufeffone\r\ntwo\r\nthr");
    setImmediate(() => stop.abort());

    const { records } = await read(["-"], { stdin, signal: stop.signal });

    deepStrictEqual(records, ["one\n", "two\n", "thr\n"]);
    deepStrictEqual((await read(["-"], { stdin: Readable.from([gzipSync("x\ny")]) })).records, [
      "x\n",
      "y\n",
    ]);
  });

  it("names file and line of what is too long", async () => {
    const path = file("access.log", `a\n${"x".repeat(2_000_000)}\nb\n`);

    const { records, refused } = await read([path]);

    deepStrictEqual(records, ["a\n", "b\n"]);
    deepStrictEqual(refused, [`${path}:2`]);
  });

  it("sends each element of CloudTrail files in a folder, leaves digests out with a note [B54]", async () => {
    mkdirSync(join(dir, "trail", "deep"), { recursive: true });
    const digest = '{"digestS3Bucket":"b","logFiles":[]}';
    const pretty =
      '{\n "Records" : [\n {"id": 9007199254740993, "t": "a, ]} b\\"\\n"},\n {"n":[1,{"Records":[2]}]} ] }';
    const key = "111122223333_CloudTrail-Digest_eu-west-1_t_eu-west-1_20260301T000000Z.json.gz";
    file(join("trail", key), gzipSync(digest));
    file(join("trail", "renamed-digest.json"), digest);
    const named = "111122223333_CloudTrail-Digest_eu-west-1_t_eu-west-1_20260301T010000Z.json";
    file(join("trail", named), '{"Records":[{"not":"an event"}]}');
    file(join("trail", "deep", "1.json.gz"), gzipSync(pretty));
    file(join("trail", "empty.json"), '{"Records":[]}');
    file(join("trail", "other.json"), '{"hits":[1]}');

    const { records, notes, problems } = await read([join(dir, "trail")], { records: "Records" });

    deepStrictEqual(records, [
      '{"id":9007199254740993,"t":"a, ]} b\\"\\n"}\n',
      '{"n":[1,{"Records":[2]}]}\n',
    ]);
    const other = join(dir, "trail", "other.json");
    deepStrictEqual(problems, [
      `${other}: has no array Records; its arrays are hits; nothing of it was sent`,
    ]);
    deepStrictEqual(notes, [
      `${join(dir, "trail", key)}: a CloudTrail digest, left out`,
      `${join(dir, "trail", named)}: a CloudTrail digest, left out`,
      `${join(dir, "trail", "renamed-digest.json")}: a CloudTrail digest, left out`,
    ]);
  });

  it("names a JSON file that is torn and an element that is too long", async () => {
    const paths = [
      file("torn.json", '{"Records":[{"a":1},{"a"'),
      file("long.json", `{"Records":[{"a":"${"x".repeat(1_100_000)}"},{"b":2}]}`),
    ];

    const { records, problems, refused } = await read(paths, { records: "Records" });

    deepStrictEqual(records, ['{"a":1}\n', '{"b":2}\n']);
    deepStrictEqual(problems.length, 1);
    deepStrictEqual(refused, [`${paths[1]}: element 1 of Records`]);
  });

  it("sends what a quiet standard input has said, while it goes on [C21]", async () => {
    const stdin = new PassThrough();
    const batches = readInputs([{ path: "-", sizeBytes: undefined }], {
      newline: true,
      onProblem: () => {},
      onNote: () => {},
      refuse: () => ({ write() {}, end() {} }),
      stdin,
      quietMs: 5,
    });

    const seen: string[][] = [];
    for (const text of ['{"m":"held1"}\n{"m":"he', 'ld2"}\n', "plain\n"]) {
      stdin.write(text);
      const next = await batches.next();
      seen.push(next.done ? [] : texts(next.value));
    }
    await batches.return(undefined);

    deepStrictEqual(seen, [['{"m":"held1"}\n'], ['{"m":"held2"}\n'], ["plain\n"]]);
  });

  it("sends a steady trickle in time: what came first does not wait for the source to be quiet [C21]", async () => {
    const stdin = new PassThrough();
    let said = 0;
    const drip = () => {
      if (!stdin.destroyed) stdin.write(`line ${++said}\n`, () => setTimeout(drip, 1));
    };
    const batches = readInputs([{ path: "-", sizeBytes: undefined }], {
      newline: true,
      onProblem: () => {},
      onNote: () => {},
      refuse: () => ({ write() {}, end() {} }),
      stdin,
      quietMs: 20,
    });

    drip();
    const first = await batches.next();
    await batches.return(undefined);

    strictEqual(first.done ? "" : texts(first.value)[0], "line 1\n");
  });

  it("sends elements of a quiet standard input too [C21]", async () => {
    const stdin = new PassThrough();
    const batches = readInputs([{ path: "-", sizeBytes: undefined }], {
      newline: true,
      records: "Records",
      onProblem: () => {},
      onNote: () => {},
      refuse: () => ({ write() {}, end() {} }),
      stdin,
      quietMs: 5,
    });

    stdin.write('{"Records":[{"a":1},{"a":');
    const first = await batches.next();
    await batches.return(undefined);

    deepStrictEqual(first.done ? [] : texts(first.value), ['{"a":1}\n']);
  });

  it("reads a pipe that was named, compressed or not, and ends it at the signal without anybody writing [C23]", async () => {
    const pipes = ["plain", "packed", "silent"].map((name) => join(dir, name));
    for (const pipe of pipes) execFileSync("mkfifo", [pipe]);
    const [plain = "", packed = "", silent = ""] = pipes;
    const stop = new AbortController();
    const writing = [writeFile(plain, "a\nb"), writeFile(packed, gzipSync("c\nd\n"))];

    const { records } = await read([plain, packed]);
    await Promise.all(writing);
    setImmediate(() => stop.abort());
    const nothing = await read([silent], { signal: stop.signal });

    deepStrictEqual([records, nothing.records, nothing.problems], [["a\n", "b\n", "c\n", "d\n"], [], []]);
  });

  for (const [encoding, mark, swap] of [
    ["UTF-16LE", "\ufeff", false],
    ["UTF-16BE", "\ufeff", true],
    ["UTF-16LE", "", false],
    ["UTF-16BE", "", true],
  ] as const) {
    it(`sends ${encoding} ${mark ? "with" : "without"} its mark as UTF-8, packed too, and says so [C26]`, async () => {
      const text = `${mark}{"m":"u16a","t":"caf\u00e9 \u0a0d\u65e5 \u{1f642}"}\r\n{"m":"u16b"}\r\n`;
      const bytes = Buffer.from(text, "utf16le");
      if (swap) bytes.swap16();
      const path = file("u.log", bytes);

      for (const from of [path, file("u.log.gz", gzipSync(bytes))]) {
        const { records, notes, problems } = await read([from]);

        deepStrictEqual(
          records.map((record) => Buffer.from(record, "latin1").toString("utf8")),
          ['{"m":"u16a","t":"caf\u00e9 \u0a0d\u65e5 \u{1f642}"}\n', '{"m":"u16b"}\n'],
        );
        deepStrictEqual([notes, problems], [[`${from}: is ${encoding}, sent as UTF-8`], []]);
      }
    });
  }

  it("refuses UTF-32 with a word, and takes bytes for what they are otherwise [C26]", async () => {
    const utf32 = file("u32.log", Buffer.from("fffe000061000000", "hex"));
    const odd = file("odd.log", Buffer.from("a\0\n\0\0\0\n\xff\xfe\n", "latin1"));

    const { records, problems } = await read([utf32, odd]);

    deepStrictEqual(records, ["a\0\n", "\0\0\0\n", "\xff\xfe\n"]);
    match(
      problems.join(),
      /u32\.log: is UTF-32, and UTF-8 and UTF-16 are read: iconv .*; nothing of it was sent$/,
    );
  });

  describe("a JSON document", () => {
    const arrays = '{"Records":[{"a":1}],"Other":[2],"n":3}';
    const wrong: Record<string, [string, string | undefined, string | RegExp]> = {
      "an array that is not there": [arrays, "Recrds", "has no array Recrds; its arrays are Records, Other"],
      "a key that is no array": [arrays, "n", "has no array n; its arrays are Records, Other"],
      "an object without arrays": [
        '{"a":{"Records":[1]},"b":1}',
        "Records",
        /its keys are a, b, and none of them/,
      ],
      "an array under no key": [
        '[{"a":1}]',
        "Records",
        /it is an array itself, whose elements --records \. sends/,
      ],
      "lines of text": ["plain words\n", "Records", "is no JSON: it is no object and no array"],
      "a text": ['"Records"', "Records", "is no JSON: it is no object and no array"],
      "text behind JSON": ['{"a":[1]} and so on', "Records", "is no JSON: it is no object and no array"],
      "elements that are none": ['{"Records":[{"a":1},{a:2}]}', "Records", "is no JSON: element 2 is none"],
      "a closing bracket too many": [
        '{"Records":[]}}',
        "Records",
        "is no JSON: it closes more than it opens",
      ],
      "a pretty-printed object": [
        '{\n  "Records": [\n    {"a": 1}\n  ]\n}\n',
        undefined,
        /^holds JSON over several lines, .*--records \. sends it as one record, --records Records the elements/,
      ],
      "a pretty-printed object without arrays": [
        '\n{\n "a": "}"\n}',
        undefined,
        /sends it as one record; nothing/,
      ],
      "several of them": ['{\n"a":1}\n{\n"a":2}', undefined, /--records \. sends each object as one record/],
      "an array": [
        '[{"a":1},\n{"a":2}]',
        undefined,
        /^holds a JSON array, .*: --records \. sends its elements/,
      ],
      "an array in one line": ['\ufeff[{"a":1},{"a":2}]\n', undefined, /^holds a JSON array/],
    };
    for (const [what, [text, key, why]] of Object.entries(wrong)) {
      it(`names ${what}, and what is there`, async () => {
        const path = file("x.json", text);

        const { records, problems, notes } = await read([path], key === undefined ? {} : { records: key });

        deepStrictEqual([records.length < 2, notes, problems.length], [true, [], 1]);
        const said = problems[0]?.slice(`${path}: `.length) ?? "";
        if (typeof why === "string") strictEqual(said.startsWith(`${why}; `), true, said);
        else match(said, why);
      });
    }

    it("sends the elements of an array of its own, and objects over several lines as one record each", async () => {
      const texts = [
        '[{"a": 1}, "x", [2, 3]]',
        '{\n "a": "b c",\n "d": [ ]\n}\n\n{\n "e": 1 }',
        "[]",
        "\ufeff[7]",
      ];

      const all = await Promise.all(
        texts.map((text, n) => read([file(`${n}.json`, text)], { records: "." })),
      );

      deepStrictEqual(
        all.map(({ records }) => records),
        [['{"a":1}\n', '"x"\n', "[2,3]\n"], ['{"a":"b c","d":[]}\n', '{"e":1}\n'], [], ["7\n"]],
      );
      deepStrictEqual(
        all.flatMap(({ problems }) => problems),
        [],
      );
    });

    it("sends lines of JSON as lines, whatever the file's name", async () => {
      for (const text of [
        '{"a":1}\n{"a":2}\n',
        "[1]\n[2]\n",
        "[2026-11-28] started\nmore\n",
        '{"Records":[1]}',
        "{x\n",
      ]) {
        const name = text.startsWith("{x") ? "x.log" : "x.json";
        const { records, problems } = await read([file(name, text)]);

        deepStrictEqual([records.join(""), problems], [text.endsWith("\n") ? text : `${text}\n`, []]);
      }
    });

    it("passes over an empty file with a note", async () => {
      const path = file("empty.json", "\n");

      deepStrictEqual((await read([path], { records: "Records" })).notes, [`${path}: is empty, left out`]);
    });
  });
});
