/** The program's plan for runs that are ended by force. */
import { isSearchStream, type Plan, type SearchStreamPlan } from "../../local/plan/plan";
import { processorByContent } from "./crash-load";
import type { Random } from "./opensearch/random";

/** The buffers differ from start to start, so that an end meets each room at work. */
export const planFor = (plan: Plan, random: Random): Plan =>
  withStreams(plan, (stream) => {
    const hints = () => ({
      bufferIntervalSeconds: random.pick([0, 0, 0.05, 0.2, 1]),
      bufferSizeMiB: random.pick([0.02, 0.1, 1]),
    });
    return {
      processor: { ...stream.processor!, code: processorByContent, handler: "handler", ...hints() },
      destination: { ...stream.destination, ...hints() },
      backup: { ...stream.backup, ...hints(), compression: random.pick(["GZIP", "GZIP", "UNCOMPRESSED"]) },
    };
  });

/** The plan with something else in each of its streams. */
export const withStreams = (
  plan: Plan,
  change: (stream: SearchStreamPlan) => Partial<SearchStreamPlan>,
): Plan => ({
  ...plan,
  streams: plan.streams.map((stream) => (isSearchStream(stream) ? { ...stream, ...change(stream) } : stream)),
});
