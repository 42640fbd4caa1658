/**
 * What senders do where the stream takes a part of a call, or none of it for a while, and with the credentials of a
 * container: nothing is lost, and doubled only where the sender itself sends a whole chunk again.
 */
import { strict as assert } from "node:assert";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Faults, type Sink, startSink } from "../publisher/sink";
import { type ForeignClient, fluentBitPlugin, foreignClients } from "./clients/clients";
import { needs } from "./needs";

const records = Array.from({ length: 500 }, (_, n) => Buffer.from(`{"message":"héllo ${n}"}\n`));
const timesOf = (sink: Sink, record: Buffer | string): number =>
  sink.seen.get(Buffer.from(record as string).toString("base64")) ?? 0;

/** As a program does that reads the answer: it sends what was not taken again. @returns calls */
async function sendAll(client: ForeignClient, url: string): Promise<number> {
  let left = records;
  for (let calls = 1; calls < 50; calls++) {
    const [answer] = await client.send(url, [{ op: "PutRecordBatch", stream: "web", records: left }]);
    assert.equal(answer!.recordIds?.length, left.length, JSON.stringify(answer));
    const failed = left.filter((_, place) => answer!.recordIds![place] === "");
    assert.equal(answer!.failed, failed.length);
    if (failed.length === 0) return calls;
    left = failed;
  }
  throw new Error("it never ended");
}

describe("senders under faults", () => {
  let sink: Sink;
  const open = async (faults: Faults): Promise<string> => {
    sink = await startSink(faults);
    return sink.url;
  };
  afterEach(() => sink.close());

  for (const client of foreignClients) {
    describe(client.name, () => {
      before(function () {
        needs(this, client.missing());
        client.prepare?.();
      });

      it("says which records of a call were not taken, and sends none twice", async () => {
        const url = await open({ failEntries: 0.2, throttleEntries: 0.2, calls: 2 });
        assert.ok((await sendAll(client, url)) > 1);

        assert.deepEqual(new Set(records.map((record) => timesOf(sink, record))), new Set([1]));
      });

      it("tries a call again that is refused for now, by itself", async () => {
        const url = await open({ throttleCalls: 1, calls: 2 });
        const set = { AWS_MAX_ATTEMPTS: "5", AWS_RETRY_MODE: "standard" };
        const [answer] = await client.send(url, [{ op: "PutRecordBatch", stream: "web", records }], set);

        assert.deepEqual([answer!.failed, sink.calls.length], [0, 3], JSON.stringify(answer));
        assert.deepEqual(new Set(records.map((record) => timesOf(sink, record))), new Set([1]));
      });

      if (client.hasChain) {
        it("takes the credentials of a container, as on ECS and EKS", async () => {
          const url = await open({});
          const container = await startContainer();
          try {
            const [answer] = await client.send(
              url,
              [{ op: "PutRecordBatch", stream: "web", records: records.slice(0, 1) }],
              container.environment,
            );
            assert.equal(answer!.failed, 0, JSON.stringify(answer));
            assert.match(String(sink.headers[0]!.authorization), /Credential=ASIACONTAINER\//);
            assert.equal(sink.headers[0]!["x-amz-security-token"], "token of a task");
          } finally {
            await container.close();
          }
        });
      }
    });
  }

  describe("the older plugin of Fluent Bit", () => {
    before(function () {
      needs(this, fluentBitPlugin.missing());
      fluentBitPlugin.prepare();
    });
    const lines = Array.from({ length: 1200 }, (_, n) => `{"log":"line ${n}"}\n`);
    const times = (): number[] => lines.map((line) => timesOf(sink, line));

    it("sends each record once where the stream takes all", async () => {
      const tries = await fluentBitPlugin.send(await open({}), lines.length, "apart");

      assert.deepEqual([tries, new Set(times())], [1, new Set([1])]);
    });

    it("joins records into one where it is told to", async () => {
      await fluentBitPlugin.send(await open({}), lines.length, "joined");

      assert.equal(sink.calls.length, 1);
      assert.equal(timesOf(sink, lines.join("")), 1);
    });

    it("sends what failed inside the service again, and only that", async () => {
      await fluentBitPlugin.send(await open({ failEntries: 0.3, calls: 3 }), lines.length, "apart");

      assert.deepEqual(new Set(times()), new Set([1]));
    });

    it("sends all of a chunk again where one record of it is throttled: none is lost, and some come twice", async () => {
      const tries = await fluentBitPlugin.send(
        await open({ throttleEntries: 0.3, calls: 2 }),
        lines.length,
        "apart",
      );

      assert.ok(tries > 1, String(tries));
      assert.deepEqual(Math.min(...times()), 1);
      assert.ok(Math.max(...times()) > 1);
    });

    it("loses none where calls are refused for now", async () => {
      await fluentBitPlugin.send(await open({ throttleCalls: 1, calls: 4 }), lines.length, "apart");

      assert.deepEqual(Math.min(...times()), 1);
    });
  });
});

/** Where a container's credentials come from: an address in its environment, and a word to say there. */
async function startContainer() {
  const word = "said by the task";
  const server: Server = createServer((request, response) => {
    if (request.headers.authorization !== word) return void response.writeHead(403).end();
    response.writeHead(200, { "content-type": "application/json" }).end(
      JSON.stringify({
        AccessKeyId: "ASIACONTAINER",
        SecretAccessKey: "secret",
        Token: "token of a task",
        Expiration: "2099-01-01T00:00:00Z",
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    environment: {
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${(server.address() as AddressInfo).port}/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: word,
    },
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
