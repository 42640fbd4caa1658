/** The dashboard: one list of panels, from which the saved objects of OpenSearch Dashboards and Kibana are made. */

import { probeField } from "../../firehose/probe";
import type { SavedObject, SavedObjects } from "../domain-call/objects";
import type { Panel, Settings } from "../settings";
import { dashboardsPath } from "./engine-paths";
import { type DomainNames, searchPattern } from "./object-bodies";

const dashboardTitle = "totals";

/** A domain of others, or of several pipelines, holds several dashboards. */
export const dashboardIdOf = (baseName: string, { existingDomain, isShared }: DomainUse): string =>
  existingDomain || isShared ? `${baseName}-${dashboardTitle}` : dashboardTitle;

interface DomainUse extends Partial<Pick<Settings, "existingDomain">> {
  /** Whether other pipelines use the domain too. @default false */
  readonly isShared?: boolean;
}

/** Milliseconds between two counts. */
const refreshMs = 10_000;
/** Whatever time a document has: the panels count all documents, as the original's did. */
const allTimes = { timeFrom: "1970-01-01T00:00:00.000Z", timeTo: "2099-12-31T23:59:59.999Z" };
/** The grid of a dashboard is 48 wide. */
const gridWidth = 48;
const panelHeight = 12;

type DashboardSettings = Pick<Settings, "indexName" | "indexRotation" | "engineVersion" | "panels"> &
  Partial<Pick<Settings, "probe">> &
  DomainUse;

export function savedObjects({ baseName, owner }: DomainNames, settings: DashboardSettings): SavedObjects {
  const patternId = `${baseName}-pattern`;
  const dashboardId = dashboardIdOf(baseName, settings);
  const counted = settings.probe ? settings.panels.map(withoutProbe) : settings.panels;
  const panels = counted.map((panel, i) => ({ panel, id: `${baseName}-panel-${i + 1}` }));
  return {
    kind: "saved-objects",
    name: dashboardId,
    owner,
    path: dashboardsPath(settings.engineVersion),
    objects: [
      pattern(patternId, searchPattern(settings)),
      ...panels.map(({ panel, id }) => metric(id, panel, patternId, owner)),
      dashboard(
        dashboardId,
        panels.map(({ id }) => id),
        owner,
      ),
    ],
  };
}

/** The stream's probe is no document of anybody: no panel counts it. */
const withoutProbe = ({ title, query }: Panel): Panel => ({
  title,
  query: `${query && `(${query}) AND `}NOT _exists_:${probeField}`,
});

interface PatternField {
  readonly name: string;
  readonly type: string;
  readonly esTypes?: readonly string[];
  readonly searchable?: boolean;
  readonly aggregatable?: boolean;
}

/** The fields are given: before the first index exists, the time filter would have no field to work on. */
function pattern(id: string, title: string): SavedObject {
  const fields: PatternField[] = [
    { name: "@timestamp", type: "date", esTypes: ["date"], searchable: true, aggregatable: true },
    { name: "_id", type: "string", esTypes: ["_id"], searchable: true, aggregatable: true },
    { name: "_index", type: "string", esTypes: ["_index"], searchable: true, aggregatable: true },
    { name: "_score", type: "number" },
    { name: "_source", type: "_source", esTypes: ["_source"] },
    { name: "message", type: "string", esTypes: ["text"], searchable: true },
  ];
  const complete = fields.map(({ searchable = false, aggregatable = false, ...field }) => ({
    count: 0,
    ...field,
    scripted: false,
    searchable,
    aggregatable,
    readFromDocValues: field.type === "date",
  }));
  return {
    type: "index-pattern",
    id,
    attributes: { title, timeFieldName: "@timestamp", fields: JSON.stringify(complete) },
    references: [],
  };
}

/** One number: how many documents the panel's query finds. `lucene` means the same in all versions. */
function metric(id: string, { title, query }: Panel, patternId: string, owner: string): SavedObject {
  const reference = "kibanaSavedObjectMeta.searchSourceJSON.index";
  const look = {
    percentageMode: false,
    useRanges: false,
    colorSchema: "Green to Red",
    metricColorMode: "None",
    colorsRange: [{ from: 0, to: 10_000 }],
    labels: { show: true },
    invertColors: false,
    style: { bgFill: "#000", bgColor: false, labelColor: false, subText: "", fontSize: 60 },
  };
  const state = {
    title,
    type: "metric",
    aggs: [{ id: "1", enabled: true, type: "count", schema: "metric", params: { customLabel: title } }],
    params: { addTooltip: true, addLegend: false, type: "metric", metric: look },
  };
  return {
    type: "visualization",
    id,
    attributes: {
      title,
      visState: JSON.stringify(state),
      uiStateJSON: "{}",
      description: `Managed by ${owner}`,
      version: 1,
      kibanaSavedObjectMeta: {
        searchSourceJSON: JSON.stringify({
          query: { query, language: "lucene" },
          filter: [],
          indexRefName: reference,
        }),
      },
    },
    references: [{ name: reference, type: "index-pattern", id: patternId }],
  };
}

/** The panels beside each other, three in a row. */
function dashboard(id: string, panelIds: readonly string[], owner: string): SavedObject {
  const perRow = Math.max(1, Math.min(panelIds.length, 3));
  const w = gridWidth / perRow;
  const panels = panelIds.map((_id, i) => ({
    version: "7.10.0",
    gridData: {
      x: (i % perRow) * w,
      y: Math.floor(i / perRow) * panelHeight,
      w,
      h: panelHeight,
      i: String(i + 1),
    },
    panelIndex: String(i + 1),
    embeddableConfig: {},
    panelRefName: `panel_${i}`,
  }));
  return {
    type: "dashboard",
    id,
    attributes: {
      title: id,
      hits: 0,
      description: `Managed by ${owner}`,
      panelsJSON: JSON.stringify(panels),
      optionsJSON: JSON.stringify({ hidePanelTitles: false, useMargins: true }),
      version: 1,
      timeRestore: true,
      ...allTimes,
      refreshInterval: { pause: false, value: refreshMs },
      kibanaSavedObjectMeta: {
        searchSourceJSON: JSON.stringify({ query: { query: "", language: "lucene" }, filter: [] }),
      },
    },
    references: panelIds.map((id, i) => ({ name: `panel_${i}`, type: "visualization", id })),
  };
}
