/** How long a question may be worked at: until its time is over, or until nobody waits for the answer any more. */

/** Thrown where nobody waits any more. */
export class Abandoned extends Error {
  constructor() {
    super("Nobody waits for this answer any more.");
    this.name = "Abandoned";
  }
}

/** Thrown where a part of the answer is none. */
export class TimeOver extends Error {
  constructor() {
    super("The time for this answer is over.");
    this.name = "TimeOver";
  }
}

/** The clock and the signal are looked at once in so many steps. */
const stepsPerLook = 16;

export interface Clockwork {
  /** Milliseconds of a clock that never goes back. */
  nowMs(): number;
  /** Whether nobody waits any more. */
  isAbandoned(): boolean;
}

const endless: Clockwork = { nowMs: () => 0, isAbandoned: () => false };

export class WorkLimit {
  /** Whether the time was over before the work was done: the answer is a part of the whole. */
  timedOut = false;
  private steps = 0;
  private readonly endMs: number;

  constructor(
    private readonly clockwork: Clockwork = endless,
    timeoutMs = Number.POSITIVE_INFINITY,
  ) {
    this.endMs = clockwork.nowMs() + timeoutMs;
  }

  /** Asked before each step of a work that may be long: whether to leave it at what is known. Throws {@link Abandoned}. */
  get isOver(): boolean {
    if (this.steps++ % stepsPerLook !== 0 || this.timedOut) return this.timedOut;
    return this.look();
  }

  private look(): boolean {
    if (this.clockwork.isAbandoned()) throw new Abandoned();
    this.timedOut = this.clockwork.nowMs() >= this.endMs;
    return this.timedOut;
  }
}
