/** What the domain must hold so that records arrive and are found: the bodies of its objects, as pure values. */
import { fieldsOf } from "../../processors/field-types";
import type { PlainObject, RetentionObject } from "../domain-call/objects";
import type { Settings } from "../settings";
import { pluginsPath } from "./engine-paths";
import { mappingsOf } from "./mappings";

export interface DomainNames {
  /** Start of the names of all objects. */
  readonly baseName: string;
  /** Mark of this stack, such as `pulumi:firehose-opensearch/dev`. */
  readonly owner: string;
}

type DomainSettings = Pick<
  Settings,
  "indexName" | "indexRotation" | "engineVersion" | "instanceCount" | "indexRetentionDays" | "processorChain"
>;

/** All indices that the stream writes. */
export const indexPattern = ({
  indexName,
  indexRotation,
}: Pick<Settings, "indexName" | "indexRotation">): string =>
  indexRotation === "NoRotation" ? indexName : `${indexName}-*`;

const managedBy = (owner: string): string => `Managed by ${owner}`;

/** The rights that AWS names for delivery, on the stream's own indices alone. */
export function deliveryRole({ baseName, owner }: DomainNames, settings: DomainSettings): PlainObject {
  return {
    kind: "role",
    name: `${baseName}-delivery`,
    owner,
    path: `${pluginsPath(settings.engineVersion)}/_security/api/roles/${baseName}-delivery`,
    body: {
      description: managedBy(owner),
      cluster_permissions: ["cluster_composite_ops", "cluster_monitor"],
      index_permissions: [
        { index_patterns: [indexPattern(settings)], allowed_actions: ["create_index", "manage", "crud"] },
      ],
    },
  };
}

/** Gives the security role to the IAM role that Firehose works with. */
export function deliveryRoleMapping(
  { baseName, owner }: DomainNames,
  settings: DomainSettings,
  iamRoleArn: string,
): PlainObject {
  return {
    kind: "role-mapping",
    name: `${baseName}-delivery`,
    owner,
    path: `${pluginsPath(settings.engineVersion)}/_security/api/rolesmapping/${baseName}-delivery`,
    body: { description: managedBy(owner), backend_roles: [iamRoleArn], hosts: [], users: [] },
  };
}

const timePipelineName = (baseName: string): string => `${baseName}-time`;

/** Dashboards need a time; a document without `@timestamp` gets the time at which it is indexed. */
export function timePipeline({ baseName, owner }: DomainNames): PlainObject {
  const name = timePipelineName(baseName);
  return {
    kind: "ingest-pipeline",
    name,
    owner,
    path: `/_ingest/pipeline/${name}`,
    body: {
      description: managedBy(owner),
      processors: [{ set: { field: "@timestamp", value: "{{{_ingest.timestamp}}}", override: false } }],
    },
  };
}

/** Settings and types of each new index; the types are those of the chain's processors. */
export function indexTemplate({ baseName, owner }: DomainNames, settings: DomainSettings): PlainObject {
  return {
    kind: "index-template",
    name: baseName,
    owner,
    path: `/_index_template/${baseName}`,
    body: {
      index_patterns: [indexPattern(settings)],
      priority: 100,
      _meta: { owner },
      template: {
        settings: {
          "index.number_of_shards": 1,
          "index.number_of_replicas": settings.instanceCount === 1 ? 0 : 1,
          "index.mapping.total_fields.limit": 2000,
          "index.final_pipeline": timePipelineName(baseName),
        },
        mappings: mappingsOf(fieldsOf(settings.processorChain)),
      },
    },
  };
}

/**
 * Deletes an index when it is old enough. None without rotation: the one index would be deleted with the newest
 * documents in it.
 */
export function retentionPolicy(
  { baseName, owner }: DomainNames,
  settings: DomainSettings,
): RetentionObject | undefined {
  if (settings.indexRotation === "NoRotation") return undefined;
  const pattern = indexPattern(settings);
  const conditions = { min_index_age: `${settings.indexRetentionDays}d` };
  return {
    kind: "retention",
    name: `${baseName}-retention`,
    owner,
    path: `${pluginsPath(settings.engineVersion)}/_ism`,
    indexPattern: pattern,
    body: {
      policy: {
        description: managedBy(owner),
        default_state: "keep",
        states: [
          { name: "keep", actions: [], transitions: [{ state_name: "gone", conditions }] },
          { name: "gone", actions: [{ delete: {} }], transitions: [] },
        ],
        ism_template: [{ index_patterns: [pattern], priority: 100 }],
      },
    },
  };
}
