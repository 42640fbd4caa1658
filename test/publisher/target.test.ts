import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isUp, readLocalRun } from "../../publisher/runs";
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

  it("takes the stream of a local run of several by its name, and asks for one where none is named", async () => {
    const several = { ...run, streams: ["example-dev", "orders"] };
    writeFileSync(join(projectDir, ".local", "dev", "run.json"), JSON.stringify(several));

    const { streamName, endpoint, description } = await resolveTarget({ stream: "orders" }, around());

    deepStrictEqual([streamName, endpoint], ["orders", run.firehose]);
    strictEqual(description, "stream orders at http://127.0.0.1:4573 (the local run)");
    await rejects(
      resolveTarget({}, around()),
      /several streams: example-dev, orders; choose one with --stream NAME/,
    );
    const others = [{ stream: "shop" }, { stream: "orders", aws: true }];
    for (const options of others) strictEqual((await resolveTarget(options, around())).endpoint, undefined);
    const named = await resolveTarget(
      { stream: "orders" },
      around({ env: { AWS_ENDPOINT_URL_FIREHOSE: "http://127.0.0.1:1" } }),
    );
    strictEqual(named.endpoint, "http://127.0.0.1:1");
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

  it("refuses an endpoint that is no address", async () => {
    for (const endpoint of ["sink", "127.0.0.1:4573", "ftp://sink", "http://"])
      await rejects(
        resolveTarget({ stream: "web" }, around({ env: { AWS_ENDPOINT_URL_FIREHOSE: endpoint } })),
        {
          message: `AWS_ENDPOINT_URL_FIREHOSE: got ${endpoint}; allowed: an address such as http://127.0.0.1:4573`,
          exitCode: 2,
        },
      );
  });

  it("says in one line what there is to do where no target is found", async () => {
    const failing = around({
      stackOutputs: () => Promise.reject(new Error("no stack named 'dev' found\nmore")),
    });

    await rejects(resolveTarget({}, failing), {
      message:
        /^no target: .*looked at .*run\.json.*\(no stack named 'dev' found\); start a local run with npm start/,
      exitCode: 2,
    });
    await rejects(resolveTarget({ aws: true }, failing), {
      message: /^no target: no --stream, and the outputs of .*\(no stack named 'dev' found\); name a stream/,
    });
  });

  describe("isUp", () => {
    const described = (DeliveryStreamName: unknown, CreateTimestamp: unknown = 1772323200.123) =>
      JSON.stringify({ DeliveryStreamDescription: { DeliveryStreamName, CreateTimestamp } });
    const created = { ...run, createdMs: 1772323200123 };

    /** What isUp says where the port of the run answers so. */
    async function answered(status: number, body: string, changes: Partial<typeof created> = {}) {
      const server = createServer((request, response) => {
        request.resume();
        response.writeHead(status, status === 302 ? { location: "/other" } : {}).end(body);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const firehose = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      try {
        return await isUp({ ...created, firehose, ...changes });
      } finally {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    }

    it("takes an endpoint that describes the run's stream, of a process that lives", async () => {
      strictEqual(await answered(200, described(run.streamName)), true);
      strictEqual(await answered(200, described(run.streamName), { pid: 2 ** 22 + 1 }), false);
      strictEqual(await isUp({ ...created, firehose: "http://127.0.0.1:1" }), false);
    });

    const others: Record<string, [number, string]> = {
      "a page": [200, "<html>hello</html>"],
      "any JSON": [200, "{}"],
      null: [200, "null"],
      "not found": [404, "not found"],
      "a refusal that names the stream": [400, described(run.streamName)],
      "a redirect": [302, ""],
      "another stream": [200, described("other")],
      "another run with a stream of the same name": [200, described(run.streamName, 1772323200.124)],
      "a stream without its time": [200, described(run.streamName, "now")],
      "a body without end": [200, `{"a":"${"x".repeat(1_100_000)}`],
    };
    for (const [what, [status, body]] of Object.entries(others)) {
      it(`does not take ${what} for the local run`, async () => {
        strictEqual(await answered(status, body), false);
      });
    }
  });

  describe("readLocalRun", () => {
    const read = (text: string) => {
      const file = join(projectDir, "run.json");
      writeFileSync(file, text);
      return readLocalRun(file);
    };

    it("reads the file of a run", () => {
      deepStrictEqual(read(JSON.stringify(run)), run);
    });

    it("takes nothing else for a run: no file, torn, a list, process 0, another address than HTTP", () => {
      strictEqual(readLocalRun(join(projectDir, "none.json")), undefined);
      for (const text of ["", "{", "null", "[]", "7", JSON.stringify(run).slice(0, -9)])
        strictEqual(read(text), undefined);
      for (const change of [
        { pid: 0 },
        { pid: -1 },
        { pid: "1" },
        { pid: undefined },
        { firehose: "file:///etc/passwd" },
        { firehose: "http://user@host" },
        { firehose: 7 },
        { streamName: undefined },
        { region: 7 },
        { dashboard: "x" },
      ])
        strictEqual(read(JSON.stringify({ ...run, ...change })), undefined, JSON.stringify(change));
    });
  });
});
