/** What somebody meant who wrote a name that there is not. */

/** Letters that are wrong, missing, too many, or that have changed places with the next one. */
function edits(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const isSame = from[i - 1] === to[j - 1];
      const best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (isSame ? 0 : 1));
      const isTurned = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      row.push(isTurned ? Math.min(best, beforeLast[j - 2]! + 1) : best);
    }
    [beforeLast, last] = [last, row];
  }
  return last[to.length]!;
}

/** The only one that goes on so, else the one that differs least, by a third at the most; undefined: none is near. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const wrong = name.toLowerCase();
  const longer = names.filter((other) => wrong.length > 3 && other.toLowerCase().startsWith(wrong));
  if (longer.length === 1) return longer[0];
  const near = names
    .map((other) => ({ other, distance: edits(wrong, other.toLowerCase()) }))
    .filter(({ other, distance }) => distance <= other.length / 3)
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.other ?? longer[0];
}
