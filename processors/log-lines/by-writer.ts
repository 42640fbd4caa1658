/**
 * JSON lines of proxies whose names say little without their writer: what each of them calls a duration has another
 * unit, and Caddy's request is an object.
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
 * @see https://caddyserver.com/docs/logging
 * @see https://doc.traefik.io/traefik/observability/access-logs/
 */
import { createIsObject, type JsonObject } from "../json/json-object";

/** The values under the names that access logs share; those of any other writer as they are. */
export function createByWriter() {
  const isObject = createIsObject();
  const { isArray } = Array;
  const addressPort = /^\[?(.+?)\]?:(\d{1,5})$/;
  const secondsOf = (value: unknown, perSecond: number): unknown =>
    typeof value === "number" ? (value / perSecond).toFixed(9) : value;
  const caddy = (values: JsonObject, request: JsonObject): JsonObject => {
    const { headers } = request;
    const agents = isObject(headers) ? headers["User-Agent"] : null;
    const { duration, size, ts, ...others } = values;
    return {
      ...others,
      ...request,
      request: null,
      request_time: secondsOf(duration, 1),
      bytes_sent: size,
      msec: ts,
      user_agent: isArray(agents) ? agents[0] : null,
    };
  };
  const envoy = ({ duration, downstream_remote_address: remote, ...others }: JsonObject): JsonObject => {
    const [, client, port] = (typeof remote === "string" && addressPort.exec(remote)) || [null, remote, null];
    return { ...others, total_time: duration, client_ip: client, client_port: port };
  };
  return (values: JsonObject): JsonObject => {
    const { request } = values;
    if (isObject(request)) return caddy(values, request);
    if ("response_flags" in values) return envoy(values);
    if (!("DownstreamStatus" in values)) return values;
    const { Duration: nanoseconds, ...others } = values;
    return { ...others, request_time: secondsOf(nanoseconds, 1e9) };
  };
}
