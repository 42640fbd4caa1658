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
import { unpack } from "./unpack";
import { vpcFlow, vpcFlowFields } from "./vpc-flow";

export const processors: Readonly<Record<string, RegisteredProcessor>> = {
  identity: { create: identity, fields: {}, readsNothing: true },
  map: { create: map, fields: { message: "text" }, readsNothing: true },
  "access-log": {
    create: accessLog,
    fields: accessLogFields,
    panels: [
      "requests",
      "server errors = http.response.status_code:>=500",
      "not found = http.response.status_code:404",
    ],
  },
  "json-events": {
    create: jsonEvents,
    fields: jsonEventFields,
    panels: ["events", "errors = log.level:error"],
  },
  "cloudwatch-logs": {
    create: cloudwatchLogs,
    putAgain,
    fields: cloudwatchFields,
    panels: [
      "log events",
      "errors = json.level:error",
      "slow calls (over 1 s) = aws.lambda.duration_ms:>1000",
    ],
  },
  cloudtrail: {
    create: cloudtrail,
    putAgain,
    fields: cloudtrailFields,
    panels: ["events", "failures = event.outcome:failure", "sign-ins = event.action:ConsoleLogin"],
  },
  text: { create: text, fields: textFields, panels: ["lines", "errors = log.level:error"] },
  "vpc-flow": {
    create: vpcFlow,
    fields: vpcFlowFields,
    panels: ["flows", "rejected = event.action:reject"],
  },
  unpack: { create: unpack, putAgain, fields: {} },
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
