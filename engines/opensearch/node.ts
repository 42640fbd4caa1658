/** A real OpenSearch 2.19 node, with or without the security plugin. Tests compare the project with it. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import {
  type Answer,
  type JavaNode,
  javaNodeMissing,
  type StartedNode,
  startJavaNode,
} from "../java-node/java-node";
import { type InternalUser, securityFiles, securitySettings } from "./security";

export type { Answer };
export { javaNodeMissing as openSearchMissing };

export interface OpenSearchOptions {
  /** With the security plugin: HTTPS, and nothing without a password. @default false */
  readonly security?: boolean;
  /** Users beside the master user; `backendRoles` stands for the ARNs that the role mapping looks at. */
  readonly users?: Readonly<Record<string, InternalUser>>;
  /** Further settings of the node. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Java heap. @default 512 */
  readonly heapMiB?: number;
}

export interface OpenSearchNode extends JavaNode {
  /** Certificate to trust, with the security plugin. */
  readonly ca: string | undefined;
  /** Name and password of the master user, with the security plugin. */
  readonly user: string | undefined;
  readonly password: string | undefined;
}

export const MASTER_USER = "master";
export const MASTER_PASSWORD = "Master-of-tests_1";

const ENGINE = { name: "OpenSearch", folder: __dirname, package: "org.opensearch" };

/** Far beyond what the busiest machine takes: for a node that lives and does not get further. */
const mostSecondsToSecure = 600;

/** The security plugin answers 503 until it has read its configuration. A node that has ended answers nothing: rejects. */
async function whenSecure(node: StartedNode): Promise<void> {
  const endMs = performance.now() + mostSecondsToSecure * 1000;
  let last: Answer;
  do {
    last = await node.call("GET", "/");
    if (last.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  } while (performance.now() < endMs);
  throw new Error(
    `OpenSearch's security plugin is not ready after ${mostSecondsToSecure} s: ${last.status} ${last.body}`,
  );
}

export async function startOpenSearch(options: OpenSearchOptions = {}): Promise<OpenSearchNode> {
  const { security = false, users = {}, settings, ...others } = options;
  if (!security) {
    const node = await startJavaNode(ENGINE, { settings, ...others });
    return { ...node, user: undefined, password: undefined };
  }
  const node = await startJavaNode(ENGINE, {
    ...others,
    settings: { ...securitySettings(), ...settings },
    plugins: ["security"],
    args: ["security"],
    caFile: "ca.pem",
    master: `${MASTER_USER}:${MASTER_PASSWORD}`,
    configure: (config) => {
      const defaults = join(__dirname, "target", "security", "config");
      cpSync(defaults, join(config, "opensearch-security"), { recursive: true });
      securityFiles(config, users);
    },
  });
  try {
    await whenSecure(node);
  } catch (error) {
    await node.stop();
    throw error;
  }
  return { ...node, user: MASTER_USER, password: MASTER_PASSWORD };
}
