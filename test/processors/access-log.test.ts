import { deepEqual, equal, ok } from "node:assert/strict";
import { coldStart, documentOf, eventOf, read, run } from "./emitted";

const parse = (line: string) => documentOf("access-log", line);
const at = "[01/Mar/2026:00:00:00 +0000]";

describe("processor access-log", () => {
  it("strips one LF or CRLF at the end and keeps the line in message [B16]", async () => {
    const line = `192.0.2.9 - - ${at} "GET / HTTP/1.1" 200 5`;
    const answers = await run("access-log", `${line}\r\n`, `${line}\n`, line);
    for (const answer of answers) {
      ok("document" in answer);
      equal(answer.document.message, line);
      ok(!/[\r\n]/.test(answer.text));
    }
  });

  it("fails a record with two lines alone [B15]", async () => {
    const line = `192.0.2.9 - - ${at} "GET / HTTP/1.1" 200 5`;
    deepEqual(
      (await run("access-log", `${line}\n${line}\n`, line)).map(({ result }) => result),
      ["ProcessingFailed", "Ok"],
    );
  });

  it("keeps IPv6 addresses whole and the zone apart [B55]", async () => {
    const of = async (client: string) =>
      (await parse(`${client} - - ${at} "GET / HTTP/1.1" 200 5 "-" "x"`)).source;
    deepEqual(await of("2001:db8::7"), { ip: "2001:db8::7" });
    deepEqual(await of("::ffff:192.0.2.5"), { ip: "::ffff:192.0.2.5" });
    deepEqual(await of("fe80::1%eth0"), { ip: "fe80::1", address: "fe80::1%eth0" });
    deepEqual(await of("host.example.org"), { address: "host.example.org" });
    deepEqual(await of("[2001:db8::7]"), { ip: "2001:db8::7" });
    deepEqual(await of("[2001:db8::7]:5000"), { ip: "2001:db8::7", port: 5000 });
  });

  const alb = (client: string, target: string, request: string, rest = "") =>
    `h2 2026-03-01T00:00:00.123456Z app/web/0123456789abcdef ${client} ${target} 0.001 0.002 0.000 200 200 34 366 ` +
    `"${request}" "curl/8.5.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2${rest}`;

  it("splits an ALB's address and port at the last colon [B56]", async () => {
    const document = await parse(
      alb("2001:db8::1:50718", "10.0.0.9:80", "GET https://example.org:443/a HTTP/2.0"),
    );
    deepEqual(document.source, { ip: "2001:db8::1", port: 50718 });
    deepEqual(document.destination, { ip: "10.0.0.9", port: 80 });
    const { destination } = await parse(
      alb("192.0.2.1:50718", "-", "GET https://example.org:443/a HTTP/2.0"),
    );
    equal(destination, undefined);
  });

  it("makes documents of an ALB's hostile requests [B57]", async () => {
    const literal = await parse(alb("192.0.2.1:1", "-", "GET http://[2001:db8::9]:443/ HTTP/1.1"));
    deepEqual(literal.url, {
      original: "http://[2001:db8::9]:443/",
      scheme: "http",
      domain: "2001:db8::9",
      port: 443,
      path: "/",
    });
    const line = alb("192.0.2.1:1", "-", "- http://lb.example.org:80- -").replace(
      "0.001 0.002 0.000",
      "-1 -1 -1",
    );
    const unread = await parse(line);
    equal(unread.http.request.line, "- http://lb.example.org:80- -");
    equal(unread.url.domain, "lb.example.org");
    equal(unread.url.port, 80);
    equal(unread.http.response.status_code, 200);
    equal(unread.event.duration, undefined);
  });

  it("takes ALB lines with fields too many, too few, or quoted [B58]", async () => {
    const full =
      ' arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/1 "Root=1-2" "example.org" "-" 0 ' +
      '2026-03-01T00:00:00.120000Z "forward" "-" "-" "10.0.0.9:80" "200" "-" "-"';
    const line = alb("192.0.2.1:1", "10.0.0.9:80", "GET https://example.org:443/ HTTP/2.0", full);
    const later = await parse(`${line} TID_ab12 "-" "-" "-" "new one" 7`);
    equal(later.aws.elb.connection_trace_id, "TID_ab12");
    deepEqual(later.extra, ["new one", "7"]);
    const old = await parse(alb("192.0.2.1:1", "10.0.0.9:80", "GET https://example.org:443/ HTTP/2.0"));
    equal(old.aws.elb.trace_id, undefined);
    equal(old.http.response.status_code, 200);
    const quoted = await parse(
      alb('"192.0.2.1:1"', '"10.0.0.9:80"', "GET https://example.org:443/ HTTP/2.0", full),
    );
    deepEqual(quoted.source, { ip: "192.0.2.1", port: 1 });
    const classic = await parse(
      alb("192.0.2.1:1", "10.0.0.9:80", "GET http://example.org:80/ HTTP/1.1").slice(3),
    );
    equal(classic.aws.elb.name, "app/web/0123456789abcdef");
  });

  it("keeps a text whole in which the line is cut off", async () => {
    for (const cut of ["Mozilla/5.0 (X11; Linux", "M", ""]) {
      const { user_agent, extra } = await parse(`192.0.2.9 - - ${at} "GET / HTTP/1.1" 200 5 "-" "${cut}`);
      deepEqual([user_agent?.original ?? "", extra], [cut, undefined]);
    }
    const { user_agent } = await parse(alb("192.0.2.1:1", "-", "GET / HTTP/1.1").replace(/8\.5\.0".*/, "8"));
    equal(user_agent.original, "curl/8");
  });

  it("fails lines whose fields quotes of the client have moved", async () => {
    const s3 = `79a5 logs ${at} 192.0.2.3 - 3E57 REST.GET.OBJECT k "GET /k HTTP/1.1" 200 - 1 1 9 8 "-" "a "b" c" - h= SigV4 ECDHE-RSA AuthHeader logs.s3 TLSv1.2 - -`;
    const moved = alb("192.0.2.1:1", "-", "GET / HTTP/1.1").replace("curl/8.5.0", 'curl "x" 8');
    const answers = await run("access-log", moved, s3, moved.replace(' "x" ', " "), s3.replace(' "b" ', " "));
    deepEqual(
      answers.map(({ result }) => result),
      ["ProcessingFailed", "ProcessingFailed", "Ok", "Ok"],
    );
  });

  it("leaves out byte counts and states that are a dash [B60]", async () => {
    const cached = await parse(`192.0.2.1 - - ${at} "GET / HTTP/1.1" 304 -`);
    deepEqual(cached.http.response, { status_code: 304 });
    const nothing = await parse(`192.0.2.1 - - ${at} "OPTIONS / HTTP/1.1" - 7908 "-" "x"`);
    deepEqual(nothing.http.response, { body: { bytes: 7908 } });
  });

  it("leaves every dash out, in all formats [B38]", async () => {
    const holdsDash = (value: unknown): boolean =>
      value === "-" || (typeof value === "object" && value !== null && Object.values(value).some(holdsDash));
    const cloudfront = ["2026-03-01", "00:00:01", "-", "-", "192.0.2.1", ...Array(28).fill("-")];
    const answers = await run(
      "access-log",
      `192.0.2.1 - - ${at} "GET / HTTP/1.1" - - "-" "-" "-" -`,
      alb("-", "-", "-", ' - "-" "-" "-" - - "-" "-" "-" "-" "-" "-" "-" - "-" "-" "-"'),
      `- - ${at} 192.0.2.1 - - REST.GET.OBJECT - "-" - - - - - - "-" "-" - - - - - - - - - -`,
      cloudfront.join("\t"),
      '{"ip":"192.0.2.3","status":"-","path":"-","userAgent":"-","requestTime":"-","stage":"-"}',
    );
    const documents = answers.map((answer) => "document" in answer && answer.document);
    deepEqual(
      documents.map(({ event }) => event.dataset),
      ["web", "alb", "s3", "cloudfront", "json"],
    );
    deepEqual(documents.filter(holdsDash), []);
  });

  const malformed: [string, object | undefined, string | undefined][] = [
    ['"G" 408 0', { line: "G" }, undefined],
    ['"-" 408 -', undefined, undefined],
    ['"\\x16\\x03\\x01\\x02" 400 157', { line: "\\x16\\x03\\x01\\x02" }, undefined],
    [
      '"GET  /two spaces here HTTP/1.1" 400 1',
      { method: "GET", line: "GET  /two spaces here HTTP/1.1" },
      undefined,
    ],
    ['"GET /only-http09" 200 4', { method: "GET" }, "/only-http09"],
    ['"get / HTTP/1.1" 400 4', { line: "get / HTTP/1.1" }, undefined],
  ];
  for (const [rest, request, path] of malformed) {
    it(`keeps the entry of ${rest.slice(0, 40)} [B61]`, async () => {
      const document = await parse(`192.0.2.1 - - ${at} ${rest}`);
      deepEqual(document.http.request, request);
      equal(document.url?.path, path);
      deepEqual(document.source, { ip: "192.0.2.1" });
      equal(document["@timestamp"], "2026-03-01T00:00:00.000Z");
      ok(document.http.response.status_code >= 200);
    });
  }

  it("takes user names with @, blanks and brackets [B62]", async () => {
    for (const user of ["jane@EXAMPLE.ORG", "jane doe", "jane [ops]", "x [01/Feb/2020:00:00:00 +0000] y"]) {
      const document = await parse(`192.0.2.1 - ${user} ${at} "GET / HTTP/1.1" 200 456`);
      equal(document.user.name, user);
      equal(document.http.response.body.bytes, 456);
      equal(document["@timestamp"], "2026-03-01T00:00:00.000Z");
    }
  });

  it("takes user names with quotes, escaped or not, whatever form the time has [B62]", async () => {
    for (const [user, name, time] of [
      ['ja\\"ne', 'ja"ne', at],
      ['ja\\"ne', 'ja"ne', "2026-03-01T00:00:00Z"],
      ['ja"ne', 'ja"ne', at],
      ['"jane"', '"jane"', at],
      ["caf\\xc3\\xa9\\x1b", "café\\x1b", at],
    ] as const) {
      const document = await parse(`192.0.2.1 - ${user} ${time} "GET /a HTTP/1.1" 200 456`);
      deepEqual([document.user.name, document.url.path], [name, "/a"]);
      equal(document["@timestamp"], "2026-03-01T00:00:00.000Z");
    }
  });

  it("applies the zone of the line once, whatever the machine's zone and language are [B63]", async () => {
    const { TZ, LANG } = process.env;
    const of = async (time: string) => parse(`192.0.2.1 - - [${time}] "GET / HTTP/1.1" 200 5`);
    Object.assign(process.env, { TZ: "Asia/Tokyo", LANG: "de_DE.UTF-8" });
    try {
      equal((await of("01/Jan/2027:00:30:00 +0100"))["@timestamp"], "2026-12-31T23:30:00.000Z");
      equal((await of("28/Feb/2026:18:30:00 -0800"))["@timestamp"], "2026-03-01T02:30:00.000Z");
      equal((await of("01/Mar/2026:05:30:59 +0530"))["@timestamp"], "2026-03-01T00:00:59.000Z");
    } finally {
      if (TZ === undefined) delete process.env["TZ"];
      else process.env["TZ"] = TZ;
      if (LANG === undefined) delete process.env["LANG"];
      else process.env["LANG"] = LANG;
    }
    for (const time of [
      "31/Feb/2026:00:00:00 +0000",
      "01/Mrz/2026:00:00:00 +0000",
      "01/Mar/2026:24:00:00 +0000",
    ]) {
      const document = await of(time);
      equal(document["@timestamp"], "2026-03-01T12:00:00.000Z");
      equal(document.labels.time, time);
    }
  });

  it("drops CloudFront's headers, uses the order in front of a line, decodes user agents twice [B65]", async () => {
    const header =
      "#Fields: date time sc-status sc-content-len c-ip cs-method cs-uri-stem cs(User-Agent) cs-uri-query\n";
    const text = "2026-03-01\t00:00:01\t200\t-\t2001:db8::7\tGET\t/a\tMozilla/5.0%2520(X11)\tq=1\n";
    const [version, fields, line, other] = await run(
      "access-log",
      "#Version: 1.0\n",
      header,
      `#Version: 1.0\n${header}${text}`,
      text,
    );
    equal(version?.result, "Dropped");
    equal(fields?.result, "Dropped");
    equal(other?.result, "ProcessingFailed", "a header of another record says nothing of this one");
    ok(line && "document" in line);
    equal(line.document["@timestamp"], "2026-03-01T00:00:01.000Z");
    equal(line.document.user_agent.original, "Mozilla/5.0 (X11)");
    deepEqual(line.document.url, { path: "/a", query: "q=1" });
    deepEqual(line.document.aws.cloudfront, {});
  });

  it("fails JSON that is none alone, and reads API Gateway's two forms [B66]", async () => {
    const clf = `192.0.2.3 - - ${at}"GET /a HTTP/1.1" 200 5 abc-123`;
    const [broken, whole, text] = await run(
      "access-log",
      '{"ip":"192.0.2.3","path":"/a","userAgent":"x "y" z","status":"200"}',
      '{"requestId":"r-1","ip":"192.0.2.3","requestTime":"01/Mar/2026:00:00:00 +0000","httpMethod":"GET","path":"/a","status":"200","responseLength":"-","stage":"prod"}',
      clf,
    );
    equal(broken?.result, "ProcessingFailed");
    ok(whole && "document" in whole && text && "document" in text);
    deepEqual(whole.document.http, { request: { method: "GET", id: "r-1" }, response: { status_code: 200 } });
    deepEqual(whole.document.labels, { stage: "prod" });
    equal(whole.document["@timestamp"], "2026-03-01T00:00:00.000Z");
    equal(text.document.http.request.id, "abc-123");
    equal(text.document.http.response.body.bytes, 5);
    equal(text.document.url.path, "/a");
  });

  it("writes what needs escaping as JSON, and bytes that are no UTF-8 as U+FFFD", async () => {
    const line = Buffer.from(
      `192.0.2.1 - - ${at} "GET /\xff\\"x HTTP/1.1" 200 5 "a\\x22b" "say "hi"! \t"`,
      "latin1",
    );
    const document = await documentOf(
      "access-log",
      Buffer.from(line.toString("latin1").replace("\t", ""), "latin1"),
    );
    equal(document.url.path, '/\ufffd"x');
    equal(document.http.request.referrer, 'a"b');
    equal(document.user_agent.original, 'say "hi"! ');
  });
});

/** Lines that have as many fields as a line of some format, and are none. */
describe("processor access-log, of lines that are not what they look like", () => {
  const alb = (fields: string) =>
    `http 2026-11-28T17:00:00.000000Z app/web/1 ${fields} "GET http://a/ HTTP/1.1" "-" - -`;
  const cloudfront = (...fields: string[]) => fields.join("\t");
  const refused: [string, string][] = [
    ["an ALB's line with the client's port apart [C01]", alb("192.0.2.1 80 0.1 0.1 0.1 200 200 1 1")],
    ["an ALB's line whose status is a time [C01]", alb("192.0.2.1:80 - 0.1 0.1 0.1 0.200 - 1 1")],
    ["an ALB's line whose bytes are text [C01]", alb("192.0.2.1:80 - 0.1 0.1 0.1 200 - many 1")],
    [
      "an ALB's line of no calendar's day [C01]",
      alb("192.0.2.1:80 - 0 0 0 200 - 1 1").replace("11-28", "02-30"),
    ],
    [
      "twelve fields behind a time [C01]",
      "2026-11-28T17:00:00Z worker-1 INFO job 4711 took 4.036 s and 12 retries of 30 allowed today",
    ],
    [
      "nine of CloudFront's real-time fields [C02]",
      cloudfront(..."1795885200.9 192.0.2.7 0.3 403 347 GET https a /".split(" ")),
    ],
    ["a table of numbers [C02]", cloudfront(..."1 2 3 4 5 6 7 8 9 10 11 12".split(" "))],
    [
      "a standard line in another order [C02]",
      cloudfront("2026-11-28", "17:00:00", "192.0.2.7", "AMS1-C1", "522", "GET", "a", "/", "200"),
    ],
    [
      "a standard line whose client is a name [C02]",
      cloudfront("2026-11-28", "17:00:00", "AMS1-C1", "522", "shop", "GET", "a", "/", "200"),
    ],
    [
      "an export of another CDN [C02]",
      cloudfront("2026-11-28", "17:00:00", "edge9", "x", "y", "z", "/a", "b", "c"),
    ],
    [
      "a VPC flow log [C04]",
      "2 123456789010 eni-1 10.0.0.1 10.0.0.2 20641 22 6 20 4249 1795885200 1795885260 ACCEPT OK",
    ],
    [
      "Squid's own format [C04]",
      "1795885200.123 109 203.0.113.7 TCP_MISS/200 4532 GET http://example.org/ - DIRECT/192.0.2.1 text/html",
    ],
    ["a log event that quotes a request", 'Nov 28 17:00:00 web1 app: handled "GET / HTTP/1.1" 200 5'],
    ["a client with control characters within [C05]", `192.0.\u00012.1 - - ${at} "GET / HTTP/1.1" 200 5`],
  ];
  for (const [what, line] of refused) {
    it(`fails ${what}`, async () => {
      deepEqual(await run("access-log", line), [{ result: "ProcessingFailed" }]);
    });
  }

  it("reads a line behind the hole that a truncated file leaves [C05]", async () => {
    for (const count of [1, 64, 4096]) {
      const line = `192.0.2.9 - - ${at} "GET /nul HTTP/1.1" 200 5`;
      const document = await parse(`${"\0".repeat(count)}${line}`);
      deepEqual([document.source, document.message], [{ ip: "192.0.2.9" }, line]);
    }
  });

  it("fails two lines behind a header, and a header that the line does not fit", async () => {
    const line = "2026-03-01\t00:00:01\t200\t192.0.2.7";
    const fields = "#Fields: date time sc-status c-ip";
    const results = (
      await run(
        "access-log",
        `${fields}\n${line}`,
        `${fields}\n${line}\n${line}`,
        `#Fields: date time c-ip sc-status\n${line}`,
        `${fields} cs-method\n${line}`,
      )
    ).map(({ result }) => result);
    deepEqual(results, ["Ok", "ProcessingFailed", "ProcessingFailed", "ProcessingFailed"]);
  });

  it("takes the order of CloudFront's fields from the setting", async () => {
    process.env["ACCESS_LOG_FIELDS"] = '["timestamp","c-ip","sc-status","cs-method","cs-uri-stem"]';
    try {
      const handler = await coldStart("access-log");
      const lines = ["1795885200.5\t192.0.2.7\t403\tGET\t/a", "192.0.2.7\t1795885200.5\t403\tGET\t/a"];
      const [line, other] = read(await handler(eventOf(lines)));
      ok(line && "document" in line);
      deepEqual(
        [line.document["@timestamp"], line.document.source, line.document.http.response, line.document.url],
        ["2026-11-28T17:00:00.500Z", { ip: "192.0.2.7" }, { status_code: 403 }, { path: "/a" }],
      );
      equal(other?.result, "ProcessingFailed");
    } finally {
      delete process.env["ACCESS_LOG_FIELDS"];
    }
  });

  it("reads the messages behind cloudwatch-logs; another line stays what it was", async () => {
    const payload = (message: string) =>
      JSON.stringify({
        messageType: "DATA_MESSAGE",
        owner: "111122223333",
        logGroup: "api",
        logStream: "s",
        logEvents: [{ id: "e1", timestamp: 1_772_323_200_000, message }],
      });
    const text = `192.0.2.3 - - ${at}"GET /a HTTP/1.1" 200 5 abc-123`;
    const json = '{"requestId":"abc-123","ip":"192.0.2.3","httpMethod":"GET","path":"/a","status":"200"}';
    for (const [message, dataset] of [
      [text, "web"],
      [json, "json"],
    ] as const) {
      const document = await documentOf("cloudwatch-logs,access-log", payload(message));
      deepEqual([document.source, document.event], [{ ip: "192.0.2.3" }, { dataset, id: "e1" }]);
      deepEqual([document.url, document.http.request.id], [{ path: "/a" }, "abc-123"]);
      deepEqual([document.cloud.account.id, document.aws.cloudwatch.log_group], ["111122223333", "api"]);
      deepEqual([document.message, document.json], [message, undefined]);
    }
    const other = await documentOf(
      "cloudwatch-logs,access-log",
      payload("Task timed out after 3.00 seconds"),
    );
    equal(other.event.dataset, "cloudwatch-logs");
  });

  it("keeps a value that is none of its field as a label", async () => {
    const document = await parse('{"ip":"192.0.2.3","status":"unknown","responseLength":"many"}');
    deepEqual([document.http, document.labels], [undefined, { status: "unknown", responseLength: "many" }]);
  });
});
