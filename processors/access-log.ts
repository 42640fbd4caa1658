/**
 * Access logs of web servers, load balancers, CloudFront, S3 and API Gateway: each line recognised by itself,
 * all of them one shape. docs/processors.md lists the fields with their units.
 */
import { createAlbFormat } from "./log-lines/alb";
import { createCloudfrontFormat } from "./log-lines/cloudfront";
import { createDocument } from "./log-lines/document";
import { createNamed } from "./log-lines/named";
import { createS3Format } from "./log-lines/s3";
import { createWebFormat } from "./log-lines/web";
import type { Outcome, ProcessorFactory } from "./processor";

export const accessLog: ProcessorFactory = () => {
  const web = createWebFormat();
  const alb = createAlbFormat();
  const s3 = createS3Format();
  const named = createNamed();
  const cloudfront = createCloudfrontFormat(named);
  const document = createDocument();
  const json = createJsonFormat(named);
  const albType = /^(?:https?|h2|grpcs?|wss?) \d{4}-\d\d-\d\dT/;
  const elbStart = /^\d{4}-\d\d-\d\dT\S+ \S/;
  const s3Rest = /\] \S+ \S+ \S+ [A-Z][A-Z0-9]*\./;
  const read = (line: string) => {
    const first = line.charCodeAt(0);
    if (first === 123) return json(line);
    if (first === 35 || line.includes("\t")) return cloudfront(line);
    if (first >= 103 && first <= 119 && albType.test(line)) return alb(line, true);
    if (first === 50 && elbStart.test(line)) return alb(line, false);
    const third = line.indexOf(" ", line.indexOf(" ") + 1) + 1;
    if (line.charCodeAt(third) === 91 && s3Rest.test(line)) return s3(line);
    return web(line);
  };
  const dropped: Outcome = { result: "Dropped" };
  return (record) => {
    let line = record.text();
    if (line.charCodeAt(0) === 0xfeff) line = line.slice(1);
    if (line.includes("\n") || line.includes("\r"))
      return { result: "ProcessingFailed", reason: "more than one line" };
    const access = read(line);
    if (access === null) return dropped;
    if (typeof access === "string") return { result: "ProcessingFailed", reason: access };
    return { result: "Ok", text: document(access) };
  };
};

/** A JSON object per line, as API Gateway, nginx and CloudFront write it. */
function createJsonFormat(named: ReturnType<typeof createNamed>) {
  const { parse } = JSON;
  return (line: string) => {
    try {
      const values = parse(line) as Record<string, unknown>;
      return named(line, "x-edge-location" in values, values);
    } catch {
      return "no valid JSON";
    }
  };
}
