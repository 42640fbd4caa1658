/** Access logs as their writers vary them: the client and the time of the web formats, and JSON of several proxies. */
import { deepEqual, equal } from "node:assert/strict";
import { documentOf } from "./emitted";

const parse = (line: string) => documentOf("access-log", line);
const rest = '"GET /cart HTTP/1.1" 200 12 "-" "curl/8.5.0"';
const at = "[01/Mar/2026:00:00:00 +0000]";

describe("processor access-log, of web servers with formats of their own", () => {
  for (const [front, source, domain, user] of [
    ["192.0.2.9, 10.0.0.1 - -", { ip: "192.0.2.9" }],
    ["192.0.2.9, 10.0.0.1, 2001:db8::1 - jane", { ip: "192.0.2.9" }, undefined, "jane"],
    ["192.0.2.9,10.0.0.1 - jane doe", { ip: "192.0.2.9" }, undefined, "jane doe"],
    ["unknown, 10.0.0.1 - -", { address: "unknown" }],
    ["shop.example.org 192.0.2.9, 10.0.0.1 - jane", { ip: "192.0.2.9" }, "shop.example.org", "jane"],
    ["shop.example.org:443 192.0.2.9 - -", { ip: "192.0.2.9" }, "shop.example.org"],
    ["unix: - -", { address: "unix:" }],
  ] as const) {
    it(`takes the first address for the client's: ${front}`, async () => {
      const document = await parse(`${front} ${at} ${rest}`);
      deepEqual([document.source, document.url.domain, document.user?.name], [source, domain, user]);
    });
  }

  for (const [time, read] of [
    ["01/Mar/2026:00:30:00.123 +0100", "2026-02-28T23:30:00.123Z"],
    ["01/Mar/2026:00:30:00.5 +0100", "2026-02-28T23:30:00.500Z"],
    ["01/Mar/2026:00:30:00.123456 -0100", "2026-03-01T01:30:00.123Z"],
    ["2026-03-01T00:00:00.123Z", "2026-03-01T00:00:00.123Z"],
    ["1772323200.123", "2026-03-01T00:00:00.123Z"],
    ["1772323200", "2026-03-01T00:00:00.000Z"],
    ["1772323200123", "2026-03-01T00:00:00.123Z"],
  ] as const) {
    it(`reads the time [${time}]`, async () => {
      const document = await parse(`192.0.2.9 - jane [${time}] ${rest}`);
      deepEqual(
        [document["@timestamp"], document.user, document.labels],
        [read, { name: "jane" }, undefined],
      );
    });
  }

  for (const time of [
    "yesterday",
    "2026-03-01 00:00:00",
    "01/Mar/2026:00:30:00. +0100",
    "12",
    "99999999999999",
  ]) {
    it(`never makes a part of a user's name of a time that is none: [${time}]`, async () => {
      const document = await parse(`192.0.2.9 - - [${time}] ${rest}`);
      deepEqual([document.user, document.labels], [undefined, { time }]);
      equal(document["@timestamp"], "2026-03-01T12:00:00.000Z");
    });
  }
});

describe("processor access-log, of proxies that write JSON", () => {
  const common = {
    http: { version: "1.1", request: { method: "GET" } },
    url: { path: "/cart", query: "id=1" },
  };

  it("reads Envoy's and Istio's, with milliseconds and an address with its port", async () => {
    const document = await parse(
      JSON.stringify({
        start_time: "2026-03-01T00:00:00.123Z",
        method: "GET",
        path: "/cart?id=1",
        protocol: "HTTP/1.1",
        response_code: 503,
        response_flags: "UH",
        bytes_received: 7,
        bytes_sent: 19,
        duration: 42,
        authority: "shop.example.org:80",
        upstream_host: "10.0.0.1:8080",
        downstream_remote_address: "[2001:db8::9]:1234",
        x_forwarded_for: "203.0.113.7",
        request_id: "r1",
      }),
    );
    deepEqual(document["@timestamp"], "2026-03-01T00:00:00.123Z");
    deepEqual(document.source, { ip: "2001:db8::9", port: 1234 });
    deepEqual(document.destination, { ip: "10.0.0.1", port: 8080 });
    deepEqual(document.network, { forwarded_ip: "203.0.113.7" });
    deepEqual(document.url, { ...common.url, domain: "shop.example.org" });
    deepEqual(document.http.response, { status_code: 503, body: { bytes: 19 } });
    deepEqual([document.event.duration, document.labels], [42_000_000, { response_flags: "UH" }]);
  });

  it("reads Caddy's, whose request is an object and whose duration is in seconds", async () => {
    const request = {
      remote_ip: "192.0.2.9",
      remote_port: "1234",
      proto: "HTTP/1.1",
      method: "GET",
      host: "shop.example.org",
      uri: "/cart?id=1",
      headers: { "User-Agent": ["curl/8.5.0"] },
    };
    const document = await parse(
      JSON.stringify({ ts: 1772323200.123, request, duration: 0.0000125, size: 12, status: 200 }),
    );
    deepEqual(document["@timestamp"], "2026-03-01T00:00:00.123Z");
    deepEqual(document.source, { ip: "192.0.2.9", port: 1234 });
    deepEqual(document.url, { ...common.url, domain: "shop.example.org" });
    deepEqual(document.http, { ...common.http, response: { status_code: 200, body: { bytes: 12 } } });
    deepEqual(document.user_agent, { original: "curl/8.5.0" });
    equal(document.event.duration, 12_500);
  });

  it("reads Traefik's, whose duration is in nanoseconds", async () => {
    const document = await parse(
      '{"ClientHost":"192.0.2.9","DownstreamStatus":404,"DownstreamContentSize":19,"Duration":12345678,"RequestHost":"shop.example.org","RequestMethod":"GET","RequestPath":"/cart?id=1","RequestProtocol":"HTTP/1.1","StartUTC":"2026-03-01T00:00:00Z","request_User-Agent":"curl/8.5.0"}',
    );
    deepEqual(document["@timestamp"], "2026-03-01T00:00:00.000Z");
    deepEqual(document.source, { ip: "192.0.2.9" });
    deepEqual(document.http, { ...common.http, response: { status_code: 404, body: { bytes: 19 } } });
    deepEqual(document.user_agent, { original: "curl/8.5.0" });
    equal(document.event.duration, 12_345_678);
  });

  it("keeps an object or a list in the place of a value as a label", async () => {
    const document = await parse('{"ip":"192.0.2.9","status":[200],"path":{"a":1},"user":["jane"]}');
    deepEqual(document.labels, { status: "[200]", path: '{"a":1}', user: '["jane"]' });
    deepEqual([document.http, document.url, document.user], [undefined, undefined, undefined]);
  });
});
