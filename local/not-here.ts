/** What of a program has no counterpart on one machine, or changes nothing there, in a line each. */
import type { Plan, ResourceCount } from "./plan/plan";

const list = (counts: readonly ResourceCount[]): string =>
  counts.map(({ type, count }) => `${type} x${count}`).join(", ");

/** The page says why something has no effect: a reason each would be more lines than the start has. */
export function linesOfWhatIsNotHere({ notEmulated, withoutEffect }: Plan): string[] {
  const shortNames = withoutEffect.map(({ type, count }) => ({ type: type.split(":").at(-1)!, count }));
  return [
    ...(notEmulated.length > 0 ? [`not emulated: ${list(notEmulated)}`] : []),
    ...(withoutEffect.length > 0
      ? [`no effect here (why: the page, under Pipeline): ${list(shortNames)}`]
      : []),
  ];
}
