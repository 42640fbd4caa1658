/** What a running process has used so far, from /proc: Linux only. */
import { readFileSync } from "node:fs";

export interface ProcessUsage {
  readonly cpuSeconds: number;
  /** Of its children that have ended. */
  readonly childrenCpuSeconds: number;
  readonly peakMb: number;
}

export const ticksPerSecond = 100;

/** NaN where the process is gone or there is no /proc. */
export function usageOf(pid: number): ProcessUsage {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return {
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
      childrenCpuSeconds: (Number(fields[13]) + Number(fields[14])) / ticksPerSecond,
      peakMb: Number(peak) / 1024,
    };
  } catch {
    return { cpuSeconds: Number.NaN, childrenCpuSeconds: Number.NaN, peakMb: Number.NaN };
  }
}
