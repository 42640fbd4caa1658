/** How an index reads fields: those that its template names, and those that documents bring. */

export type FieldType =
  | "object"
  | "text"
  | "keyword"
  | "long"
  | "double"
  | "float"
  | "boolean"
  | "date"
  | "ip";

/** A field without its name. */
export interface FieldSpec {
  readonly type: FieldType;
  /** A value that is none of the type costs the field, not the document. */
  readonly ignoreMalformed?: boolean;
  /** Of a `keyword`, or of the `.keyword` beside a text: longer values are left out, in UTF-16 units. */
  readonly ignoreAbove?: number;
  /** Whether the whole values of a text can be asked for, as `.keyword`. */
  readonly hasKeyword?: boolean;
  /** The same values read otherwise, by the name behind the field's own: `took.text` beside `took`. */
  readonly copies?: Readonly<Record<string, FieldSpec>>;
}

/** What a JSON value is to dynamic templates (`match_mapping_type`). */
export type ValueKind = "string" | "boolean" | "long" | "double";

export interface IndexMapping {
  /** By dotted path, a field above its own fields first. */
  readonly fields: Readonly<Record<string, FieldSpec>>;
  /** What a field becomes that no one has named, by its first value. */
  readonly dynamic: Readonly<Record<ValueKind, FieldSpec>>;
  /** Whether the first value makes a field a date where it reads like one. */
  readonly dateDetection: boolean;
  /** `index.mapping.total_fields.limit` */
  readonly totalFieldsLimit: number;
  /** `index.mapping.depth.limit` */
  readonly depthLimit: number;
}

/** As OpenSearch does it where no template says otherwise. */
const openSearchDefaults: IndexMapping = {
  fields: { "@timestamp": { type: "date" } },
  dynamic: {
    string: { type: "text", hasKeyword: true, ignoreAbove: 256 },
    boolean: { type: "boolean" },
    long: { type: "long" },
    double: { type: "float" },
  },
  dateDetection: true,
  totalFieldsLimit: 1000,
  depthLimit: 20,
};

/** Of an index that was made before templates were read: what its fields do not say of themselves. */
export const firstMapping: IndexMapping = {
  fields: { "@timestamp": { type: "date" }, message: { type: "text" } },
  dynamic: {
    string: { type: "text", hasKeyword: true, ignoreAbove: 1024 },
    boolean: { type: "boolean" },
    long: { type: "long" },
    double: { type: "float" },
  },
  dateDetection: false,
  totalFieldsLimit: 2000,
  depthLimit: 20,
};

/** Types of OpenSearch by the one here that answers queries alike. */
const types: Readonly<Record<string, FieldType>> = {
  text: "text",
  match_only_text: "text",
  keyword: "keyword",
  wildcard: "keyword",
  long: "long",
  integer: "long",
  short: "long",
  byte: "long",
  double: "double",
  scaled_float: "double",
  float: "float",
  half_float: "float",
  boolean: "boolean",
  date: "date",
  date_nanos: "date",
  ip: "ip",
  object: "object",
  nested: "object",
};

type Json = Readonly<Record<string, unknown>>;

const noLimit = 2 ** 31 - 1;

/** Undefined: a type that has no counterpart here. */
function specOf(mapping: Json): FieldSpec | undefined {
  const type = types[String(mapping["type"] ?? "object")];
  if (type === undefined) return undefined;
  const { keyword, ...others } = (mapping["fields"] ?? {}) as Record<string, Json>;
  const beside = type === "text" && types[String(keyword?.["type"])] === "keyword" ? keyword : undefined;
  const whole = type === "keyword" ? mapping : beside;
  const copies = copiesOf(beside === undefined && keyword !== undefined ? { ...others, keyword } : others);
  return {
    type,
    ...(mapping["ignore_malformed"] === true ? { ignoreMalformed: true } : {}),
    ...(beside === undefined ? {} : { hasKeyword: true }),
    ...(whole === undefined ? {} : { ignoreAbove: Number(whole["ignore_above"] ?? noLimit) }),
    ...(Object.keys(copies).length === 0 || type === "object" ? {} : { copies }),
  };
}

/** A copy has no copies of its own, as on a real node. */
function copiesOf(fields: Readonly<Record<string, Json>>): Record<string, FieldSpec> {
  const copies: Record<string, FieldSpec> = {};
  for (const [name, { fields: _, ...mapping }] of Object.entries(fields)) {
    const spec = specOf(mapping);
    if (spec !== undefined && spec.type !== "object") copies[name] = spec;
  }
  return copies;
}

function collect(properties: Json, above: string, into: Record<string, FieldSpec>): void {
  for (const [name, value] of Object.entries(properties)) {
    const mapping = value as Json;
    const spec = specOf(mapping);
    if (spec === undefined) continue;
    into[above + name] = spec;
    if (spec.type === "object") collect((mapping["properties"] ?? {}) as Json, `${above}${name}.`, into);
  }
}

/** Only templates that go by the kind of the value alone are followed; others are left out. */
function dynamicOf(templates: readonly Json[]): Partial<Record<ValueKind, FieldSpec>> {
  const dynamic: Partial<Record<ValueKind, FieldSpec>> = {};
  for (const template of templates) {
    const rule = Object.values(template)[0] as Json;
    const kind = rule["match_mapping_type"] as ValueKind;
    const spec = specOf((rule["mapping"] ?? {}) as Json);
    const isPlain = Object.keys(rule).every((key) => key === "match_mapping_type" || key === "mapping");
    if (isPlain && spec !== undefined && kind in openSearchDefaults.dynamic) dynamic[kind] ??= spec;
  }
  return dynamic;
}

/** Body of an index template, as far as an index has it. */
export interface TemplateBody {
  /** Flat keys, such as `index.mapping.total_fields.limit`. */
  readonly settings: Json;
  readonly mappings: Json;
}

export function mappingOf(template: TemplateBody | undefined): IndexMapping {
  if (template === undefined) return openSearchDefaults;
  const { settings, mappings } = template;
  const fields: Record<string, FieldSpec> = {};
  collect((mappings["properties"] ?? {}) as Json, "", fields);
  const templates = (mappings["dynamic_templates"] ?? []) as readonly Json[];
  return {
    // Every index here goes by time.
    fields: { ...fields, "@timestamp": { type: "date" } },
    dynamic: { ...openSearchDefaults.dynamic, ...dynamicOf(templates) },
    dateDetection: mappings["date_detection"] !== false,
    totalFieldsLimit: Number(
      settings["index.mapping.total_fields.limit"] ?? openSearchDefaults.totalFieldsLimit,
    ),
    depthLimit: Number(settings["index.mapping.depth.limit"] ?? openSearchDefaults.depthLimit),
  };
}
