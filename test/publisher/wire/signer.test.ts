import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { FirehoseClient } from "@aws-sdk/client-firehose";
import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import { signatureIsRight } from "../../../bench/publisher-sink";
import { numberedBatches } from "../../../publisher/records/numbered";
import { connect } from "../../../publisher/wire/connection";
import { sendAll } from "../../../publisher/wire/send";
import { type Credentials, FirehoseSigner } from "../../../publisher/wire/signer";
import { numRuns } from "../../property-runs";
import { manualClock, startSink } from "../sink";

const region = "eu-west-1";
const signingDate = new Date("2026-03-01T09:08:07.654Z");
const { sha256 } = new FirehoseClient({ region, credentials: async () => Promise.reject() }).config;

/** What the SDK's own signer makes of the same request. */
async function signatureOfSdk(
  headers: Record<string, string>,
  body: Buffer,
  credentials: Credentials,
  date = signingDate,
): Promise<string> {
  const signer = new SignatureV4({
    credentials,
    region,
    service: "firehose",
    sha256,
    applyChecksum: false,
  });
  const request = {
    method: "POST",
    protocol: "https:",
    hostname: headers["host"] ?? "",
    path: "/",
    query: {},
    headers,
    body,
  };
  const signed = await signer.sign(request, { signingDate: date });
  return signed.headers["authorization"] ?? "";
}

describe("publisher/wire/signer", () => {
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    host: "firehose.eu-west-1.amazonaws.com",
    "x-amz-target": "Firehose_20150804.PutRecordBatch",
  };
  const bodies = [Buffer.from("{}"), Buffer.alloc(100_000, "x"), Buffer.from([0, 255, 10])];
  const keys: Credentials[] = [
    { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
    { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "s", sessionToken: "IQoJb3JpZ2luX2VjEJr//////////wEa" },
  ];

  for (const credentials of keys) {
    it(`signs as the SDK's own signer does, ${credentials.sessionToken ? "with" : "without"} a session token`, async () => {
      const signer = new FirehoseSigner(
        async () => credentials,
        async () => region,
      );

      for (const body of bodies) {
        const ours = await signer.sign(
          { method: "POST", path: "/", headers: { ...headers }, body },
          { signingDate },
        );
        const theirs = await signatureOfSdk({ ...headers }, body, credentials);

        strictEqual(ours.headers["authorization" as keyof typeof ours.headers], theirs);
      }
    });
  }

  it("signs whatever request as the SDK's own signer does, with keys and days that change in between", async () => {
    const name = fc.stringMatching(/^[A-Za-z0-9+/=]{1,40}$/);
    const credentials = fc.record(
      { accessKeyId: name, secretAccessKey: name, sessionToken: name },
      { requiredKeys: ["accessKeyId", "secretAccessKey"] },
    ) as fc.Arbitrary<Credentials>;
    const host = fc.constantFrom(
      headers.host,
      "localhost:4573",
      "[::1]:80",
      "vpce-0a1.firehose.eu-west-1.vpce.amazonaws.com",
    );
    const date = fc.date({ min: new Date(0), max: new Date("2099-12-31"), noInvalidDate: true });
    const body = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    let current: Credentials = keys[0] as Credentials;
    const signer = new FirehoseSigner(
      async () => current,
      async () => region,
    );
    await fc.assert(
      fc.asyncProperty(credentials, host, date, body, async (renewed, to, day, bytes) => {
        current = renewed;
        const asked = { ...headers, host: to };
        const request = { method: "POST", path: "/", headers: { ...asked }, body: bytes };
        const ours = await signer.sign(request, { signingDate: day });
        const theirs = await signatureOfSdk(asked, bytes, renewed, day);
        strictEqual(ours.headers["authorization" as keyof typeof ours.headers], theirs);
      }),
      numRuns(10_000),
    );
  });

  it("takes up renewed credentials and a new day", async () => {
    let credentials = keys[1] as Credentials;
    const signer = new FirehoseSigner(
      async () => credentials,
      async () => region,
    );
    const sign = async (date: Date) => {
      const request = {
        method: "POST",
        path: "/",
        headers: { ...headers } as Record<string, string>,
        body: Buffer.from("{}"),
      };
      return (await signer.sign(request, { signingDate: date })).headers;
    };
    await sign(new Date("2026-02-28T23:59:59Z"));
    credentials = keys[0] as Credentials;

    const signed = await sign(signingDate);

    strictEqual(signed["x-amz-security-token"], undefined);
    strictEqual(
      signed["authorization"],
      await signatureOfSdk({ ...headers }, Buffer.from("{}"), credentials),
    );
  });

  it("signs what it sends: every call's signature and host are right, the repeated ones too", async () => {
    const sink = await startSink();
    const connection = connect({
      ...sink.target,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });

    await sendAll(connection.put, numberedBatches(5000), { clock: manualClock(), inFlight: 2 });
    connection.close();
    await sink.close();

    const right = sink.bodies.map((body, n) =>
      signatureIsRight({ method: "POST", url: "/", headers: sink.headers[n] ?? {} }, Buffer.from(body)),
    );
    deepStrictEqual(right, Array(10).fill(true));
    deepStrictEqual([...new Set(sink.headers.map(({ host }) => `http://${host}`))], [sink.url]);
    strictEqual(
      signatureIsRight({ method: "POST", url: "/", headers: sink.headers[0] ?? {} }, Buffer.from("{}")),
      false,
    );
  });
});
