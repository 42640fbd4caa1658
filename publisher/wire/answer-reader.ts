/**
 * Cuts one HTTP/1.1 answer out of bytes as they arrive. Each byte is looked at once, whatever pieces it comes in, and
 * what is held has a bound: a server that sends without end is found out by its bytes, not by this machine's memory.
 */
import { notHttp } from "../errors";

export interface Answer {
  readonly statusCode: number;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  /** Lent where it arrived in one piece: its bytes are overwritten by what arrives next. */
  readonly body: Buffer;
}

/** The answer to 500 records has about 100 kB. */
const maxBodyBytes = 4 * 1024 * 1024;
const maxHeadBytes = 64 * 1024;
const headEnd = "\r\n\r\n";
const none = Buffer.alloc(0);

/** The body by its length: chunked, so many bytes, or all until the connection ends. */
type Length = "chunked" | "until the end" | number;

export class AnswerReader {
  /** Bytes that arrived and are not taken yet: the begin of a head, or of a chunk's size. */
  private rest: Buffer = none;
  private head: { readonly statusCode: number; readonly headers: Record<string, string> } | undefined;
  private length: Length = 0;
  /** What is there of a body that comes in pieces, in one piece of memory: chunks may be a byte each. */
  private memory: Buffer = none;
  private bodyBytes = 0;
  /** Heads before the answer's own, 100 Continue, count too. */
  private headBytes = 0;
  /** Bytes of the current chunk that are still to come, its line end included; undefined between two chunks. */
  private chunkBytes: number | undefined;
  private inTrailer = false;

  /** Whether bytes came of an answer that is not whole. */
  get begun(): boolean {
    return this.head !== undefined || this.rest.length > 0 || this.headBytes > 0;
  }

  /** Gives the answer once it is whole, with the bytes that came behind it; throws where it is no HTTP. */
  push(bytes: Buffer): { readonly answer: Answer; readonly behind: number } | undefined {
    let left = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    this.rest = none;
    while (this.head === undefined) {
      const end = left.indexOf(headEnd);
      if (end < 0) return this.keep(left, maxHeadBytes - this.headBytes, "a head without end");
      this.readHead(left.toString("latin1", 0, end));
      this.headBytes += end + headEnd.length;
      if (this.headBytes > maxHeadBytes) throw notHttp("a head without end");
      left = left.subarray(end + headEnd.length);
    }
    if (this.length === "chunked") return this.chunks(left);
    const wanted = this.length === "until the end" ? Number.POSITIVE_INFINITY : this.length - this.bodyBytes;
    if (left.length >= wanted) return this.whole(left.subarray(0, wanted), left.length - wanted);
    this.hold(left);
    return undefined;
  }

  /** The connection has ended: that ends an answer that did not say its length. */
  end(): Answer | undefined {
    return this.head && this.length === "until the end" ? this.whole(none, 0).answer : undefined;
  }

  private readHead(text: string): void {
    const [statusLine = "", ...lines] = text.split("\r\n");
    const statusCode = Number(/^HTTP\/1\.[01] (\d{3})( |$)/.exec(statusLine)?.[1]);
    if (!statusCode) throw notHttp(`the status line ${statusLine.slice(0, 80)}`);
    if (statusCode < 200) return; // 100 Continue and its like: the answer comes behind it.
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const colon = line.indexOf(":");
      headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
    }
    this.head = { statusCode, headers };
    this.length = lengthOf(statusCode, headers);
    if (typeof this.length === "number" && this.length > maxBodyBytes)
      throw notHttp(`${this.length} bytes; an answer has up to ${maxBodyBytes} bytes`);
  }

  private chunks(bytes: Buffer): { readonly answer: Answer; readonly behind: number } | undefined {
    for (let at = 0; ; ) {
      if (this.chunkBytes !== undefined) {
        const data = bytes.subarray(at, at + this.chunkBytes);
        // The last two bytes of a chunk are its line end.
        this.hold(data.subarray(0, Math.max(0, this.chunkBytes - 2)));
        at += data.length;
        this.chunkBytes -= data.length;
        if (this.chunkBytes > 0) return undefined;
        this.chunkBytes = undefined;
      }
      const lineEnd = bytes.indexOf("\r\n", at);
      if (lineEnd < 0) return this.keep(bytes.subarray(at), maxHeadBytes, "a broken chunk size");
      const line = bytes.toString("latin1", at, lineEnd);
      at = lineEnd + 2;
      if (this.inTrailer) {
        this.headBytes += line.length;
        if (this.headBytes > maxHeadBytes) throw notHttp("a trailer without end");
        if (line === "") return this.whole(none, bytes.length - at);
        continue;
      }
      const size = /^[0-9a-f]{1,8}(?=[ \t;]|$)/i.exec(line)?.[0];
      if (size === undefined) throw notHttp("a broken chunk size");
      const count = Number.parseInt(size, 16);
      if (count === 0) this.inTrailer = true;
      else this.chunkBytes = count + 2;
    }
  }

  /** Copies: what arrived lies in memory that is used again. */
  private hold(bytes: Buffer): void {
    const end = this.bodyBytes + bytes.length;
    if (end > maxBodyBytes) throw notHttp(`more than ${maxBodyBytes} bytes`);
    if (end > this.memory.length) {
      const known = typeof this.length === "number" ? this.length : 0;
      const larger = Buffer.allocUnsafe(Math.max(end, known, Math.min(maxBodyBytes, 2 * this.memory.length)));
      this.memory.copy(larger, 0, 0, this.bodyBytes);
      this.memory = larger;
    }
    bytes.copy(this.memory, this.bodyBytes);
    this.bodyBytes = end;
  }

  private keep(bytes: Buffer, limit: number, what: string): undefined {
    if (bytes.length > limit) throw notHttp(what);
    this.rest = Buffer.from(bytes);
    return undefined;
  }

  private whole(last: Buffer, behind: number): { readonly answer: Answer; readonly behind: number } {
    const inPieces = this.bodyBytes > 0;
    if (inPieces) this.hold(last);
    const body = inPieces ? this.memory.subarray(0, this.bodyBytes) : last;
    const { statusCode = 0, headers = {} } = this.head ?? {};
    this.head = undefined;
    this.memory = none;
    this.bodyBytes = this.headBytes = 0;
    this.inTrailer = false;
    return { answer: { statusCode, headers, body }, behind };
  }
}

function lengthOf(statusCode: number, headers: Record<string, string>): Length {
  if (statusCode === 204 || statusCode === 304) return 0;
  if (headers["transfer-encoding"]?.toLowerCase().includes("chunked")) return "chunked";
  const length = headers["content-length"];
  if (length === undefined) return "until the end";
  if (!/^\d+$/.test(length)) throw notHttp(`content-length ${length.slice(0, 40)}`);
  return Number(length);
}
