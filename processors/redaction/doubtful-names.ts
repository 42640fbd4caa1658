/** Names that mean a secret or something else: `pass=hunter2` and `pass=14`, `pin=4711` and `pin=17`, `salt=added`. */

import { createRemembered } from "./remembered";

/**
 * `word`: any text that is no number and no yes or no. `number`: four to eight digits. `key`: letters and digits
 * together. `random`: the same, behind a colon in a text too. `code`: sixteen of them, in a query alone. `session`: as
 * `key`, and a field has a hash in its place. `""`: no such name.
 */
export type Doubt = "" | "word" | "number" | "key" | "random" | "code" | "session";

/** They go with the names that are dropped: those of passwords with `password`, those of sessions with `cookie`. */
export function createDoubt(exact: Readonly<Record<string, boolean>>, words: (name: string) => string[]) {
  const digits = /\d+$/;
  const number = /\.?\b\d+$|(?<=salt|nonce|sig)\d+$/;
  const pins = /^(?:card|user|sim|account|customer|login|unlock|new|old|security)?pin$/;
  const passes = /^(?:my|new|old|current|confirm|repeat|the|proxy)?pass(?:w|wort)?$/;
  const keys = /(?:^|\.)(?:auth|bearer)$/;
  const randoms = /(?:^|\.)(?:salt|c?nonce|hmac|sig|signature|key\.data|auth(?:orization)?\.code)$/;
  const codes = /^(?:code|key)$/;
  const sessions = /(?:^|[a-z]{2}\.)(?:asp\.net\.)?(?:sid|sessid|session|sessionid|session\.id)$/;
  // Oracle's databases, the rules of Suricata and Windows' accounts have such a number too.
  const others = /(?:^|\.)(?:oracle|db|rule|gid|alert|windows|user)\.sid$/;
  const maxName = 40;
  return createRemembered((name: string): Doubt => {
    if (name.length > maxName) return "";
    const all = words(name);
    const whole = all.join("").replace(digits, "");
    if (exact["password"] === true) {
      if (passes.test(whole)) return "word";
      if (pins.test(whole)) return "number";
      if (codes.test(whole)) return "code";
      // `X-Hub-Signature-256`
      const dotted = all.join(".").replace(number, "");
      if (keys.test(dotted)) return "key";
      if (randoms.test(dotted)) return "random";
    }
    const dotted = all.join(".");
    return exact["cookie"] === true && sessions.test(dotted) && !others.test(dotted) ? "session" : "";
  });
}

/** `PWD=/srv/app` of shells and sudo is where they are. */
export function createIsFolder() {
  const shells = /^(?:old)?pwd$/i;
  const folder = /^(?:~[\w.-]*)?(?:\/[\w.@ -]*)+$|^~$|^[a-z]:[\\/][\w.@ \\/-]*$/i;
  return (name: string, value: unknown): boolean =>
    shells.test(name) && typeof value === "string" && folder.test(value);
}

/** What stands behind a secret's name and is none: a folder, `Authorization: none`, `token: expired`, `cookies: accepted`. */
export function createIsHarmless() {
  const isFolder = createIsFolder();
  const absent =
    /^(?:none|null|nil|undefined|n\/a|unset|absent|missing|required|optional|empty|disabled|enabled|true|false|yes|no)[.,;!]?$/i;
  // `password=changed` may be one; who says so of one writes a colon.
  const state =
    /^(?:(?:in)?valid|expired|revoked|rotated|refreshed|renewed|issued|generated|changed|updated|removed|deleted|created|incorrect|mismatch|unknown|unchanged|failed|verified|found|sent|present)[.,;!]?$/i;
  const cookies = /cookies?$/i;
  const choice =
    /^(?:accepted|accept|rejected|declined|denied|allowed|blocked|refused|dismissed|cleared|all|necessary|essential)[.,;!]?$/i;
  return (name: string, value: string, isColon: boolean): boolean =>
    isFolder(name, value) ||
    absent.test(value) ||
    (isColon && state.test(value)) ||
    (cookies.test(name) && choice.test(value));
}

/** Whether a value looks like the secret that a name in doubt may mean. */
export function createLooksSecret() {
  const plain =
    /^(?:[-+]?[\d.,]+%?|true|false|yes|no|ok|on|off|none|null|nil|undefined|all|any|pass(?:ed)?|fail(?:ed)?|skip(?:ped)?|first|second|third|last|final|required|optional|disabled|enabled)$/i;
  const address = /^(?:\w+:\/\/|unix:)/;
  const number = /^\d{4,8}$/;
  // Neither an account of Windows nor what Twilio calls a SID.
  const key = /^(?=[^\d]*\d)(?=[^A-Za-z]*[A-Za-z])(?!s-1-)(?![A-Z]{2}[0-9a-f]{32}$)[\w.~%+/:=-]{8,}$/i;
  const random = /^(?=[^\d]*\d)(?=[^A-Za-z]*[A-Za-z])[\w+/%=,~-]{8,}$/;
  // `jane:…` in base64, as files with registries' credentials have it.
  const encoded = /^[\w+/]{8,}={0,2}$/;
  const pair = /^[\x21-\x7e]+:[\x20-\x7e]+$/;
  const from = Buffer.from.bind(Buffer) as (text: string, encoding: "base64") => Buffer;
  const isPair = (value: string): boolean =>
    encoded.test(value) && pair.test(from(value, "base64").toString("latin1"));
  const method = /^(?:rsa|ecdsa|ed\d|dsa|md5|sha\d|hmac|aws\d|[rhep]s\d{3}|v\d)[\w-]{0,32}$/i;
  const code = /^(?=[^\d]*\d)(?=[^A-Za-z]*[A-Za-z])[\w~%.-]{16,}$/;
  return (doubt: Doubt, value: string): boolean => {
    if (doubt === "word") return value.length >= 4 && !plain.test(value) && !address.test(value);
    if (doubt === "random") return random.test(value) && !method.test(value);
    if (doubt === "code") return code.test(value);
    if (doubt === "number") return number.test(value);
    return key.test(value) || (doubt === "key" && isPair(value));
  };
}

/** The same for a name and its value in a text, where words come in front of colons. */
export function createIsSaidSecret(doubtOf: (name: string) => Doubt) {
  const looksSecret = createLooksSecret();
  const mixed = /^(?=[^\d]*\d)(?=[^A-Za-z]*[A-Za-z]).{6,}$/;
  const capitals = /^[A-Z]+$/;
  return (name: string, value: string, isColon: boolean, isField: boolean): boolean => {
    const doubt = doubtOf(name);
    if (doubt === "" || !looksSecret(doubt, value)) return false;
    if (doubt === "code") return isField && !isColon;
    if (!isColon || doubt === "number" || doubt === "random") return true;
    // `first pass: inlining`, `PASS: TestLogin2`, `session: ab12cd34`.
    if (doubt !== "word") return isField && doubt === "session";
    return !capitals.test(name) && (isField || mixed.test(value));
  };
}
