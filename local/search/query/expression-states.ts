/** The states that a regular expression is walked through. */

export type Test = (codePoint: number) => boolean;

/** `on` leads to `next` by one character; without it `next` and `other` follow at once. */
export interface State {
  on: Test | undefined;
  next: State | undefined;
  other: State | undefined;
}

/** Adds a state with all that follow it at once. */
export function reach(state: State | undefined, into: Set<State>): void {
  const stack = [state];
  while (stack.length > 0) {
    const next = stack.pop();
    if (next === undefined || into.has(next)) continue;
    into.add(next);
    if (next.on === undefined) stack.push(next.next, next.other);
  }
}

/** From each state to the end: a byte at least for each character. */
export function bytesToEnd(start: State, end: State): Map<State, number> {
  const before = new Map<State, State[]>();
  const stack: (State | undefined)[] = [start];
  const seen = new Set<State>();
  while (stack.length > 0) {
    const state = stack.pop();
    if (state === undefined || seen.has(state)) continue;
    seen.add(state);
    for (const next of [state.next, state.other]) {
      if (next === undefined) continue;
      const those = before.get(next);
      if (those === undefined) before.set(next, [state]);
      else those.push(state);
      stack.push(next);
    }
  }
  const needed = new Map<State, number>();
  for (let bytes = 0, those = [end]; those.length > 0; bytes++) {
    const further: State[] = [];
    for (let state = those.pop(); state !== undefined; state = those.pop()) {
      if (needed.has(state)) continue;
      needed.set(state, bytes);
      for (const one of before.get(state) ?? []) (one.on === undefined ? those : further).push(one);
    }
    those = further;
  }
  return needed;
}
