/**
 * Repeats the SDK's latest request with another body. Of a call's way through the SDK nothing changes from one batch to
 * the next but body, date and signature, and yet that way takes more processor time than all the rest of the publisher
 * (`npm run bench -- publisher`). So the SDK makes the first request, and reads every answer that is not plain success.
 */
import type { Answer } from "./answer-reader";
import { withHead } from "./body-pool";
import type { KeptConnectionsHandler, Request } from "./http-handler";
import type { Credentials, FirehoseSigner } from "./signer";

/** What of the client's configuration is asked at each call; the SDK renews and corrects it. */
export interface CallConfig {
  region(): Promise<string>;
  /** What the SDK has found the clock to be off, in milliseconds. */
  systemClockOffset: number;
}

/** Headers that are the body's, the signature's, or count the SDK's tries. */
const ownHeaders = new Set([
  "content-length",
  "x-amz-date",
  "x-amz-security-token",
  "x-amz-content-sha256",
  "authorization",
  "amz-sdk-invocation-id",
  "amz-sdk-request",
]);

export class RepeatedCall {
  private of: Request | undefined;
  private headers: Record<string, string> = {};
  /** Request line and the headers that stay. */
  private head = "";

  constructor(
    private readonly handler: KeptConnectionsHandler,
    private readonly signer: FirehoseSigner,
    private readonly config: CallConfig,
    private readonly credentials: () => Promise<Credentials>,
  ) {}

  /** Gives what `read` makes of the answer; undefined where there is no request to repeat yet. */
  async send<T>(body: Buffer, read: (answer: Answer) => T): Promise<T | undefined> {
    const { latest } = this.handler;
    if (latest === undefined) return undefined;
    if (latest !== this.of) this.learn(latest);
    const credentials = await this.credentials();
    const at = new Date(Date.now() + this.config.systemClockOffset);
    const request = { method: latest.method, path: latest.path, headers: { ...this.headers }, body };
    this.signer.signWith(credentials, await this.config.region(), at, request);
    const token = credentials.sessionToken ? `x-amz-security-token: ${credentials.sessionToken}\r\n` : "";
    const head = `${this.head}content-length: ${body.length}\r\nx-amz-date: ${request.headers["x-amz-date"]}\r\n${token}authorization: ${request.headers["authorization"]}\r\n\r\n`;
    return this.handler.exchange(latest, withHead(head, body), read);
  }

  private learn(request: Request): void {
    this.of = request;
    const entries = Object.entries(request.headers).map(
      ([name, value]) => [name.toLowerCase(), value] as const,
    );
    this.headers = Object.fromEntries(entries.filter(([name]) => !ownHeaders.has(name)));
    const lines = Object.entries(this.headers).map(([name, value]) => `${name}: ${value}\r\n`);
    this.head = `${request.method} ${request.path} HTTP/1.1\r\n${lines.join("")}`;
  }
}
