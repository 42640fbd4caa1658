/**
 * One HTTP/1.1 connection, one call at a time: the request is written as it is, the answer is cut out of what arrives.
 * Node's own client costs twice the processor time of the rest of a call (npm run bench -- publisher).
 */
import { connect, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";

export interface Answer {
  readonly statusCode: number;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

export interface Address {
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
}

export interface Timeouts {
  /** Until the connection stands, in milliseconds. */
  readonly connectMs: number;
  /** Without anything arriving for an answer, in milliseconds. */
  readonly answerMs: number;
}

const readBytes = 64 * 1024;
/** An answer to 500 records has about 100 kB. */
const maxAnswerBytes = 16 * 1024 * 1024;

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

const none = Buffer.alloc(0);

export class HttpConnection {
  private readonly socket: Socket;
  private waiting: Waiting | undefined;
  private arrived: Buffer = none;
  private closed = false;
  private connected = false;

  /**
   * @param onClose called once, when the connection cannot be used any more
   * @param keepBody makes out of an answer what is kept of its body, whose bytes are overwritten afterwards
   */
  constructor(
    address: Address,
    private readonly timeouts: Timeouts,
    private readonly onClose: (connection: HttpConnection) => void,
    private readonly keepBody: (answer: Answer) => Buffer = ({ body }) => Buffer.from(body),
  ) {
    const { hostname, port } = address;
    const onread = { buffer: Buffer.allocUnsafe(readBytes), callback: this.onBytes };
    // TLS verifies the certificate against the host's name, as it does by default.
    this.socket = address.secure
      ? connectTls({
          host: hostname,
          port,
          ...(isIP(hostname) ? {} : { servername: hostname }),
          onread,
        } as unknown as ConnectionOptions)
      : connect({ host: hostname, port, onread, noDelay: true });
    this.socket.setNoDelay(true);
    this.socket.setTimeout(timeouts.connectMs);
    this.socket.on(address.secure ? "secureConnect" : "connect", () => {
      this.connected = true;
      this.socket.setTimeout(this.waiting ? timeouts.answerMs : 0);
    });
    this.socket.on("timeout", () => this.fail(timeoutError(this.connected)));
    this.socket.on("error", (error) => this.fail(error));
    this.socket.on("end", () => this.onEnd());
    this.socket.on("close", () => this.fail(resetError()));
  }

  get usable(): boolean {
    return !this.closed && this.waiting === undefined;
  }

  /**
   * Sends a request, head with its empty line, and gives the answer. Once that is settled the body is not read any
   * more: it is written in full, or the connection is closed.
   */
  send(head: string, body: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(resetError());
      this.waiting = { resolve, reject };
      if (this.connected) this.socket.setTimeout(this.timeouts.answerMs);
      this.socket.cork();
      this.socket.write(head, "latin1");
      this.socket.write(body);
      this.socket.uncork();
    });
  }

  close(error: Error = resetError()): void {
    this.fail(error);
  }

  private readonly onBytes = (length: number, buffer: Uint8Array): boolean => {
    const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, length);
    this.arrived = this.arrived.length === 0 ? bytes : Buffer.concat([this.arrived, bytes]);
    this.tryAnswer(false);
    // The buffer is used again for what arrives next.
    if (this.arrived.length > 0 && this.arrived.buffer === buffer.buffer)
      this.arrived = Buffer.from(this.arrived);
    return true;
  };

  private onEnd(): void {
    this.tryAnswer(true);
    this.fail(resetError());
  }

  private tryAnswer(ended: boolean): void {
    if (!this.waiting) {
      if (this.arrived.length > 0) this.fail(unexpected("bytes without a request"));
      return;
    }
    try {
      const cut = cutAnswer(this.arrived, ended);
      if (cut === undefined) {
        if (this.arrived.length > maxAnswerBytes) throw unexpected("an answer without end");
        return;
      }
      const { resolve } = this.waiting;
      this.waiting = undefined;
      this.socket.setTimeout(0);
      this.arrived = cut.length === this.arrived.length ? none : this.arrived.subarray(cut.length);
      const closes = cut.answer.headers["connection"]?.toLowerCase() === "close";
      const early = this.socket.writableLength > 0; // Answered before all of the request was taken.
      if (closes || early || this.arrived.length > 0) this.fail(resetError());
      resolve({ ...cut.answer, body: this.keepBody(cut.answer) });
    } catch (error) {
      this.fail(error as Error);
    }
  }

  private fail(error: Error): void {
    const waiting = this.waiting;
    this.waiting = undefined;
    if (!this.closed) {
      this.closed = true;
      this.socket.destroy();
      this.onClose(this);
    }
    waiting?.reject(error);
  }
}

/** Takes the first answer out of the bytes, with the number of bytes it had; undefined where it is not whole yet. */
export function cutAnswer(bytes: Buffer, ended: boolean): { answer: Answer; length: number } | undefined {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const [statusLine = "", ...lines] = bytes.toString("latin1", 0, headEnd).split("\r\n");
  const statusCode = Number(/^HTTP\/1\.[01] (\d{3})( |$)/.exec(statusLine)?.[1]);
  if (!statusCode) throw unexpected(`the status line ${statusLine.slice(0, 80)}`);
  const start = headEnd + 4;
  if (statusCode < 200) {
    const next = cutAnswer(bytes.subarray(start), ended);
    return next && { answer: next.answer, length: next.length + start };
  }
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  const body = cutBody(bytes, start, headers, ended);
  return body && { answer: { statusCode, headers, body: body.bytes }, length: body.end };
}

function cutBody(bytes: Buffer, start: number, headers: Record<string, string>, ended: boolean) {
  if (headers["transfer-encoding"]?.toLowerCase().includes("chunked")) return cutChunked(bytes, start);
  const length = headers["content-length"];
  if (length === undefined) return ended ? { bytes: bytes.subarray(start), end: bytes.length } : undefined;
  if (!/^\d+$/.test(length)) throw unexpected(`content-length ${length}`);
  const end = start + Number(length);
  return bytes.length >= end ? { bytes: bytes.subarray(start, end), end } : undefined;
}

function cutChunked(bytes: Buffer, start: number): { bytes: Buffer; end: number } | undefined {
  const parts: Buffer[] = [];
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (!(size >= 0)) throw unexpected("a broken chunk size");
    if (size === 0) {
      const trailerEnd = bytes.indexOf("\r\n\r\n", lineEnd);
      return trailerEnd < 0 ? undefined : { bytes: Buffer.concat(parts), end: trailerEnd + 4 };
    }
    const from = lineEnd + 2;
    if (bytes.length < from + size + 2) return undefined;
    parts.push(bytes.subarray(from, from + size));
    at = from + size + 2;
  }
}

const withCode = (message: string, code: string): Error => Object.assign(new Error(message), { code });
const resetError = (): Error =>
  withCode("the connection was closed before an answer was there", "ECONNRESET");
const unexpected = (what: string): Error => withCode(`the answer is no HTTP: ${what}`, "ECONNRESET");
const timeoutError = (connected: boolean): Error =>
  connected ? withCode("no answer in time", "ETIMEDOUT") : withCode("no connection in time", "EHOSTUNREACH");
