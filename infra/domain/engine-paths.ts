/** Paths of the domain that differ between OpenSearch and Elasticsearch. */

const isOpenSearch = (engineVersion: string): boolean => engineVersion.startsWith("OpenSearch_");

/** Where the dashboards' server is below the domain's address. */
export const dashboardsPath = (engineVersion: string): string =>
  isOpenSearch(engineVersion) ? "/_dashboards" : "/_plugin/kibana";

/** Where the plugins' APIs are below the domain's address. */
export const pluginsPath = (engineVersion: string): string =>
  isOpenSearch(engineVersion) ? "/_plugins" : "/_opendistro";

/** Opens the dashboard itself, in the tenant that everybody sees. */
export const dashboardUrl = (endpoint: string, engineVersion: string, dashboardId: string): string =>
  `https://${endpoint}${dashboardsPath(engineVersion)}/app/dashboards?security_tenant=global#/view/${dashboardId}`;
