/** Rounds of questions to the server: one at a time, asked again as documents come, and stopped when told. */
import { askAll } from "./answers.js";

/** A round that takes longer shows that it runs, and can be stopped. */
const slowMs = 400;
/** Shortest rest between two rounds. */
const restMs = 150;

/** What makes another answer; more of the same (`size`) does not. */
export const keyOf = ({ size: _more, ...asked }) => JSON.stringify(asked);

export const unanswered = { hits: [], total: undefined, key: undefined, loading: true, slow: false };

export class Asking {
  #tell;
  #ask;
  #wanted;
  #turn;

  /** @param tell takes a function from the results before to those after */
  constructor(tell, ask = askAll) {
    this.#tell = tell;
    this.#ask = ask;
  }

  /** Another question begins at once; the same one is asked again when the round that runs has ended. */
  want(request) {
    this.#wanted = request;
    if (this.#turn?.key === keyOf(request)) this.#round(this.#turn);
    else this.ask();
  }

  /** Asks anew, also what was refused or stopped. */
  ask() {
    this.#turn?.abort.abort();
    this.#turn = { key: keyOf(this.#wanted), abort: new AbortController(), fieldsMs: 0 };
    this.#tell((before) => ({ ...before, loading: true, slow: false, stopped: false, error: undefined }));
    this.#round(this.#turn);
  }

  /** Nobody waits any more: the server ends its work too. */
  stop() {
    this.#end(this.#turn);
    this.#tell((before) => ({ ...before, loading: false, slow: false, stopped: true }));
  }

  /** The page shows something else now. */
  close() {
    this.#end(this.#turn);
  }

  #end(turn) {
    turn.abort.abort();
    turn.ended = true;
  }

  /** What comes meanwhile asks for one more round, after a rest as long as the server had to work. */
  async #round(turn) {
    // What could not be read once cannot be read the next second either.
    if (turn.ended) return;
    turn.again = turn.busy;
    if (turn.busy) return;
    turn.busy = true;
    const startMs = performance.now();
    const { signal } = turn.abort;
    const slow = setTimeout(() => this.#tell((before) => ({ ...before, slow: true })), slowMs);
    try {
      const answer = await this.#ask(this.#wanted, turn, signal);
      if (!signal.aborted) this.#answered(turn, { ...answer, error: undefined });
    } catch (error) {
      turn.ended ||= error.status === 400;
      if (!signal.aborted) this.#answered(turn, { error });
    }
    clearTimeout(slow);
    const tookMs = performance.now() - startMs;
    await new Promise((resolve) => setTimeout(resolve, Math.max(restMs, 2 * tookMs)));
    turn.busy = false;
    if (turn.again && turn === this.#turn) this.#round(turn);
  }

  #answered({ key }, answer) {
    this.#tell((before) => ({ ...before, ...answer, key, loading: false, slow: false }));
  }
}
