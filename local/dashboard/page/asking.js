/** Rounds of questions to the server: one at a time, asked again as documents come, and stopped when told. */
import { askAll } from "./answers.js";

/** A round that takes longer shows that it runs, and can be stopped. */
const slowMs = 400;
/** Shortest rest between two rounds. */
const restMs = 150;

/** What makes another answer; more of the same (`size`) does not. */
export const keyOf = ({ size: _more, ...asked }) => JSON.stringify(asked);

export const unanswered = {
  hits: [],
  total: undefined,
  key: undefined,
  loading: true,
  drawing: true,
  slow: false,
};

export class Asking {
  #tell;
  #ask;
  #rest;
  #wanted;
  #turn;

  /** @param tell takes a function from the results before to those after */
  constructor(tell, ask = askAll, rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms))) {
    this.#tell = tell;
    this.#ask = ask;
    this.#rest = rest;
  }

  /**
   * Another question begins at once; the same one is asked again when the round that runs has ended.
   * @param changedMs when documents came or went last, as far as is known; what was asked since then is not asked again
   */
  want(request, changedMs = Number.POSITIVE_INFINITY) {
    const isSame = JSON.stringify(request) === JSON.stringify(this.#wanted);
    this.#wanted = request;
    if (this.#turn?.key !== keyOf(request)) return this.#begin(this.#turn?.drawn);
    if (isSame && changedMs < this.#turn.startMs) return;
    this.#turn.redraw ||= isSame;
    this.#round(this.#turn);
  }

  /** Asks anew, also what was refused or stopped. */
  ask() {
    this.#begin(undefined);
  }

  /** @param drawn histogram and fields of the question before: in another order they are the same */
  #begin(drawn) {
    this.#turn?.abort.abort();
    this.#turn = {
      key: keyOf(this.#wanted),
      abort: new AbortController(),
      fieldsMs: Number.NEGATIVE_INFINITY,
      drawn,
    };
    this.#tell((before) => ({
      ...before,
      loading: true,
      drawing: true,
      slow: false,
      stopped: false,
      error: undefined,
    }));
    this.#round(this.#turn);
  }

  /** Nobody waits any more: the server ends its work too. */
  stop() {
    this.#end(this.#turn);
    this.#tell((before) => ({ ...before, loading: false, drawing: false, slow: false, stopped: true }));
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
    turn.startMs = startMs;
    if (turn.redraw) turn.drawn = undefined;
    turn.redraw = false;
    const { signal } = turn.abort;
    // The list does not wait for what is drawn, where there is nothing to be seen yet.
    const listed = (list) => !signal.aborted && !turn.isAnswered && this.#listed(turn, list);
    const slow = setTimeout(() => this.#tell((before) => ({ ...before, slow: true })), slowMs);
    try {
      const answer = await this.#ask(this.#wanted, turn, signal, listed);
      turn.isAnswered = true;
      if (!signal.aborted) this.#answered(turn, { ...answer, drawnKey: turn.key, error: undefined });
    } catch (error) {
      turn.ended ||= error.status === 400;
      turn.startMs = Number.NEGATIVE_INFINITY;
      if (!signal.aborted) this.#answered(turn, { error });
    }
    clearTimeout(slow);
    const tookMs = performance.now() - startMs;
    await this.#rest(Math.max(restMs, 2 * tookMs));
    turn.busy = false;
    if (turn.again && turn === this.#turn) this.#round(turn);
  }

  #listed({ key }, list) {
    this.#tell((before) => ({ ...before, ...list, key, loading: false }));
  }

  #answered({ key }, answer) {
    this.#tell((before) => ({ ...before, ...answer, key, loading: false, drawing: false, slow: false }));
  }
}
