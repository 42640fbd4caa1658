/** The function that prepares the domain, as emitted, called for one object against a stand-in of a domain. */
import type { AnyObject } from "../../../infra/domain-call/objects";
import { type Evaluation, evaluate, masterPassword } from "../evaluate";
import { invoke, loadHandler } from "../run-closure";
import { StubDomain } from "../stub-domain";

export const startMs = 1_772_323_200_000;

export class DomainCalls {
  readonly clock = { nowMs: startMs };
  readonly log: string[] = [];

  private constructor(
    private readonly program: Evaluation,
    private readonly code: string,
    readonly stub: StubDomain,
  ) {}

  static async start(): Promise<DomainCalls> {
    const program = await evaluate();
    const { "__index.js": code } = await program.archive("domain-objects");
    return new DomainCalls(program, code!, await StubDomain.start());
  }

  close(): Promise<void> {
    return this.stub.close().catch(() => {});
  }

  /** What the program calls the function with. */
  input<T extends AnyObject>(kind: T["kind"]): T {
    const { inputs } = this.program.one("aws:lambda/invocation:Invocation", `-${kind}`);
    return JSON.parse(inputs["input"]);
  }

  call(object: AnyObject, action?: string, previous?: AnyObject, environment = {}): Promise<unknown> {
    const { stub, clock, log } = this;
    return invoke(
      loadHandler(this.code, {
        log,
        clock,
        environment: { ENDPOINT: stub.url, USERNAME: "master", PASSWORD: masterPassword, ...environment },
      }),
      { ...object, ...(action ? { tf: { action, prev_input: previous ?? null } } : {}) },
    );
  }
}
