/** Answers to the current query, as the view wants them. */
import { useEffect, useRef, useState } from "/vendor/hooks.js";
import { Asking, keyOf, unanswered } from "./asking.js";

/**
 * `current` says whether the answer is one to this request, not to the one before; `stop` and `again` are for the reader.
 * @param change asks again when it is another
 */
export function useResults(request, change) {
  const [results, setResults] = useState(unanswered);
  const asking = useRef(undefined);
  asking.current ??= new Asking(setResults);
  useEffect(() => asking.current.want(request), [JSON.stringify(request), change]);
  useEffect(() => () => asking.current.close(), []);
  return {
    ...results,
    current: results.key === keyOf(request),
    stop: () => asking.current.stop(),
    again: () => asking.current.ask(),
  };
}
