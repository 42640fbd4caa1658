/** Names that mean a secret or something else: `pass=hunter2` and `pass=14`, `pin=4711` and `pin=17`, `session=opened`. */

import { createRemembered } from "./remembered";

/**
 * `word`: any text that is no number and no yes or no. `number`: four to eight digits. `key`: letters and digits
 * together. `session`: the same, in a text alone. `""`: no such name.
 */
export type Doubt = "" | "word" | "number" | "key" | "session";

/** They go with the names that are dropped: those of passwords with `password`, those of sessions with `cookie`. */
export function createDoubt(exact: Readonly<Record<string, boolean>>, words: (name: string) => string[]) {
  const digits = /\d+$/;
  const pins = /^(?:card|user|sim|account|customer|login|unlock|new|old|security)?pin$/;
  const passes = /^(?:my|new|old|current|confirm|repeat|the)?pass(?:w|wort)?$/;
  const keys = /^(?:auth|bearer)$/;
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
      if (keys.test(whole)) return "key";
    }
    const dotted = all.join(".");
    return exact["cookie"] === true && sessions.test(dotted) && !others.test(dotted) ? "session" : "";
  });
}

/** Whether a value looks like the secret that a name in doubt may mean. */
export function createLooksSecret() {
  const plain =
    /^(?:[-+]?[\d.,]+%?|true|false|yes|no|ok|on|off|none|null|nil|undefined|all|any|pass(?:ed)?|fail(?:ed)?|skip(?:ped)?|first|second|third|last|final|required|optional|disabled|enabled)$/i;
  const number = /^\d{4,8}$/;
  const key = /^(?=[^\d]*\d)(?=[^A-Za-z]*[A-Za-z])(?!s-1-)[\w.~%+/:=-]{8,}$/i;
  return (doubt: Doubt, value: string): boolean => {
    if (doubt === "word") return value.length >= 4 && !plain.test(value);
    return (doubt === "number" ? number : key).test(value);
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
    if (!isColon || doubt === "number") return true;
    // `first pass: inlining`, `PASS: TestLogin2`, `session: ab12cd34`.
    return doubt === "word" && !capitals.test(name) && (isField || mixed.test(value));
  };
}
