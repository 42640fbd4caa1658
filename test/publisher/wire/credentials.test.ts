/** Where the publisher finds credentials that no person has typed, and that they are renewed during a long run. */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../../publisher/wire/connection";
import { ListedBatch } from "../../../publisher/wire/put-batch";
import { type Sink, startSink } from "../sink";

describe("the publisher's credentials", () => {
  let sink: Sink;
  let metadata: Server;
  let home: string;
  /** How often credentials were handed out: each has a number of its own. */
  let handed: number;
  const before: Record<string, string | undefined> = {};

  /** What STS answers to a token. */
  const sts = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
<Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;

  /** As a task of ECS and a machine of EC2 (IMDSv2) are asked. They end in a minute, so that each call renews them. */
  const answer = (
    method: string,
    path: string,
    headers: NodeJS.Dict<string | string[]>,
  ): string | undefined => {
    if (method === "POST") return sts;
    const isContainer = path === "/credentials" && headers["authorization"] === "said by the task";
    if (method === "PUT" && path === "/latest/api/token") return "token of IMDSv2";
    if (path.startsWith("/latest/") && headers["x-aws-ec2-metadata-token"] !== "token of IMDSv2")
      return undefined;
    if (path === "/latest/meta-data/iam/security-credentials/") return "role";
    if (!isContainer && path !== "/latest/meta-data/iam/security-credentials/role") return undefined;
    handed++;
    return JSON.stringify({
      Code: "Success",
      AccessKeyId: `ASIA${handed}`,
      SecretAccessKey: "secret",
      Token: `token ${handed}`,
      Expiration: new Date(Date.now() + 60_000).toISOString(),
    });
  };

  beforeEach(async () => {
    handed = 0;
    home = mkdtempSync(join(tmpdir(), "credentials-"));
    sink = await startSink();
    metadata = createServer((request, response) => {
      const said = answer(request.method!, request.url!, request.headers);
      response
        .writeHead(said === undefined ? 401 : 200, { "x-aws-ec2-metadata-token-ttl-seconds": "60" })
        .end(said);
    });
    await new Promise<void>((resolve) => metadata.listen(0, "127.0.0.1", resolve));
    set({
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_SESSION_TOKEN: undefined,
      AWS_PROFILE: undefined,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: join(home, "config"),
      AWS_SHARED_CREDENTIALS_FILE: join(home, "credentials"),
    });
  });
  afterEach(async () => {
    for (const [name, value] of Object.entries(before)) assign(name, value);
    metadata.closeAllConnections();
    await new Promise((resolve) => metadata.close(resolve));
    await sink.close();
    rmSync(home, { recursive: true, force: true });
  });

  const assign = (name: string, value: string | undefined): void => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  function set(values: Readonly<Record<string, string | undefined>>): void {
    for (const [name, value] of Object.entries(values)) {
      if (!(name in before)) before[name] = process.env[name];
      assign(name, value);
    }
  }
  const urlOf = (): string => `http://127.0.0.1:${(metadata.address() as AddressInfo).port}`;

  /** Sends four batches over one connection. */
  async function send(): Promise<void> {
    const connection = connect({
      streamName: "web",
      region: "eu-west-1",
      endpoint: sink.url,
      description: "",
    });
    try {
      for (let n = 0; n < 4; n++) deepEqual(await connection.put(new ListedBatch([Buffer.from(`${n}`)])), []);
    } finally {
      connection.close();
    }
  }
  const keys = (): (string | undefined)[] =>
    sink.headers.map(({ authorization }) => /Credential=(\w+)\//.exec(String(authorization))?.[1]);

  for (const [where, environment] of [
    [
      "a container",
      () => ({
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${urlOf()}/credentials`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: "said by the task",
      }),
    ],
    [
      "a machine of EC2",
      () => ({ AWS_EC2_METADATA_DISABLED: undefined, AWS_EC2_METADATA_SERVICE_ENDPOINT: urlOf() }),
    ],
  ] as const) {
    it(`are those of ${where}, and the renewed ones once they end soon: each batch is taken once`, async () => {
      set(environment());
      await send();

      equal(sink.accepted(), 4);
      ok(new Set(keys()).size > 1, String(keys()));
      for (const [n, { "x-amz-security-token": token }] of sink.headers.entries())
        equal(`token ${keys()[n]!.slice(4)}`, token);
    });
  }

  it("are what a profile's program prints", async () => {
    const said = JSON.stringify({
      Version: 1,
      AccessKeyId: "ASIAPROGRAM",
      SecretAccessKey: "s",
      SessionToken: "t",
    });
    writeFileSync(join(home, "said.json"), said);
    writeFileSync(join(home, "config"), `[default]\ncredential_process = cat ${join(home, "said.json")}\n`);
    await send();

    deepEqual(new Set(keys()), new Set(["ASIAPROGRAM"]));
  });

  it("are those of a role that a token's file gives, as on EKS and in GitHub's actions", async () => {
    const token = join(home, "token");
    writeFileSync(token, "said by the cluster");
    set({
      AWS_WEB_IDENTITY_TOKEN_FILE: token,
      AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/sender",
      AWS_ENDPOINT_URL_STS: urlOf(),
      AWS_REGION: "eu-west-1",
    });
    await send();

    deepEqual(new Set(keys()), new Set(["ASIAROLE"]));
  });

  const sso = `[profile work]
sso_session = ours
sso_account_id = 123456789012
sso_role_name = sender
[sso-session ours]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
`;
  for (const [what, environment, said] of [
    [
      "there are none",
      {},
      /^no credentials for AWS: Could not load credentials from any providers; log in \(/,
    ],
    [
      "nobody has logged in with SSO",
      { AWS_PROFILE: "work" },
      /^no credentials for AWS \(AWS_PROFILE is work\): .*'aws sso login'.*; log in/,
    ],
    [
      "the token's file is missing",
      {
        AWS_WEB_IDENTITY_TOKEN_FILE: "/nowhere/token",
        AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/sender",
      },
      /^no credentials for AWS: ENOENT.*\/nowhere\/token.*; log in/,
    ],
  ] as const)
    it(`are asked for before anything is sent where ${what}`, async () => {
      writeFileSync(join(home, "config"), sso);
      set(environment);
      await rejects(send(), { name: "PublisherError", message: said });
      equal(sink.calls.length, 0);
    });
});
