/** The processors by the name under which the configuration knows them. A new one is one line here. */
import { accessLog } from "./access-log";
import { cloudtrail } from "./cloudtrail";
import { cloudwatchLogs } from "./cloudwatch-logs";
import { identity } from "./identity";
import { cloudtrailFields, cloudwatchFields, jsonEventFields } from "./json/declared";
import { jsonEvents } from "./json-events";
import { accessLogFields } from "./log-lines/fields";
import { map } from "./map";
import { putAgain } from "./payloads/put-again";
import type { Processor, RegisteredProcessor } from "./processor";
import { redact } from "./redact";
import { createMaskText } from "./redaction/mask-text";
import { text, textFields } from "./text";
import { vpcFlow, vpcFlowFields } from "./vpc-flow";

export const processors: Readonly<Record<string, RegisteredProcessor>> = {
  identity: { create: identity, fields: {} },
  map: { create: map, fields: { message: "text" } },
  "access-log": { create: accessLog, fields: accessLogFields },
  "json-events": { create: jsonEvents, fields: jsonEventFields },
  "cloudwatch-logs": { create: cloudwatchLogs, putAgain, fields: cloudwatchFields },
  cloudtrail: { create: cloudtrail, putAgain, fields: cloudtrailFields },
  text: { create: text, fields: textFields },
  "vpc-flow": { create: vpcFlow, fields: vpcFlowFields },
  redact: { create: redact, fields: {}, mask: createMaskText },
};

/**
 * The chain for a configured value: a name, or several joined by commas, in the order in which a record passes
 * them. A string tells what is wrong with the value.
 */
export function processorChain(value: string): Processor[] | string {
  const chain: Processor[] = [];
  for (const name of value.split(",").map((part) => part.trim())) {
    const processor = Object.hasOwn(processors, name) ? processors[name] : undefined;
    if (!processor) {
      const known = Object.keys(processors).join(", ");
      return `${JSON.stringify(name)} is no processor; known are ${known}, or several of them joined by commas`;
    }
    chain.push(processor);
  }
  return chain;
}
