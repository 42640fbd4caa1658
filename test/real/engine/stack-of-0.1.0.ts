/** A dev stack as version 0.1.0 of the program left it on the account of the tests: its state and all that is there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Deployment } from "@pulumi/pulumi/automation";
import type { Cloud, Thing } from "./cloud";
import type { Values } from "./values";
import type { Workspace } from "./workspace";

interface Kept {
  readonly deployment: Deployment["deployment"];
  readonly things: readonly (readonly [key: string, thing: Thing])[];
  readonly domains: readonly {
    readonly host: string;
    readonly objects: readonly (readonly [path: string, body: Values])[];
    readonly policies: readonly (readonly [name: string, policy: { policy: Values; seqNo: number }])[];
  }[];
}

export async function restoreStack(cloud: Cloud, workspace: Workspace): Promise<void> {
  const packed = readFileSync(join(__dirname, "stack-of-0.1.0.json.gz"));
  const kept = JSON.parse(gunzipSync(packed).toString()) as Kept;
  for (const [key, thing] of kept.things) {
    cloud.things.set(key, thing);
    if (thing.type === "aws:opensearch/domain:Domain") await cloud.functions.openDomain(thing.state);
  }
  for (const { host, objects, policies } of kept.domains) {
    const domain = cloud.functions.domains.get(host)!;
    for (const [path, body] of objects) domain.put(path, body);
    for (const [name, policy] of policies) domain.policies.set(name, policy);
  }
  await workspace.stack.importStack({ version: 3, deployment: kept.deployment });
}
