/** A plan whose functions lead a debugger to the program's own files. */
import { unmappedFunctions } from "../../errors";
import type { FunctionPlan, Plan, StreamPlan } from "../plan";
import { serialized } from "../read-functions";
import type { LoadedScript } from "./loaded-scripts";
import { ClosureMaps } from "./map-closure";

/** Functions from files are those files: a debugger finds them itself. */
export function withSourceMaps(plan: Plan, scripts: readonly LoadedScript[]): Plan {
  const maps = new ClosureMaps(scripts);
  const notes = new Set<string>();
  const textOf = (name: string, text: string): string => {
    const mapped = maps.map(text);
    if (mapped.unknown.length > 0) notes.add(unmappedFunctions(name, mapped));
    return mapped.text;
  };
  const mappedOf = <F extends FunctionPlan>(fn: F): F => {
    const { code, name } = fn;
    if (typeof code === "string") return { ...fn, code: textOf(name, code) };
    const parts = code.parts.map((part) =>
      part.kind === "text" && part.at === serialized ? { ...part, text: textOf(name, part.text) } : part,
    );
    return { ...fn, code: { ...code, parts } };
  };
  const streams = plan.streams.map(
    (stream): StreamPlan => ({ ...stream, processor: stream.processor && mappedOf(stream.processor) }),
  );
  const objectFunctions = plan.objectFunctions.map((one) => ({ ...one, function: mappedOf(one.function) }));
  return { ...plan, streams, objectFunctions, notes: [...plan.notes, ...notes] };
}
