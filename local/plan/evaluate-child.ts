/** Runs in a process of its own: the Pulumi runtime is global, large, and needed once. */
import { UserError } from "../errors";
import { type EvaluateOptions, evaluatePlan } from "./evaluate";
import type { Plan } from "./plan";

export interface EvaluateRequest {
  readonly options: EvaluateOptions;
  /** Whether this process compiles the program's TypeScript; else Pulumi does. */
  readonly compiled: boolean;
}

export type EvaluateReply =
  | { readonly plan: Plan }
  | { readonly userError: boolean; readonly message: string; readonly stack: string | undefined };

const answer = (reply: EvaluateReply): void => void process.send!(reply, () => process.exit());

process.once("message", ({ options, compiled }: EvaluateRequest) => {
  // The program has ended when nothing is left to do: nobody waits for another message.
  process.channel?.unref();
  evaluatePlan(options, compiled).then(
    (plan) => answer({ plan }),
    (error: Error) => {
      const { message, stack } = error;
      answer({ userError: error instanceof UserError, message, stack });
    },
  );
});
