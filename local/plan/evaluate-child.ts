/** Runs in a process of its own: the Pulumi runtime is global, large, and needed once. */
import { notKept, UserError } from "../errors";
import { type EvaluateOptions, evaluatePlan } from "./evaluate";
import { EvidenceWatch } from "./evidence";
import { keep } from "./kept-plan";
import type { Plan } from "./plan";

export interface EvaluateRequest {
  readonly options: EvaluateOptions;
  /** Whether this process compiles the program's TypeScript; else Pulumi does. */
  readonly compiled: boolean;
  /** File that the plan is kept in; none: it is not kept. */
  readonly keptFile: string | undefined;
  /** Whether the program's files are asked for. */
  readonly tellSources: boolean;
}

export type EvaluateReply = { readonly sources: readonly string[] } & (
  | { readonly plan: Plan }
  | {
      readonly message: string;
      readonly stack: string | undefined;
      /** Of an error that the user can mend; undefined for any other. */
      readonly exitCode: number | undefined;
    }
);

const answer = (reply: EvaluateReply, then = (): void => {}): void =>
  void process.send!(reply, () => {
    then();
    process.exit();
  });

process.once("message", ({ options, compiled, keptFile, tellSources }: EvaluateRequest) => {
  // The program has ended when nothing is left to do: nobody waits for another message.
  process.channel?.unref();
  const watch = keptFile === undefined && !tellSources ? undefined : new EvidenceWatch();
  const sources = (): string[] => (tellSources ? watch!.sources : []);
  evaluatePlan(options, compiled).then(
    (plan) => {
      const outside = keptFile === undefined ? [] : watch!.outside;
      if (outside.length > 0) {
        const noted = { ...plan, notes: [...plan.notes, notKept(outside)] };
        return answer({ plan: noted, sources: sources() });
      }
      // Nobody waits for what comes behind the answer.
      answer({ plan, sources: sources() }, () => {
        const evidence = keptFile === undefined ? undefined : watch!.end(options.folder);
        if (evidence) keep(keptFile!, { plan, evidence });
      });
    },
    (error: Error) => {
      const { message, stack } = error;
      const exitCode = error instanceof UserError ? error.exitCode : undefined;
      answer({ message, stack, exitCode, sources: sources() });
    },
  );
});
