/** The time that a call may take. */
import type { InspectorDoor } from "./inspector-door";

/**
 * Calls `exceeded` when it is over. While a debugger is connected no time passes; when the last one has gone, it begins
 * anew.
 * @returns how to end that
 */
export function limitTime(
  limitMs: number,
  door: InspectorDoor | undefined,
  exceeded: () => void,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => {
    clearTimeout(timer);
    timer = door?.holdsTime ? undefined : setTimeout(exceeded, limitMs);
  };
  begin();
  const stopListening = door?.onChange(begin);
  return () => {
    clearTimeout(timer);
    stopListening?.();
  };
}
