import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isUp } from "../../publisher/runs";
import { parseStream, resolveTarget, type Surroundings } from "../../publisher/target";

const run = {
  pid: process.pid,
  firehose: "http://127.0.0.1:4573",
  dashboard: "http://127.0.0.1:5601",
  streamName: "example-dev",
  region: "eu-west-1",
};

describe("publisher/target", () => {
  let projectDir: string;

  beforeEach(() => {
    projectDir = mkdtempSync(join(tmpdir(), "target-"));
    writeFileSync(join(projectDir, "Pulumi.dev.yaml"), "config:\n  aws:region: eu-north-1\n");
    mkdirSync(join(projectDir, ".local", "dev"), { recursive: true });
  });

  afterEach(() => rmSync(projectDir, { recursive: true }));

  const around = (changes: Partial<Surroundings> = {}): Surroundings => ({
    env: {},
    projectDir,
    isUp: async () => true,
    stackOutputs: async () => ({}),
    ...changes,
  });
  const startRun = () => writeFileSync(join(projectDir, ".local", "dev", "run.json"), JSON.stringify(run));

  it("takes name and region from an ARN [B27]", async () => {
    const stream = "arn:aws:firehose:eu-west-1:111122223333:deliverystream/web";

    const target = await resolveTarget({ stream }, around());

    strictEqual(target.streamName, "web");
    strictEqual(target.region, "eu-west-1");
    strictEqual(target.endpoint, undefined);
    strictEqual(target.credentials, undefined);
  });

  it("takes ARNs of other partitions and refuses those of other services [B27]", () => {
    deepStrictEqual(parseStream("arn:aws-cn:firehose:cn-north-1:111122223333:deliverystream/a.b-c_d"), {
      name: "a.b-c_d",
      region: "cn-north-1",
    });
    for (const arn of [
      "arn:aws:kinesis:eu-west-1:1:stream/web",
      "arn:aws:firehose:eu-west-1:1:deliverystream/",
    ]) {
      throws(() => parseStream(arn), /--stream: got arn:aws/);
    }
  });

  it("takes the region of the stack's configuration where nothing else says", async () => {
    strictEqual((await resolveTarget({ stream: "web" }, around())).region, "eu-north-1");
    strictEqual((await resolveTarget({ stream: "web", region: "eu-west-3" }, around())).region, "eu-west-3");
    strictEqual(
      (await resolveTarget({ stream: "web" }, around({ env: { AWS_REGION: "us-west-2" } }))).region,
      "us-west-2",
    );
    strictEqual((await resolveTarget({ stream: "web", stack: "none" }, around())).region, undefined);
  });

  it("takes the local run where one is up, with fixed credentials", async () => {
    startRun();

    const target = await resolveTarget({}, around());

    strictEqual(target.endpoint, run.firehose);
    strictEqual(target.streamName, "example-dev");
    strictEqual(target.credentials?.accessKeyId, "local");
    strictEqual(target.dashboard, run.dashboard);
    strictEqual(target.description, "stream example-dev at http://127.0.0.1:4573 (the local run)");
  });

  it("takes the stack's outputs where no local run answers", async () => {
    startRun();
    const streamArn = "arn:aws:firehose:us-east-1:111122223333:deliverystream/deployed";

    const target = await resolveTarget(
      {},
      around({ isUp: async () => false, stackOutputs: async () => ({ streamArn }) }),
    );

    strictEqual(target.description, "stream deployed on AWS in us-east-1 (of stack dev)");
    strictEqual(target.credentials, undefined);
  });

  it("passes by a local run with --aws, and insists on one with --local", async () => {
    startRun();
    const deployed = around({ stackOutputs: async () => ({ streamName: "deployed" }) });

    strictEqual((await resolveTarget({ aws: true }, deployed)).streamName, "deployed");
    strictEqual((await resolveTarget({ local: true, stream: "other" }, around())).endpoint, run.firehose);
    await rejects(
      resolveTarget({ local: true }, around({ isUp: async () => false })),
      /no local run of this project is up/,
    );
  });

  it("honours AWS_ENDPOINT_URL_FIREHOSE, with the fixed credentials only on this machine", async () => {
    const env = (url: string, more = {}) => around({ env: { AWS_ENDPOINT_URL_FIREHOSE: url, ...more } });

    const here = await resolveTarget({ stream: "web" }, env("http://localhost:4566"));
    const keyed = await resolveTarget(
      { stream: "web" },
      env("http://localhost:4566", { AWS_ACCESS_KEY_ID: "AKID" }),
    );
    const far = await resolveTarget({ stream: "web" }, env("https://firehose.internal.example.com"));

    strictEqual(here.endpoint, "http://localhost:4566");
    strictEqual(here.credentials?.accessKeyId, "local");
    strictEqual(keyed.credentials, undefined);
    strictEqual(far.credentials, undefined);
    strictEqual(
      far.description,
      "stream web at https://firehose.internal.example.com in eu-north-1 (AWS_ENDPOINT_URL_FIREHOSE)",
    );
  });

  it("says in one line what there is to do where no target is found", async () => {
    const failing = around({
      stackOutputs: () => Promise.reject(new Error("no stack named 'dev' found\nmore")),
    });

    await rejects(resolveTarget({}, failing), {
      message: /^no target: .*\(no stack named 'dev' found\); start a local run with npm start/,
      exitCode: 2,
    });
  });

  describe("isUp", () => {
    it("needs a live process and an endpoint that answers", async () => {
      const server = createServer((_request, response) => response.writeHead(404).end());
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const firehose = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

      const answering = await isUp({ ...run, firehose });
      const dead = await isUp({ ...run, firehose, pid: 2 ** 22 + 1 });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      const silent = await isUp({ ...run, firehose });

      deepStrictEqual([answering, dead, silent], [true, false, false]);
    });
  });
});
