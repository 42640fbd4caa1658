/** Evaluates the program in a process that ends afterwards, and takes its memory with it. */
import { fork } from "node:child_process";
import { join } from "node:path";
import { UserError } from "../errors";
import type { EvaluateOptions } from "./evaluate";
import type { EvaluateReply } from "./evaluate-child";
import type { Plan } from "./plan";

/** @throws UserError as `evaluatePlan` does */
export async function evaluateApart(options: EvaluateOptions): Promise<Plan> {
  const child = fork(join(__dirname, "evaluate-child.ts"), {
    execArgv: [
      "--disable-warning=DEP0025",
      "--disable-warning=ExperimentalWarning",
      "-r",
      join(__dirname, "../../register-program.cjs"),
    ],
    // TypeScript's own compiler, as Pulumi has it: the text of the closures is what `pulumi up` uploads.
    env: { NODE_COMPILE_CACHE: join(options.folder, "node_modules/.cache/node"), ...process.env },
    // Keeps members that are undefined.
    serialization: "advanced",
    // What the program prints is for the person, not for the reader of --json.
    stdio: ["ignore", 2, 2, "ipc"],
  });
  const reply = await new Promise<EvaluateReply>((resolve, reject) => {
    child.once("message", (message) => resolve(message as EvaluateReply));
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(new Error(`The program's evaluation ended with ${code} and no plan.`)),
    );
    child.send(options);
  });
  if ("plan" in reply) return reply.plan;
  if (reply.userError) throw new UserError(reply.message);
  throw Object.assign(new Error(reply.message), { stack: reply.stack });
}
