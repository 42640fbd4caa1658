/** Runs the function of log objects, the text that would be uploaded, until no message is left; prints what that took. */
import { runtime } from "@pulumi/pulumi";
import type { QueueContext, QueueEvent } from "../log-objects/events";
import { logObjectsFactory } from "../log-objects/handler";
import { loadEmitted } from "../processors/dev/emit";
import { usageOf } from "./process-usage";

/** What one run of the function has used. */
export interface FunctionFigures {
  readonly calls: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly startMb: number;
  readonly peakMb: number;
}

async function main([url = "", callSeconds = "300"]: string[]): Promise<void> {
  const { text } = await runtime.serializeFunction(logObjectsFactory, { isFactoryFunction: true });
  const handler = loadEmitted(text) as unknown as (event: QueueEvent, context: QueueContext) => Promise<void>;
  console.log = () => {};
  const startMb = usageOf(process.pid).peakMb;
  const startMs = performance.now();
  const cpu = process.cpuUsage();
  let calls = 0;
  for (;;) {
    const body = await (await fetch(`${url}/next`)).text();
    if (body === "") break;
    const endMs = performance.now() + Number(callSeconds) * 1000;
    await handler({ Records: [{ body }] }, { getRemainingTimeInMillis: () => endMs - performance.now() });
    calls++;
  }
  const { user, system } = process.cpuUsage(cpu);
  const figures: FunctionFigures = {
    calls,
    seconds: (performance.now() - startMs) / 1000,
    cpuSeconds: (user + system) / 1e6,
    startMb,
    peakMb: usageOf(process.pid).peakMb,
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

void main(process.argv.slice(2));
