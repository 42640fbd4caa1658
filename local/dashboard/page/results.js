/** Answers to the current query, as the view wants them. */
import { useEffect, useRef, useState } from "/vendor/hooks.js";
import { Asking, keyOf, unanswered } from "./asking.js";

/**
 * `current` says whether the list is an answer to this request, not to the one before, `drawn` the same of the
 * histogram; `stop` and `again` are for the reader.
 * @param change asks again when it is another
 * @param changedMs when documents came or went last
 */
export function useResults(request, change, changedMs) {
  const [results, setResults] = useState(unanswered);
  const asking = useRef(undefined);
  asking.current ??= new Asking(setResults);
  useEffect(() => asking.current.want(request, changedMs), [JSON.stringify(request), change]);
  useEffect(() => () => asking.current.close(), []);
  return {
    ...results,
    current: results.key === keyOf(request),
    drawn: results.drawnKey === keyOf(request),
    stop: () => asking.current.stop(),
    again: () => asking.current.ask(),
  };
}
