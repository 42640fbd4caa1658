/** What is joined for probes: their room, and the functions that it calls, with the addresses of this machine. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Clock, systemClock } from "./clock";
import type { FunctionPlan, Plan } from "./plan/plan";
import { ProbeRoom } from "./probe/probe-room";
import { addressOf } from "./remote/connect";
import { LambdaFunction } from "./transform/lambda-function";

export interface ProbeOptions {
  readonly dataFolder: string;
  /** Whether the program's probes are sent. */
  readonly probe?: boolean;
  /** A server that is delivered to, with its login. @default the run's own search API, which wants none */
  readonly opensearch?: string;
  readonly faults?: { readonly clock: Clock };
  log(text: string): void;
}

export type StartedProbes = Pick<ProbeRoom, "status" | "close">;

/** Undefined: the program has no probe, or nobody asked for it. */
export function startProbes(
  { dataFolder, probe = false, opensearch, faults, log }: ProbeOptions,
  plan: Pick<Plan, "probes" | "region">,
  url: { readonly firehose: string; readonly search: string | undefined },
): StartedProbes | undefined {
  const search = opensearch ?? url.search;
  if (!probe || search === undefined || plan.probes.length === 0) return undefined;
  const { origin, username, password } = addressOf(search);
  const logs = join(dataFolder, "logs");
  mkdirSync(logs, { recursive: true });
  const callable = (fn: FunctionPlan, here: Readonly<Record<string, string>>) =>
    new LambdaFunction({
      plan: { ...fn, environment: { ...fn.environment, ...here } },
      logFile: join(logs, `${fn.name}.log`),
    });
  const room = new ProbeRoom({
    streams: plan.probes.map(({ deliveryStreamName, sender, finder }) => ({
      deliveryStreamName,
      sender: callable(sender, {
        AWS_REGION: plan.region,
        AWS_ACCESS_KEY_ID: "local",
        AWS_SECRET_ACCESS_KEY: "local",
        AWS_ENDPOINT_URL_FIREHOSE: url.firehose,
      }),
      finder: callable(finder, { ENDPOINT: origin, USERNAME: username, PASSWORD: password }),
    })),
    region: plan.region,
    clock: faults?.clock ?? systemClock,
    log,
  });
  room.start();
  return room;
}
