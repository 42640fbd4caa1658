import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { type Answer, AnswerReader } from "../../../publisher/wire/answer-reader";

interface Cut {
  readonly answer: Answer;
  readonly behind: number;
}

/** What is made of the text, which arrives in pieces of so many bytes. */
function cut(text: string, { ended = false, pieceBytes = Infinity } = {}): Cut | undefined {
  const reader = new AnswerReader();
  for (let at = 0; at < text.length; at += pieceBytes) {
    const whole = reader.push(Buffer.from(text.slice(at, at + pieceBytes), "latin1"));
    if (whole) return whole;
  }
  const answer = ended ? reader.end() : undefined;
  return answer && { answer, behind: 0 };
}

const head = "HTTP/1.1 200 OK\r\n";
const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`;

describe("publisher/wire/answer-reader", () => {
  it("cuts an answer by content-length, whole or not at all", () => {
    const text = `${head}Content-Type: a\r\nContent-Length: 5\r\n\r\nhello`;

    for (let length = 0; length < text.length; length++)
      strictEqual(cut(text.slice(0, length), { ended: true }), undefined);
    const whole = cut(`${text}more`);
    deepStrictEqual(whole?.answer.headers, { "content-type": "a", "content-length": "5" });
    strictEqual(whole?.answer.body.toString(), "hello");
    strictEqual(whole?.behind, 4);
  });

  it("cuts chunks, with trailers and extensions, whole or not at all", () => {
    const text = `${chunked}5;x=y\r\nhello\r\nA\r\n, chunked!\r\n0\r\nT: 1\r\n\r\n`;

    for (let length = 0; length < text.length; length++) strictEqual(cut(text.slice(0, length)), undefined);
    strictEqual(cut(text)?.answer.body.toString(), "hello, chunked!");
    strictEqual(cut(`${text}x`)?.behind, 1);
  });

  it("gives the same wherever the bytes are cut", () => {
    const texts = [
      `HTTP/1.1 100 Continue\r\n\r\n${head}Content-Length: 15\r\n\r\nhello, chunked!`,
      `${chunked}5\r\nhello\r\nA\r\n, chunked!\r\n0\r\n\r\n`,
      `${head}\r\nhello, chunked!`,
    ];

    for (const text of texts) {
      for (let pieceBytes = 1; pieceBytes < text.length; pieceBytes++)
        strictEqual(cut(text, { ended: true, pieceBytes })?.answer.body.toString(), "hello, chunked!");
    }
  });

  it("passes over 100 Continue, takes the end of the connection for the end of an answer without length", () => {
    strictEqual(cut("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 x\r\n\r\n"), undefined);
    const ended = cut("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 x\r\n\r\nbody", { ended: true });
    deepStrictEqual([ended?.answer.statusCode, ended?.answer.body.toString()], [503, "body"]);
  });

  it("does not wait for a body that a status has not", () => {
    strictEqual(cut("HTTP/1.1 204 No Content\r\n\r\n")?.answer.statusCode, 204);
  });

  it("reads the next answer of the same connection", () => {
    const reader = new AnswerReader();
    const bodies = ["one", "two"].map((body) =>
      reader.push(Buffer.from(`${head}Content-Length: 3\r\n\r\n${body}`))?.answer.body.toString(),
    );

    deepStrictEqual(bodies, ["one", "two"]);
  });

  for (const [what, text, why] of [
    ["another protocol", "SSH-2.0-x\r\n\r\n", /the answer is no HTTP/],
    ["a length below 0", `${head}Content-Length: -1\r\n\r\n`, /content-length -1/],
    ["a chunk without size", `${chunked}zz\r\n`, /broken chunk size/],
    ["a chunk's size of many digits", `${chunked}fffffffffffff\r\n`, /broken chunk size/],
    [
      "a body of a gigabyte, before it comes",
      `${head}Content-Length: 1000000000\r\n\r\n`,
      /1000000000 bytes/,
    ],
    ["a body without end", `${head}\r\n${"x".repeat(4_200_000)}`, /more than 4194304 bytes/],
    [
      "chunks without end",
      chunked + `fff\r\n${"x".repeat(4095)}\r\n`.repeat(1100),
      /more than 4194304 bytes/,
    ],
    ["a head without end", head + "X: y\r\n".repeat(20_000), /a head without end/],
    ["100 Continue for ever", "HTTP/1.1 100 C\r\n\r\n".repeat(5000), /a head without end/],
    ["a trailer without end", `${chunked}0\r\n${"X: y\r\n".repeat(20_000)}`, /a trailer without end/],
    ["a chunk's size without end", chunked + "1;".repeat(50_000), /broken chunk size/],
  ] as const) {
    it(`refuses ${what}`, () => {
      throws(() => cut(text, { pieceBytes: 65_536 }), why);
    });
  }
});
