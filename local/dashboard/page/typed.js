/** What stands in an input whose text the address says: that text, until somebody types another. */
import { useLayoutEffect, useState } from "/vendor/hooks.js";

/** @param key tells one text of the address from another, where it is no text itself */
export function useTyped(said, key = said) {
  const [typed, setTyped] = useState(said);
  // Before anybody can type: later it would take away what was typed since the input was drawn.
  useLayoutEffect(() => setTyped(said), [key]);
  return [typed, setTyped];
}
