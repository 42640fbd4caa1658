import { equal } from "node:assert/strict";
import fc from "fast-check";
import {
  createDoubt,
  createIsFolder,
  createIsSaidSecret,
  createLooksSecret,
  type Doubt,
} from "../../../processors/redaction/doubtful-names";
import { createWords } from "../../../processors/redaction/words";
import { numRuns } from "../../property-runs";

const all = { password: true, cookie: true };
const doubtOf = createDoubt(all, createWords());

describe("names that mean a secret or something else", () => {
  const names: readonly [Doubt, string][] = [
    ["word", "pass Pass PASS pass1 new_pass passwort"],
    ["number", "pin PIN user_pin cardPin"],
    ["key", "auth bearer http.auth"],
    [
      "random",
      "salt password_salt nonce cnonce hmac sig signature X-Hub-Signature-256 client-key-data auth_code",
    ],
    ["code", "code key"],
    ["session", "sid session session_id sessionId connect.sid ASP.NET_SessionId"],
    ["", "passport bypass compass passed passes spin pins shipping pin_count opinion author authority"],
    [
      "",
      "saltlake nonces signatures signature_version hmac_sha256 status_code error_code sort_key cache_key",
    ],
    ["", "asid inside sidebar sessions session_timeout ORACLE_SID rule.sid two_pass"],
  ];
  for (const [doubt, list] of names) {
    for (const name of list.split(" ")) {
      it(`${name} is ${doubt === "" ? "none" : `a ${doubt}`}`, () => equal(doubtOf(name), doubt));
    }
  }

  it("mean none where the configured fields do not", () => {
    const none = createDoubt({}, createWords());
    for (const name of ["pass", "pin", "auth", "sid", "session"]) equal(none(name), "");
  });

  it("never hide a count, a yes or a no, or a name with other letters around it", () => {
    const isSaid = createIsSaidSecret(doubtOf);
    const counts = fc.oneof(
      fc.integer().map(String),
      fc.float({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.boolean().map(String),
    );
    const letters = fc.stringMatching(/^[a-v]{1,8}$/);
    fc.assert(
      fc.property(counts, fc.boolean(), fc.boolean(), (value, isColon, isField) => {
        for (const name of ["pass", "auth", "sid", "session"]) {
          if (!/e/.test(value)) equal(isSaid(name, value, isColon, isField), false, `${name} ${value}`);
        }
      }),
      numRuns(800),
    );
    fc.assert(
      fc.property(fc.constantFrom("pass", "pin", "auth", "sid"), letters, letters, (name, before, behind) => {
        equal(doubtOf(before + name + behind), "");
      }),
      numRuns(800),
    );
  });

  it("hide each value of eight letters and digits, with an equals sign in front", () => {
    const isSaid = createIsSaidSecret(doubtOf);
    const secret = fc.stringMatching(/^[A-Za-z]\d[A-Za-z0-9]{6,20}$/);
    fc.assert(
      fc.property(secret, fc.constantFrom("pass", "auth", "sid", "session_id"), (value, name) => {
        equal(isSaid(name, value, false, false), true);
      }),
      numRuns(800),
    );
  });

  it("leave methods of signing, addresses and folders", () => {
    const looksSecret = createLooksSecret();
    for (const value of [
      "SHA256withRSA",
      "hmac-sha2-256",
      "ed25519",
      "rs256",
      "v4",
      "ET SCAN 2",
      "Win.Agent-17",
    ])
      equal(looksSecret("random", value), false, value);
    for (const value of ["http://web1:80/v2", "unix:/run/app1.sock"])
      equal(looksSecret("word", value), false, value);
    const isFolder = createIsFolder();
    for (const value of ["/srv/app2", "~", "~/src", "~jane/src", "C:\\work"])
      equal(isFolder("PWD", value), true, value);
    for (const value of ["~hunter2!", "~ hunter2", "c:/hunter2!"])
      equal(isFolder("PWD", value), false, value);
    for (const [name, value] of [
      ["PWD", "hunter2"],
      ["db_pwd", "/srv/app2"],
    ] as const)
      equal(isFolder(name, value), false, name);
  });

  it("tell a number of four to eight digits from a pin of a board", () => {
    const looksSecret = createLooksSecret();
    for (const value of ["4711", "123456", "12345678"]) equal(looksSecret("number", value), true);
    for (const value of ["17", "123", "123456789", "4.71", "high"])
      equal(looksSecret("number", value), false);
  });
});
