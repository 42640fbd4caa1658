/** Two texts beside each other, each folded into its half of the width. */
export function sideBySide(left: string, right: string, columns: number): string {
  const width = Math.max(20, Math.floor((columns - 3) / 2));
  const fold = (text: string) =>
    text.split("\n").flatMap((line) => line.match(new RegExp(`.{1,${width}}`, "gu")) ?? [""]);
  const a = fold(left);
  const b = fold(right);
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) =>
    `${(a[i] ?? "").padEnd(width)} | ${b[i] ?? ""}`.trimEnd(),
  ).join("\n");
}
