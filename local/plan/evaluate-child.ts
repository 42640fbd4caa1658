/** Runs in a process of its own: the Pulumi runtime is global, large, and needed once. */
import { UserError } from "../errors";
import { type EvaluateOptions, evaluatePlan } from "./evaluate";
import type { Plan } from "./plan";

export type EvaluateReply =
  | { readonly plan: Plan }
  | { readonly userError: boolean; readonly message: string; readonly stack: string | undefined };

const answer = (reply: EvaluateReply): void => void process.send!(reply, () => process.exit());

process.once("message", (options: EvaluateOptions) => {
  evaluatePlan(options).then(
    (plan) => answer({ plan }),
    (error: Error) => {
      const { message, stack } = error;
      answer({ userError: error instanceof UserError, message, stack });
    },
  );
});
