/** A call of one of the program's functions beside the line. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { FunctionPlan } from "./plan/plan";
import { LambdaFunction } from "./transform/lambda-function";

/** What the function prints goes to the logs. */
export async function invokeOnce(
  dataFolder: string,
  plan: FunctionPlan,
  environment: Readonly<Record<string, string>>,
  input: string,
): ReturnType<LambdaFunction["invoke"]> {
  const logs = join(dataFolder, "logs");
  mkdirSync(logs, { recursive: true });
  // The real address and user instead of those that the program knows.
  const here = { ...plan, environment: { ...plan.environment, ...environment } };
  const lambda = new LambdaFunction({ plan: here, logFile: join(logs, `${plan.name}.log`) });
  try {
    return await lambda.invoke(input);
  } finally {
    await lambda.close();
  }
}
