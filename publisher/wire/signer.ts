/**
 * Signature Version 4 for the one kind of call made here. The SDK's own signer is general and takes three times the
 * processor time of the SDK's other steps together; a test compares the two.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHmac, hash } from "node:crypto";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What is signed: a request whose body is at hand. */
export interface Signable {
  readonly method: string;
  /** `/`, or what the endpoint has as its path. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: Buffer | string;
}

export interface SigningOptions {
  readonly signingDate?: Date;
  readonly signingRegion?: string;
}

/** The headers that are signed, where they are there; in alphabetical order, as the canonical request wants them. */
const signedNames = ["content-type", "host", "x-amz-date", "x-amz-security-token", "x-amz-target"] as const;

export class FirehoseSigner {
  private scope = "";
  private keyOf = "";
  private key = new MacKey(Buffer.alloc(0));

  /** @param credentials asked at each call, so that they may be renewed */
  constructor(
    private readonly credentials: () => Promise<Credentials>,
    private readonly region: () => Promise<string>,
  ) {}

  /** Adds date, session token and Authorization to the request's headers: what the SDK calls. */
  async sign<T extends Signable>(request: T, options: SigningOptions = {}): Promise<T> {
    const region = options.signingRegion ?? (await this.region());
    this.signWith(await this.credentials(), region, options.signingDate ?? new Date(), request);
    return request;
  }

  signWith(credentials: Credentials, region: string, at: Date, request: Signable): void {
    const date = at.toISOString().replace(/[-:]|\.\d{3}/g, "");
    this.deriveKey(credentials, date.slice(0, 8), region);
    const { headers } = request;
    headers["x-amz-date"] = date;
    if (credentials.sessionToken) headers["x-amz-security-token"] = credentials.sessionToken;
    else delete headers["x-amz-security-token"];
    headers["authorization"] = this.authorization(request, credentials.accessKeyId, date);
  }

  private authorization(
    { method, path, headers, body = "" }: Signable,
    accessKeyId: string,
    date: string,
  ): string {
    let canonical = `${method}\n${path}\n\n`;
    let names = "";
    for (const name of signedNames) {
      const value = headers[name];
      if (value === undefined) continue;
      canonical += `${name}:${value.trim().replace(/\s+/g, " ")}\n`;
      names += names === "" ? name : `;${name}`;
    }
    canonical += `\n${names}\n${hash("sha256", body)}`;
    const toSign = `AWS4-HMAC-SHA256\n${date}\n${this.scope}\n${hash("sha256", canonical)}`;
    const signature = this.key.mac(toSign);
    return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${this.scope}, SignedHeaders=${names}, Signature=${signature}`;
  }

  /** The key changes with the day and the credentials only. */
  private deriveKey(credentials: Credentials, day: string, region: string): void {
    const scope = `${day}/${region}/firehose/aws4_request`;
    const keyOf = `${scope} ${credentials.secretAccessKey}`;
    if (keyOf === this.keyOf) return;
    this.scope = scope;
    let key: Buffer = Buffer.from(`AWS4${credentials.secretAccessKey}`);
    for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
    this.key = new MacKey(key);
    this.keyOf = keyOf;
  }
}

const blockBytes = 64;

/** HMAC-SHA256 with a key of 32 bytes, by two one-shot hashes: an Hmac object costs ten times as much to make. */
class MacKey {
  private readonly inner = Buffer.alloc(blockBytes + 256, 0x36);
  private readonly outer = Buffer.alloc(blockBytes + 32, 0x5c);

  constructor(key: Buffer) {
    for (let n = 0; n < key.length; n++) {
      this.inner[n] = key[n]! ^ 0x36;
      this.outer[n] = key[n]! ^ 0x5c;
    }
  }

  /** @param text ASCII, up to 256 bytes; in hexadecimal */
  mac(text: string): string {
    const length = this.inner.write(text, blockBytes, "latin1");
    const digest = hash("sha256", this.inner.subarray(0, blockBytes + length), "buffer");
    digest.copy(this.outer, blockBytes);
    return hash("sha256", this.outer);
  }
}
