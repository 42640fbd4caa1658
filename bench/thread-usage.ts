/** What the threads of a running process have used, from /proc: Linux only. */
import { readdirSync, readFileSync } from "node:fs";
import { ticksPerSecond } from "./process-usage";

export interface ThreadUsage {
  readonly id: string;
  /** As the system has it; threads of one kind share it. */
  readonly name: string;
  readonly cpuSeconds: number;
}

/** Since `before`; since its start where it was not there then. Threads that have ended are left out. */
export function threadsOf(pid: number, before: readonly ThreadUsage[] = []): ThreadUsage[] {
  const folder = `/proc/${pid}/task`;
  return readdirSync(folder).map((id) => {
    const [head = "", tail = ""] = readFileSync(`${folder}/${id}/stat`, "utf8").split(") ");
    const fields = tail.split(" ");
    const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
    const known = before.find((one) => one.id === id)?.cpuSeconds ?? 0;
    return { id, name: head.slice(head.indexOf("(") + 1), cpuSeconds: cpuSeconds - known };
  });
}
