/**
 * A test of texts as a machine that reads them byte by byte and is in one state behind each. The states are made as they
 * are met: of most tests few are, however many there could be.
 *
 * Tokens come in their order, each with much of the one before. Whoever keeps the state behind each byte looks only at
 * what is new of a token, and at none that begins as no passing one does.
 */

/** What a machine is made from. */
export interface MachinePlan<S> {
  readonly start: S;
  /**
   * What is known behind one more byte; undefined: no text that begins so passes; `open`: the bytes do not tell, the
   * test is to be asked.
   */
  after(state: S, byte: number): S | undefined | typeof open;
  /** Whether a text passes that ends here, or which bits it has of several tests. */
  passes(state: S): boolean | number;
  /** Fewer bytes than these never make a text pass that is in the state. */
  bytesNeeded(state: S): number;
  /** The same name for what is the same state. */
  nameOf(state: S): string;
}

/** Numbers of states; that of a step which is not known yet is 0. No text that begins so passes. */
export const none = 1;
/** The test is to be asked of the whole text. */
export const open = 2;

const bytes = 256;
/** Of bytes that are needed no more are told apart. */
const mostNeeded = 255;
/** A test that needs more of them is asked of the texts themselves. */
const mostStates = 4096;
const firstNonAscii = 128;

export class TextMachine<S = unknown> {
  /** By state and byte: the next state. Another array once the machine has grown. */
  steps: Uint16Array;
  /** By state: 1 where a text passes that ends in it, or the bits of several tests. */
  passing: Uint8Array;
  /** By state: so many bytes must follow at least before a text passes. */
  needed: Uint8Array;
  readonly start: number;
  private readonly states: S[] = [];
  private readonly numbers = new Map<string, number>();

  /** @param plan none: nothing is known but the test */
  constructor(
    private readonly plan: MachinePlan<S> | undefined,
    /** Whether a whole text passes. */
    readonly test: (text: string) => boolean | number,
  ) {
    this.steps = new Uint16Array(8 * bytes);
    this.passing = new Uint8Array(8);
    this.needed = new Uint8Array(8);
    this.needed[none] = mostNeeded;
    this.steps.fill(none, none * bytes, (none + 1) * bytes);
    this.steps.fill(open, open * bytes, (open + 1) * bytes);
    this.start = plan === undefined ? open : this.numberOf(plan, plan.start);
  }

  private numberOf(plan: MachinePlan<S>, state: S): number {
    const name = plan.nameOf(state);
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    const number = open + 1 + this.states.length;
    if (number >= mostStates) return open;
    if (number * bytes === this.steps.length) this.grow();
    this.states.push(state);
    this.numbers.set(name, number);
    this.passing[number] = Number(plan.passes(state));
    this.needed[number] = Math.min(plan.bytesNeeded(state), mostNeeded);
    return number;
  }

  private grow(): void {
    const steps = new Uint16Array(2 * this.steps.length);
    steps.set(this.steps);
    this.steps = steps;
    const passing = new Uint8Array(2 * this.passing.length);
    passing.set(this.passing);
    this.passing = passing;
    const needed = new Uint8Array(2 * this.needed.length);
    needed.set(this.needed);
    this.needed = needed;
  }

  /** The next state, where {@link steps} does not know it yet. */
  learn(state: number, byte: number): number {
    const { plan } = this;
    if (plan === undefined) return open;
    const after = plan.after(this.states[state - open - 1] as S, byte);
    const next = after === undefined ? none : after === open ? open : this.numberOf(plan, after as S);
    this.steps[(state << 8) | byte] = next;
    return next;
  }

  /** Whether a whole text passes; beyond ASCII the test says it. */
  fits(text: string): boolean {
    let state = this.start;
    for (let at = 0; at < text.length && state > open; at++) {
      const unit = text.charCodeAt(at);
      if (unit >= firstNonAscii) return Boolean(this.test(text));
      state = (this.steps[(state << 8) | unit] as number) || this.learn(state, unit);
    }
    return state === open ? Boolean(this.test(text)) : this.passing[state] !== 0;
  }
}
