/** What each suite on the real engine begins with: an account of its own and a stack in it. */
import { needs } from "../needs";
import { cliMissing } from "./cli";
import { Cloud } from "./cloud";
import { openWorkspace, type Workspace } from "./workspace";

export interface SuiteStack {
  readonly cloud: Cloud;
  readonly workspace: Workspace;
}

/**
 * To be called in a `describe`; the members are there once its tests run. `prepare` comes before the first `up`.
 * @param program what is deployed. @default index.ts
 */
export function suiteStack(
  stackName: string,
  prepare: (stack: SuiteStack) => Promise<void> = async () => {},
  program?: () => Record<string, unknown>,
): SuiteStack {
  let stack: SuiteStack | undefined;
  before(async function () {
    needs(this, cliMissing());
    const cloud = new Cloud();
    stack = { cloud, workspace: await openWorkspace(cloud, stackName, program) };
    await prepare(stack);
  });
  after(async () => {
    stack?.workspace.close();
    await stack?.cloud.close();
  });
  const opened = (): SuiteStack => {
    if (stack === undefined) throw new Error("the suite's stack is not there before its tests run");
    return stack;
  };
  return {
    get cloud() {
      return opened().cloud;
    },
    get workspace() {
      return opened().workspace;
    },
  };
}
