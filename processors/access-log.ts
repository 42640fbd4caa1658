/**
 * Access logs of web servers, proxies, load balancers, CloudFront, S3 and API Gateway: each line recognised by
 * itself, all of them one shape. docs/processors.md lists the fields with their units.
 */
import type { JsonObject } from "./json/json-object";
import type { Access } from "./log-lines/access";
import { createAlbFormat } from "./log-lines/alb";
import { createByWriter } from "./log-lines/by-writer";
import { createCarried, createOver } from "./log-lines/carried";
import { createCloudfrontFormat } from "./log-lines/cloudfront";
import { createConnectionFormat, createNlbFormat } from "./log-lines/connections";
import { createDocument } from "./log-lines/document";
import { createEnvoyFormat } from "./log-lines/envoy";
import { createHaproxyFormat } from "./log-lines/haproxy";
import { createHeaderLines } from "./log-lines/header-lines";
import { createNamed } from "./log-lines/named";
import { createS3Format } from "./log-lines/s3";
import { createShipped } from "./log-lines/shipped";
import { createReaders } from "./log-lines/values";
import { createWebFormat } from "./log-lines/web";
import { createPacked } from "./packed";
import type { Outcome, ProcessorFactory } from "./processor";

export const accessLog: ProcessorFactory = () => {
  const read = createRead();
  const document = createDocument();
  const lineOf = createHeaderLines();
  const carried = createCarried();
  const over = createOver();
  const shipped = createShipped(["log", "message", "MESSAGE", "msg"]);
  const { parse, stringify } = JSON;
  const dropped: Outcome = { result: "Dropped" };
  const { failed } = createPacked();
  const none: readonly string[] = [];
  const written = (access: Access, around: JsonObject | null): Outcome => {
    const text = document(access);
    return { result: "Ok", text: around ? stringify(over(around, parse(text) as JsonObject)) : text };
  };
  const readShipped = (text: string): ReturnType<typeof read> | null => {
    const only = lineOf(text);
    return only === null || typeof only === "string" ? only : read(only.line, only.names);
  };
  return (record) => {
    let line = record.text();
    let names = none;
    if (line.charCodeAt(0) === 0xfeff) line = line.slice(1);
    // The hole that a truncated file leaves in front of its next line.
    if (line.charCodeAt(0) === 0) line = line.replace(/^\0+/, "");
    if (line.charCodeAt(0) === 35 || line.includes("\n") || line.includes("\r")) {
      const only = lineOf(line);
      if (only === null) return dropped;
      if (typeof only === "string") return failed(line, only);
      line = only.line;
      names = only.names;
    }
    // API Gateway and CloudFront log into CloudWatch too.
    const { line: inner, around } = line.charCodeAt(0) === 123 ? carried(line) : { line, around: null };
    const access = read(inner, names);
    if (typeof access !== "string") return written(access, around);
    // A log group may hold other lines as well: those stay what CloudWatch's processor made of them.
    if (around) return { result: "Ok", text: line };
    const sent = line.charCodeAt(0) === 123 ? shipped(line, record.approximateArrivalTimestamp) : null;
    const within = sent ? readShipped(sent.line) : access;
    if (within === null) return dropped;
    if (typeof within === "string") return failed(line, within);
    return written(within, sent!.around);
  };
};

/** Chooses the format by how a line begins. Where that one is not believed the web servers' is tried as well. */
function createRead() {
  const web = createWebFormat();
  const alb = createAlbFormat();
  const nlb = createNlbFormat();
  const connection = createConnectionFormat();
  const envoy = createEnvoyFormat();
  const haproxy = createHaproxyFormat();
  const s3 = createS3Format();
  const named = createNamed();
  const cloudfront = createCloudfrontFormat(named);
  const json = createJsonFormat(named);
  const albType = /^(?:https?|h2|grpcs?|wss?) \d{4}-\d\d-\d\dT/;
  const nlbType = /^tls \d\.\d \d{4}-\d\d-\d\dT/;
  const isoStart = /^\d{4}-\d\d-\d\dT\S+ /;
  const s3Rest = /\] \S+ \S+ \S+ [A-Z][A-Z0-9]*\./;
  /** What syslog, a container's log or a time in front puts before the line. */
  const prefix =
    /^(?:<\d{1,3}>1 \S{20,40} \S{1,255} \S{1,64} \S{1,128} \S{1,32} (?:-|\[[^\]"]{1,255}\]) |(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S{1,40}) [\w.:-]{1,255} [\w./-]{1,64}(?:\[\d{1,10}\])?: |\d{4}-\d\d-\d\dT\S{1,40} (?:std(?:out|err) [FP] )?)/;
  const haproxyTime = /:\d{1,5} \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d\.\d{3}\] /;
  const { isoTime } = createReaders();
  const readWeb = (line: string): ReturnType<typeof web> => {
    const first = line.charCodeAt(0);
    // `<`, a year, or the name of a month.
    const isLikely = first === 60 || first === 50 || (first > 64 && first < 91);
    const before = isLikely ? (prefix.exec(line)?.[0] ?? "") : "";
    const access = web(line, before.length);
    if (before !== "" && typeof access !== "string" && access.timestamp === "" && access.oddTime === "")
      access.timestamp = isoTime(before.split(" ", 1)[0]);
    return access;
  };
  const orWeb = (line: string, access: ReturnType<typeof web>): ReturnType<typeof web> => {
    if (typeof access !== "string") return access;
    const other = readWeb(line);
    return typeof other === "string" ? access : other;
  };
  return (line: string, names: readonly string[]): ReturnType<typeof web> => {
    const first = line.charCodeAt(0);
    if (first === 123) return json(line);
    if (line.includes("\t")) return orWeb(line, cloudfront(line, names));
    if (first === 91) return orWeb(line, envoy(line));
    if (first >= 103 && first <= 119) {
      if (albType.test(line)) return alb(line, true);
      if (nlbType.test(line)) return nlb(line);
    }
    if (first === 50 && isoStart.test(line)) {
      const elb = alb(line, false);
      const other = typeof elb === "string" ? connection(line) : elb;
      if (typeof other !== "string") return other;
    }
    const third = line.indexOf(" ", line.indexOf(" ") + 1) + 1;
    if (line.charCodeAt(third) === 91 && s3Rest.test(line)) return s3(line);
    const access = readWeb(line);
    // HAProxy's time has milliseconds, which is none of a web server's.
    if (typeof access !== "string" && access.oddTime === "") return access;
    const other = haproxyTime.test(line) ? haproxy(line) : access;
    return typeof other === "string" ? access : other;
  };
}

/** A JSON object per line, as API Gateway, nginx, CloudFront and load balancers write it. */
function createJsonFormat(named: ReturnType<typeof createNamed>) {
  const { parse } = JSON;
  const byWriter = createByWriter();
  return (line: string) => {
    try {
      const values = parse(line) as JsonObject;
      return named(line, "x-edge-location" in values, byWriter(values));
    } catch {
      return "no valid JSON";
    }
  };
}
