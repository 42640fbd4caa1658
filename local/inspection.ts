/** `--inspect`: where a debugger finds the functions of a run. */
import { cannotListen } from "./errors";
import type { Opened } from "./opened";
import type { Plan } from "./plan/plan";
import { InspectorDoor } from "./transform/inspector-door";

export interface InspectOptions {
  /** Of the first function; each further one has the next. 0 = any free ones. */
  readonly port: number;
  /** Whether a function is loaded when a debugger has come, and not before. */
  readonly waits: boolean;
}

/**
 * One for each stream with a function, by the stream's name.
 * @throws UserError where a port is in use
 */
export async function openDoors(
  { port, waits }: InspectOptions,
  { streams }: Plan,
  { opened, log }: { readonly opened: Opened; log(text: string): void },
): Promise<ReadonlyMap<string, InspectorDoor>> {
  const doors = new Map<string, InspectorDoor>();
  for (const { deliveryStreamName: name, processor } of streams) {
    if (!processor) continue;
    const own = port === 0 ? 0 : port + doors.size;
    const door = await InspectorDoor.open(own, waits).catch((error: unknown) => {
      throw cannotListen({ what: "Debugger", port: own, flag: "--inspect", host: undefined }, error);
    });
    opened.push(() => door.close());
    doors.set(name, door);
    const begins = waits ? ", and waits for a debugger" : "";
    log(`inspect: ${processor.name} of the stream ${name} is at 127.0.0.1:${door.port}${begins}`);
  }
  return doors;
}
