/** One answer of the API as a component wants it. */
import { useEffect, useRef, useState } from "/vendor/hooks.js";
import { ask } from "./api.js";

/** Shortest time from one question to the next. */
const restMs = 500;

/** An answer of the API, asked again whenever `change` is another, which may be all the time. */
export function useAnswer(path, params, change) {
  const [answer, setAnswer] = useState({ data: undefined, error: undefined });
  const nextMs = useRef(0);
  useEffect(() => {
    const abort = new AbortController();
    const wait = setTimeout(() => {
      nextMs.current = performance.now() + restMs;
      ask(path, params, abort.signal).then(
        (data) => setAnswer({ data, error: undefined }),
        (error) => error.name !== "AbortError" && setAnswer((before) => ({ ...before, error })),
      );
    }, nextMs.current - performance.now());
    return () => {
      clearTimeout(wait);
      abort.abort();
    };
  }, [path, JSON.stringify(params), change]);
  return answer;
}
