import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { usualFields } from "../../processors/redaction/configuration";
import { coldStart, eventOf, run, withoutArrival } from "./emitted";

const textOf = async (chain: string, record: string | Buffer) => {
  const handler = await coldStart(chain);
  const { records } = await handler(eventOf([record]));
  return withoutArrival(Buffer.from(records[0]?.data ?? "", "base64").toString("utf8"));
};
const documentOf = async (chain: string, record: string | Buffer) => JSON.parse(await textOf(chain, record));

describe("processor redact", () => {
  const withEnvironment = async (variables: Record<string, string>, test: () => Promise<void>) => {
    Object.assign(process.env, variables);
    try {
      await test();
    } finally {
      for (const name of Object.keys(variables)) delete process.env[name];
    }
  };

  it("drops fields by name wherever they are", async () => {
    deepEqual(await documentOf("redact", '{"user":"jane","Password":"x","in":[{"token":"t","a":1}]}'), {
      user: "jane",
      in: [{ a: 1 }],
    });
  });

  it("masks e-mail addresses, cards and keys, also escaped or as numbers", async () => {
    deepEqual(
      await documentOf(
        "redact",
        '{"a":"from jane\\u0040example.org","b":"4111 1111 1111 1111","c":4111111111111111,"d":"AKIAIOSFODNN7EXAMPLE","e":"4111111111111112","f":12345678901234}',
      ),
      { a: "from [email]", b: "[card]", c: 0, d: "[key]", e: "4111111111111112", f: 12345678901234 },
    );
  });

  const cards = {
    "Visa, 13 digits": "4222222222222",
    Visa: "4111 1111 1111 1111",
    Mastercard: "5555-5555-5555-4444",
    "Mastercard from 2": "2223003122003222",
    "American Express": "378282246310005",
    "Diners Club": "30569309025904",
    Discover: "6011111111111117",
    JCB: "3530111333300000",
    UnionPay: "6200000000000005",
  };
  for (const [name, digits] of Object.entries(cards)) {
    it(`masks the test number of ${name}`, async () => {
      deepEqual(await documentOf("redact", `{"a":"paid with ${digits}."}`), { a: "paid with [card]." });
    });
  }

  it("masks a card's number beside other numbers, and leaves those", async () => {
    for (const [text, masked] of [
      ["4111 1111 1111 1111 12/27 123", "[card] 12/27 123"],
      ["order 77 4111-1111-1111-1111 5", "order 77 [card] 5"],
      ["3782 822463 10005 1234", "[card] 1234"],
      ["4111111111111111 5555555555554444", "[card] [card]"],
      ["200 4512 33 120 0 12345 17", "200 4512 33 120 0 12345 17"],
      ["41111111111111111111111111", "41111111111111111111111111"],
    ]) {
      equal((await documentOf("redact", JSON.stringify({ text }))).text, masked);
    }
  });

  it("leaves every time in milliseconds, microseconds and nanoseconds a number", async () => {
    for (let i = 0; i < 50; i++) {
      const text = `{"ms":${1_772_323_200_000 + i},"us":${1_772_323_200_000_000 + i},"ns":17723232000000000${10 + i}}`;
      equal(await textOf("redact", text), text);
    }
  });

  it("keeps every digit of what it leaves [B42]", async () => {
    equal(await textOf("redact", '{"id":9007199254740993,"x":1.50}'), '{"id":9007199254740993,"x":1.50}');
  });

  it("drops fields of JSON that is text in a field, at any level", async () => {
    const inner = JSON.stringify({
      Password: "hunter2",
      a: 1,
      in: JSON.stringify([{ token: "hunter2", b: 2 }]),
    });
    const document = await documentOf("redact", JSON.stringify({ message: inner, same: '{ "a": 1.0 }' }));
    deepEqual(JSON.parse(document.message), { a: 1, in: '[{"b":2}]' });
    equal(document.same, '{ "a": 1.0 }');
  });

  it("masks behind the names in text that is no JSON, or is cut off", async () => {
    for (const [text, masked] of [
      ["login password=hunter2&x=1", "login password=[redacted]&x=1"],
      ["password: hunter2, x: 1", "password: [redacted], x: 1"],
      ["got authorization: Basic aHVudGVyMg== x", "got authorization: [redacted] x"],
      ['{"password":"hunter2 and","x":', '{"password":"[redacted]","x":'],
      ['{"m":"{\\"password\\":\\"hunter2 and\\",\\"x\\":', '{"m":"{\\"password\\":\\"[redacted]\\",\\"x\\":'],
      ["?password= HTTP/1.1", "?password= HTTP/1.1"],
      ["passwords=1 secretary: x", "passwords=1 secretary: x"],
    ]) {
      equal((await documentOf("redact", JSON.stringify({ text }))).text, masked);
    }
  });

  it("masks a long value whole where a name in doubt means it", async () => {
    const text = `GET /?code=${"a1b2".repeat(200)}&x=1 HTTP/1.1`;
    equal((await documentOf("redact", JSON.stringify({ text }))).text, "GET /?code=[redacted]&x=1 HTTP/1.1");
  });

  it("drops a name below any path, and a name with a dot below its parent alone", async () => {
    await withEnvironment({ REDACT_FIELDS: '["pin","user.email"]' }, async () => {
      equal(
        await textOf(
          "redact",
          '{"a.pin":1,"json":{"User":{"email":"x","id":1},"email":"y"},"user.email":"z","superuser":{"email":"k"},"pins":2}',
        ),
        '{"json":{"User":{"id":1},"email":"y"},"superuser":{"email":"k"},"pins":2}',
      );
    });
  });

  it("puts a hash in a session's place, the same for the same one, so that sessions can be counted", async () => {
    const sessionsOf = async (record: object) =>
      JSON.stringify(await documentOf("redact", JSON.stringify(record))).match(/\[session [0-9a-f]{16}\]/g);
    const [hash] = (await sessionsOf({ session: "0f3a9c77b1e2d4" }))!;
    deepEqual(await sessionsOf({ page: { sessionId: "0f3a9c77b1e2d4" }, sid: "tr0ub4dor_3xK" }), [
      hash,
      (await sessionsOf({ session: { id: "tr0ub4dor_3xK" } }))![0],
    ]);
    equal(await sessionsOf({ session: "active", sid: 2000537, session_id: "s-17" }), null);
  });

  it("reads a list of a command's arguments as the line that they are", async () => {
    for (const [list, left] of [
      [
        ["mysql", "-uroot", "-phunter2", "a b"],
        ["mysql", "-uroot", "-p[key]", "a b"],
      ],
      [
        ["curl", "-u", "jane:it's secret", "https://example.org"],
        ["curl", "-u", "jane:[key]", "https://example.org"],
      ],
      [
        ["ssh", "-p", "2222", "web1"],
        ["ssh", "-p", "2222", "web1"],
      ],
      [
        ["tar", "-czf", "a b.tgz", 'say "x"', 7],
        ["tar", "-czf", "a b.tgz", 'say "x"', 7],
      ],
    ] as const) {
      deepEqual((await documentOf("redact", JSON.stringify({ list }))).list, left);
    }
  });

  for (const chain of ["cloudwatch-logs,redact", "cloudtrail,redact"]) {
    it(`leaves no secret in any part of the documents of ${chain}`, async () => {
      const detail = { password: "hunter2", note: "from jane@example.org", kept: "kept" };
      const event = { eventName: "CreateUser", eventSource: "iam.amazonaws.com", requestParameters: detail };
      const message = JSON.stringify(chain.startsWith("cloudtrail") ? event : detail);
      const payload = { messageType: "DATA_MESSAGE", logEvents: [{ id: "1", timestamp: 1, message }] };
      const text = JSON.stringify(await documentOf(chain, gzipSync(JSON.stringify(payload))));
      ok(text.includes("kept"));
      ok(!/hunter2|jane@example/.test(text), text);
    });
  }

  it("cuts what is deeper than 100 levels, as nothing that deep can be shown", async () => {
    const record = `${'{"a":'.repeat(150)}"secret"${"}".repeat(150)}`;
    const text = await textOf("redact", record);
    equal(text, `${'{"a":'.repeat(100)}"[too deep]"${"}".repeat(100)}`);
  });

  it("reads an object behind a byte order mark, and a list", async () => {
    equal(await textOf("redact", '\ufeff{"token":"t","a":1}'), '{"a":1}');
    deepEqual((await documentOf("redact", '{"in":"[{\\"token\\":\\"t\\",\\"a\\":1}]"}')).in, '[{"a":1}]');
  });

  it("runs in front of another processor", async () => {
    const line =
      '192.0.2.1 - jane@example.org [01/Mar/2026:00:00:00 +0000] "GET /?token=abc&q=1 HTTP/1.1" 200 5 "-" "x"';
    const document = await documentOf("redact,access-log", line);
    equal(document.user.name, "[email]");
    equal(document.url.query, "token=[redacted]&q=1");
    ok(!JSON.stringify(document).includes("abc"));
  });

  it("runs behind another processor", async () => {
    const document = await documentOf("json-events,redact", '{"ts":1772323200,"mail":"jane@example.org"}');
    deepEqual(document, { "@timestamp": "2026-03-01T00:00:00.000Z", ts: "1772323200", mail: "[email]" });
  });

  it("fails what it cannot read, instead of letting it through", async () => {
    deepEqual(await run("redact", gzipSync("jane@example.org")), [{ result: "ProcessingFailed" }]);
  });

  it("is configured by the function's environment", async () => {
    await withEnvironment({ REDACT_FIELDS: '["user.name"]', REDACT_PATTERNS: '["card"]' }, async () => {
      equal(
        await textOf("redact", '{"user":{"name":"jane","id":1},"name":"a@example.org","password":"p"}'),
        '{"user":{"id":1},"name":"a@example.org","password":"p"}',
      );
      const line = '192.0.2.1 - - - "GET /?token=abc&user.name=jane HTTP/1.1" 200 5';
      match(await textOf("redact,access-log", line), /"query":"token=abc&user\.name=\[redacted\]"/);
    });
  });

  it("drops no field where the list is empty, and still masks", async () => {
    await withEnvironment({ REDACT_FIELDS: "[]" }, async () => {
      equal(await textOf("redact", '{"token":"a@example.org"}'), '{"token":"[email]"}');
      const line = '192.0.2.1 - - - "GET /?token=a@example.org&q=1 HTTP/1.1" 200 5';
      match(await textOf("redact,access-log", line), /"query":"token=\[email\]&q=1"/);
    });
  });

  it("drops all usual fields where nothing is configured", async () => {
    const fields = Object.fromEntries(usualFields.map((name) => [name, "x"]));
    deepEqual(await documentOf("redact", JSON.stringify({ ...fields, kept: 1 })), { kept: 1 });
  });

  for (const list of ["password", '{"a":1}', "[1]"]) {
    it(`does not start with ${list} for a list, instead of letting everything through`, async () => {
      await withEnvironment({ REDACT_FIELDS: list }, async () => {
        await rejects(() => coldStart("redact"), /REDACT_FIELDS is no JSON list of texts/);
      });
    });
  }
});
