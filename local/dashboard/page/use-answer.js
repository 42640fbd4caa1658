/** One answer of the API as a component wants it. */
import { useEffect, useRef, useState } from "/vendor/hooks.js";
import { ask } from "./api.js";

/** Shortest time from one question to the next. */
const restMs = 500;

/**
 * An answer of the API, asked again whenever `change` is another, which may be all the time. What is under way is not
 * given up for that: where answers are slower than changes, none would come.
 */
export function useAnswer(path, params, change) {
  const [answer, setAnswer] = useState({ data: undefined, error: undefined });
  const want = useRef(undefined);
  const asked = JSON.stringify([path, params]);
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const take = (more) => !signal.aborted && setAnswer((before) => ({ ...before, ...more }));
    let [isWanted, isBusy] = [false, false];
    const rounds = async () => {
      isBusy = true;
      while (isWanted && !signal.aborted) {
        isWanted = false;
        const rest = new Promise((resolve) => setTimeout(resolve, restMs));
        await ask(path, params, signal).then(
          (data) => take({ data, error: undefined }),
          (error) => take({ error }),
        );
        await rest;
      }
      isBusy = false;
    };
    want.current = () => {
      isWanted = true;
      if (!isBusy) rounds();
    };
    return () => abort.abort();
  }, [asked]);
  useEffect(() => want.current(), [asked, change]);
  return answer;
}
