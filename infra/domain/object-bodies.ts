/** What the domain must hold so that records arrive and are found: the bodies of its objects, as pure values. */
import { indexNameForm, indexPatternOf } from "../../firehose/index-rotation";
import { probeField } from "../../firehose/probe";
import { type FieldTypes, fieldsOf } from "../../processors/field-types";
import type { PlainObject, RetentionObject, StreamIndices } from "../domain-call/objects";
import type { ReaderSettings, Settings } from "../settings";
import { pluginsPath } from "./engine-paths";
import { mappingsOf } from "./mappings";
import { replicasFor } from "./shards";

export interface DomainNames {
  /** Start of the names of all objects. */
  readonly baseName: string;
  /** Mark of this stack, such as `pulumi:firehose-opensearch/dev`. */
  readonly owner: string;
}

type IndexSettings = Pick<Settings, "indexName" | "indexRotation">;

type DomainSettings = Pick<
  Settings,
  "indexName" | "indexRotation" | "engineVersion" | "instanceCount" | "indexRetentionDays" | "processorChain"
> &
  Partial<Pick<Settings, "existingDomain" | "domainLogs" | "leftToDefault" | "probe">>;

/** The indices that the stream makes. */
export function streamIndices({ indexName, indexRotation }: IndexSettings): StreamIndices {
  return {
    pattern: indexPatternOf(indexName, indexRotation),
    widePattern: `${indexName}-*`,
    form: indexNameForm(indexName),
  };
}

/** What the dashboards read: all that a stream of this name made, whatever its rotation was. */
export const searchPattern = ({ indexName, indexRotation }: IndexSettings): string =>
  indexRotation === "NoRotation" ? indexName : `${indexName}-20*`;

const managedBy = (owner: string): string => `Managed by ${owner}`;

/** The rights that AWS names for delivery, on the stream's own indices alone. */
export function deliveryRole({ baseName, owner }: DomainNames, settings: DomainSettings): PlainObject {
  const indices = streamIndices(settings);
  return {
    kind: "role",
    name: `${baseName}-delivery`,
    owner,
    path: `${pluginsPath(settings.engineVersion)}/_security/api/roles/${baseName}-delivery`,
    indices,
    body: {
      description: managedBy(owner),
      cluster_permissions: ["cluster_composite_ops", "cluster_monitor"],
      index_permissions: [
        { index_patterns: [indices.pattern], allowed_actions: ["create_index", "manage", "crud"] },
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

/** Reads what the stream made, and looks at the dashboards that everybody sees. */
export function readerRole({ baseName, owner }: DomainNames, settings: DomainSettings): PlainObject {
  return {
    kind: "role",
    name: `${baseName}-reader`,
    owner,
    path: `${pluginsPath(settings.engineVersion)}/_security/api/roles/${baseName}-reader`,
    body: {
      description: managedBy(owner),
      cluster_permissions: ["cluster_composite_ops_ro"],
      index_permissions: [
        { index_patterns: [searchPattern(settings)], allowed_actions: ["read"] },
        // Where the dashboards keep what is in the tenant that everybody sees.
        { index_patterns: [".kibana", ".kibana_?", ".kibana_??"], allowed_actions: ["read"] },
      ],
      tenant_permissions: [{ tenant_patterns: ["global_tenant"], allowed_actions: ["kibana_all_read"] }],
    },
  };
}

export function readerRoleMapping(
  { baseName, owner }: DomainNames,
  { engineVersion }: DomainSettings,
  { roleArns, backendRoles }: ReaderSettings,
): PlainObject {
  return {
    kind: "role-mapping",
    name: `${baseName}-reader`,
    owner,
    path: `${pluginsPath(engineVersion)}/_security/api/rolesmapping/${baseName}-reader`,
    body: {
      description: managedBy(owner),
      backend_roles: [...roleArns, ...backendRoles],
      hosts: [],
      users: [],
    },
  };
}

/** Settings and types of each new index; the types are those of the chain's processors. */
export function indexTemplate({ baseName, owner }: DomainNames, settings: DomainSettings): PlainObject {
  const indices = streamIndices(settings);
  return {
    kind: "index-template",
    name: baseName,
    owner,
    path: `/_index_template/${baseName}`,
    indices,
    body: {
      index_patterns: [indices.pattern],
      priority: 100,
      _meta: { owner },
      template: {
        settings: {
          "index.number_of_shards": 1,
          ...replicas(settings),
          "index.mapping.total_fields.limit": 2000,
          ...(settings.domainLogs ? slowLogThresholds : {}),
        },
        mappings: mappingsOf({ ...fieldsOf(settings.processorChain), ...probeFields(settings) }),
      },
    },
  };
}

const probeFields = ({ probe }: DomainSettings): FieldTypes => (probe ? { [probeField]: "keyword" } : {});

/** Nobody knows here how many nodes a domain has that this stack did not make; it takes a copy where it can. */
const replicas = ({ existingDomain, instanceCount }: DomainSettings) =>
  existingDomain
    ? { "index.auto_expand_replicas": "0-1" }
    : { "index.number_of_replicas": replicasFor(instanceCount) };

/**
 * Slow logs are off until an index says what is slow.
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html
 */
const slowLogThresholds = {
  "index.search.slowlog.threshold.query.warn": "5s",
  "index.search.slowlog.threshold.fetch.warn": "1s",
  "index.indexing.slowlog.threshold.index.warn": "5s",
};

/**
 * Deletes an index when it is old enough. None without rotation: the one index would be deleted with the newest
 * documents in it. Then the policy that was there before goes.
 */
export function retentionPolicy({ baseName, owner }: DomainNames, settings: DomainSettings): RetentionObject {
  const indices = streamIndices(settings);
  return {
    kind: "retention",
    name: `${baseName}-retention`,
    owner,
    path: `${pluginsPath(settings.engineVersion)}/_ism`,
    indices,
    leftToDefault: settings.leftToDefault ?? [],
    body: settings.indexRotation === "NoRotation" ? null : retentionBody(owner, indices, settings),
  };
}

function retentionBody(owner: string, { pattern }: StreamIndices, { indexRetentionDays }: DomainSettings) {
  const conditions = { min_index_age: `${indexRetentionDays}d` };
  return {
    policy: {
      description: managedBy(owner),
      default_state: "keep",
      states: [
        { name: "keep", actions: [], transitions: [{ state_name: "gone", conditions }] },
        { name: "gone", actions: [{ delete: {} }], transitions: [] },
      ],
      ism_template: [{ index_patterns: [pattern], priority: 100 }],
    },
  };
}
