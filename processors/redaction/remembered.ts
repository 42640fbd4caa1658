/** What was found for the last names: those of fields come again with each record. */
export function createRemembered<T extends number | string>(find: (name: string) => T): (name: string) => T {
  const { create } = Object;
  const maxKnown = 2000;
  const maxName = 200;
  let known: Record<string, T> = create(null);
  let count = 0;
  return (name) => {
    const before = known[name];
    if (before != null) return before;
    if (++count > maxKnown) {
      known = create(null);
      count = 0;
    }
    const found = find(name);
    if (name.length <= maxName) known[name] = found;
    return found;
  };
}
