/** The plan of a program: that of an earlier start where nothing has changed since, else it is evaluated. */
import { resolve } from "node:path";
import type { EvaluateOptions } from "./evaluate";
import { evaluateApart } from "./evaluate-apart";
import { keptFile, readKept } from "./kept-plan";
import type { Plan } from "./plan";

/**
 * @param onSources told of the program's files, also where it cannot be evaluated
 * @param fresh leaves out what is kept, and keeps nothing
 * @throws UserError as `evaluateApart` does
 */
export async function planOfProgram(
  options: EvaluateOptions,
  fresh = false,
  onSources?: (paths: readonly string[]) => void,
): Promise<Plan> {
  const whole = { ...options, folder: resolve(options.folder) };
  const file = fresh ? undefined : keptFile(whole);
  const kept = file === undefined ? undefined : readKept(file, onSources);
  return kept ?? evaluateApart(whole, file, onSources);
}
