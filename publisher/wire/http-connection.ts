/**
 * One HTTP/1.1 connection, one call at a time: the request is written as it is, the answer is cut out of what arrives.
 * Node's own client costs twice the processor time of the rest of a call (npm run bench -- publisher).
 */
import { connect, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { notHttp, withCode } from "../errors";
import { type Answer, AnswerReader } from "./answer-reader";

export interface Address {
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
}

export interface Timeouts {
  /** Until the connection stands, in milliseconds. */
  readonly connectMs: number;
  /** Without anything arriving for an answer, and from its first byte to its last, in milliseconds. */
  readonly answerMs: number;
  /** Milliseconds; only differences count. @default performance.now */
  readonly now?: () => number;
}

const readBytes = 64 * 1024;

interface Waiting {
  /** Takes the answer, whose body is lent: its bytes are overwritten afterwards. */
  take(answer: Answer): void;
  reject(error: Error): void;
}

export class HttpConnection {
  private readonly socket: Socket;
  private waiting: Waiting | undefined;
  private readonly reader = new AnswerReader();
  /** When the answer that has begun must be whole. */
  private dueMs = Infinity;
  private closed = false;
  private connected = false;

  /** @param onClose called once, when the connection cannot be used any more */
  constructor(
    address: Address,
    private readonly timeouts: Timeouts,
    private readonly onClose: (connection: HttpConnection) => void,
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
      this.socket.setTimeout(timeouts.answerMs); // Begins anew with each request, and with all that arrives.
    });
    this.socket.on("timeout", () => {
      if (this.waiting || !this.connected) this.fail(timeoutError(this.connected));
    });
    this.socket.on("error", (error) => this.fail(error));
    this.socket.on("end", () => this.onEnd());
    this.socket.on("close", () => this.fail(resetError()));
  }

  get usable(): boolean {
    return !this.closed && this.waiting === undefined;
  }

  /**
   * Sends a request, head and body, and gives what `read` makes of the answer; it has the body only as long as it runs.
   * Once that is settled the request is not read any more: it is written in full, or the connection is closed.
   */
  send<T>(request: Buffer, read: (answer: Answer) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(resetError());
      const take = (answer: Answer) => {
        try {
          resolve(read(answer));
        } catch (error) {
          reject(error as Error);
        }
      };
      this.waiting = { take, reject };
      this.socket.write(request);
    });
  }

  close(error: Error = resetError()): void {
    this.fail(error);
  }

  private readonly onBytes = (length: number, buffer: Uint8Array): boolean => {
    this.tryAnswer(() => {
      if (!this.waiting) throw notHttp("bytes without a request");
      const now = this.timeouts.now?.() ?? performance.now();
      if (!this.reader.begun) this.dueMs = now + this.timeouts.answerMs;
      const cut = this.reader.push(Buffer.from(buffer.buffer, buffer.byteOffset, length));
      // A server that sends byte by byte is never silent, and never done.
      if (!cut && now > this.dueMs) throw timeoutError(true);
      return cut;
    });
    return true;
  };

  private onEnd(): void {
    this.tryAnswer(() => {
      const answer = this.reader.end();
      return answer && { answer, behind: 0 };
    });
    this.fail(resetError());
  }

  private tryAnswer(read: () => { readonly answer: Answer; readonly behind: number } | undefined): void {
    try {
      const cut = read();
      if (cut === undefined || !this.waiting) return;
      const { take } = this.waiting;
      this.waiting = undefined;
      const closes = cut.answer.headers["connection"]?.toLowerCase() === "close";
      const early = this.socket.writableLength > 0; // Answered before all of the request was taken.
      if (closes || early || cut.behind > 0) this.fail(resetError());
      take(cut.answer);
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

const resetError = (): Error =>
  withCode("the connection was closed before an answer was there", "ECONNRESET");
const timeoutError = (connected: boolean): Error =>
  connected ? withCode("no answer in time", "ETIMEDOUT") : withCode("no connection in time", "EHOSTUNREACH");
