/** IAM policies of an evaluated program, as statements. */
import type { Evaluation } from "./evaluate";

export interface PolicyStatement {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | string[];
  readonly Resource?: string[];
  readonly Condition?: Record<string, Record<string, unknown>>;
}

export const statementsOf = (policy: string): PolicyStatement[] => JSON.parse(policy).Statement;

/** Statements of the inline policies of the role whose name ends so. */
export const roleStatements = (program: Evaluation, nameEnd: string): PolicyStatement[] =>
  statementsOf(program.one("aws:iam/rolePolicy:RolePolicy", `${nameEnd}-role-policy`).inputs["policy"]);

/** The statement that has this action. */
export const statementWith = (statements: readonly PolicyStatement[], action: string): PolicyStatement => {
  const found = statements.filter((statement) => [statement.Action].flat().includes(action));
  if (found.length !== 1) throw new Error(`${found.length} statements with ${action}`);
  return found[0]!;
};

/** Every policy text of the program with the name of its resource. */
export function allPolicies(program: Evaluation): { name: string; type: string; policy: string }[] {
  const keys = ["policy", "assumeRolePolicy", "accessPolicies", "policyDocument"];
  return program.resources.flatMap(({ name, type, inputs }) =>
    keys
      .filter((key) => inputs[key] !== undefined)
      .map((key) => ({ name, type, policy: String(inputs[key]) })),
  );
}
