/** Where a line comes from, as syslog's headers and PostgreSQL's prefix on RDS say it. */
import { isIP } from "node:net";
import type { JsonObject } from "../json/json-object";
import { createLevelName } from "./level";

export interface Origin {
  readonly fields: JsonObject;
  /** The level that the header says, `""` for none. */
  readonly level: string;
}

/**
 * @see https://www.rfc-editor.org/rfc/rfc5424 and 3164
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.html
 */
export function createOrigin() {
  const levelName = createLevelName();
  const severities = "emerg alert crit err warning notice info debug".split(" ");
  const newSyslog = /^<(\d{1,3})>1 \S{1,64} (\S{1,255}) (\S{1,48}) (\S{1,128}) \S{1,32} /;
  const oldSyslog =
    /^(?:<(\d{1,3})>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d)) ([\w.:-]{1,255}) ([\w./@-]{1,64})(?:\[(\d{1,10})\])?: /;
  const postgres =
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \w{1,5}:([\da-fA-F.:]{2,45})?(?:\((\d{1,5})\))?:([^@\s:]{0,63})@([^:\s]{0,63}):\[(\d{1,10})\]:([A-Z]{3,9}\d?):/;
  const ipVersion = isIP;
  const none: Origin = { fields: {}, level: "" };
  const process = (name: string, pid: string | undefined): JsonObject => ({
    name,
    ...(pid && /^\d+$/.test(pid) && { pid: +pid }),
  });
  const known = (text: string | undefined): boolean => !!text && text !== "-";
  return (head: string): Origin => {
    const found = newSyslog.exec(head) ?? oldSyslog.exec(head);
    if (found !== null) {
      const [, priority, host, name, pid] = found;
      const fields: JsonObject = {};
      if (known(host)) fields["host"] = { name: host };
      if (known(name)) fields["process"] = process(name!, pid);
      const isPriority = !!priority && +priority < 192;
      return { fields, level: isPriority ? levelName(severities[+priority % 8]!) : "" };
    }
    const session = postgres.exec(head);
    if (session === null) return none;
    const [, address = "", port, user, database, pid, word] = session;
    const fields: JsonObject = { process: process("postgres", pid) };
    if (ipVersion(address) !== 0) fields["source"] = { ip: address, ...(port && { port: +port }) };
    if (known(user) && user !== "[unknown]") fields["user"] = { name: user };
    if (known(database) && database !== "[unknown]") fields["postgresql"] = { database };
    return { fields, level: levelName(word!) };
  };
}
