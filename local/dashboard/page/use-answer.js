/** One answer of the API as a component wants it. */
import { useEffect, useState } from "/vendor/hooks.js";
import { ask } from "./api.js";

/** An answer of the API, asked again whenever `change` is another. */
export function useAnswer(path, params, change) {
  const [answer, setAnswer] = useState({ data: undefined, error: undefined });
  useEffect(() => {
    const abort = new AbortController();
    const wait = setTimeout(
      () =>
        ask(path, params, abort.signal).then(
          (data) => setAnswer({ data, error: undefined }),
          (error) => error.name !== "AbortError" && setAnswer((before) => ({ ...before, error })),
        ),
      answer.data === undefined ? 0 : 500,
    );
    return () => {
      clearTimeout(wait);
      abort.abort();
    };
  }, [path, JSON.stringify(params), change]);
  return answer;
}
