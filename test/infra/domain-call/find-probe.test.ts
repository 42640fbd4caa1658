/** The function that looks for the probe, as emitted, against a stand-in of a domain. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { findProbeFactory, type ProbeLook } from "../../../infra/domain-call/find-probe";
import { type Handler, invoke, loadHandler } from "../run-closure";
import { StubDomain } from "../stub-domain";

/** 2026-03-01T12:00:00Z */
const startMs = 1_772_366_400_000;
const deadlineMinutes = 9;

describe("the function that finds the probe, as emitted", () => {
  let code: string;
  let stub: StubDomain;
  let find: Handler;
  /** Minutes whose probes are in the domain, counted from the start. */
  let there: number[];
  const clock = { nowMs: startMs };
  const log: string[] = [];
  const coldStart = () => {
    const environment = {
      ENDPOINT: stub.url,
      USERNAME: "master",
      PASSWORD: "secret",
      STREAM_NAME: "web",
      INDICES: "web-20*",
      DEADLINE_SECONDS: String(deadlineMinutes * 60),
    };
    find = loadHandler(code, { environment, clock, log });
  };
  before(async () => {
    ({ text: code } = await pulumi.runtime.serializeFunction(findProbeFactory, { isFactoryFunction: true }));
  });
  beforeEach(async () => {
    stub = await StubDomain.start();
    there = [];
    log.length = 0;
    stub.instead.push(({ body }) => {
      const since = Date.parse(body.query.bool.filter[1].range["@timestamp"].gte);
      const found = there.map((minute) => startMs + minute * 60_000).filter((ms) => ms >= since);
      const hits = found.map((ms) => ({ _source: { firehose_probe: String(ms) } }));
      return { status: 200, body: { hits: { hits } } };
    });
    coldStart();
  });
  afterEach(() => stub.close());

  /** The look of a minute, 21 seconds after it began. */
  const look = async (minute: number): Promise<ProbeLook> => {
    clock.nowMs = startMs + minute * 60_000 + 21_000;
    return (await invoke(find, {
      time: new Date(startMs + minute * 60_000).toISOString(),
    })) as ProbeLook;
  };
  const looks = async (from: number, to: number) => {
    const all: ProbeLook[] = [];
    for (let minute = from; minute <= to; minute++) all.push(await look(minute));
    const sum = (key: "arrived" | "lost") => all.reduce((total, one) => total + one[key], 0);
    return { arrived: sum("arrived"), lost: sum("lost") };
  };

  it("counts each minute once when its time is up, be its probe there or not", async () => {
    there = [0, 1, 3, 4, 5, 6, 7];

    assert.deepEqual(await looks(deadlineMinutes, deadlineMinutes + 7), { arrived: 7, lost: 1 });
  });

  it("loses nothing before it begins: the first probe that it can miss is that of its own first minute", async () => {
    assert.deepEqual(await looks(0, deadlineMinutes - 1), { arrived: 0, lost: 0 });
    assert.equal((await look(deadlineMinutes)).lost, 1);
  });

  it("goes on counting after a cold start while an earlier probe is there", async () => {
    there = [0];
    coldStart();

    assert.equal((await look(deadlineMinutes + 3)).lost, 1);
  });

  it("asks the stream's indices for probes of late alone, with the login", async () => {
    await look(0);

    const [{ method, path, body, headers }] = stub.asked as [(typeof stub.asked)[0]];
    assert.equal(`${method} ${path.split("?")[0]}`, "POST /web-20*/_search");
    assert.deepEqual(body.query.bool.filter[0], { exists: { field: "firehose_probe" } });
    assert.equal(
      body.query.bool.filter[1].range["@timestamp"].gte,
      new Date(startMs - deadlineMinutes * 60_000 - 600_000).toISOString(),
    );
    assert.match(headers.authorization!, /^Basic /);
  });

  it("logs what the metrics are made of, and the age of the newest probe", async () => {
    there = [0, 1, 2];

    await look(3);

    assert.deepEqual(
      log.map((line) => JSON.parse(line)),
      [{ probe: { stream: "web", arrived: 0, lost: 0, latencySeconds: 81 } }],
    );
  });

  it("logs nothing and fails where the domain does not answer", async () => {
    stub.instead.unshift(() => ({ status: 403, body: "no" }));

    await assert.rejects(look(0), /_search.* answered 403/);

    assert.deepEqual(log, []);
  });
});
