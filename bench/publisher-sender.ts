/**
 * Sends what it is told, N messages or a file's lines, to AWS_ENDPOINT_URL_FIREHOSE, as the publisher does or by
 * another way; prints time and CPU of the sending, without the start of the process.
 */
import { findInputs } from "../publisher/records/find-inputs";
import { numberedBatches } from "../publisher/records/numbered";
import { readInputs } from "../publisher/records/read-inputs";
import type { Target } from "../publisher/target";
import { connect } from "../publisher/wire/connection";
import { type PutCall, sendAll } from "../publisher/wire/send";
import { plainFetch, plainSdk, sdkHandler, sdkWithOurBodies } from "./publisher-calls";
import { benchCredentials } from "./publisher-sink";

/** What a sender prints, as JSON. */
export interface SenderFigures {
  readonly accepted: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Of the whole process. */
  readonly peakMiB: number;
}

const streamName = "bench";
const region = "eu-west-1";

/** By what the bench calls them. */
const calls: Readonly<Record<string, (target: Target) => PutCall>> = {
  publisher: (target) => connect(target).put,
  sdk: plainSdk,
  "sdk-bodies": sdkWithOurBodies,
  "sdk-handler": sdkHandler,
  fetch: plainFetch,
};

async function main(how: string, what: string): Promise<void> {
  const endpoint = process.env["AWS_ENDPOINT_URL_FIREHOSE"] ?? "";
  const target = { streamName, region, endpoint, credentials: benchCredentials, description: "" };
  const put = calls[how]!(target);
  const fail = (text: string) => {
    throw new Error(text);
  };
  const source = /^\d+$/.test(what)
    ? numberedBatches(Number(what))
    : readInputs(findInputs([what], { onProblem: fail, onNote: fail }), {
        newline: true,
        refuse: fail,
        onProblem: fail,
        onNote: fail,
      });
  const before = process.cpuUsage();
  const startedMs = performance.now();
  const { accepted } = await sendAll(put, source);
  const seconds = (performance.now() - startedMs) / 1000;
  const { user, system } = process.cpuUsage(before);
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  const figures: SenderFigures = { accepted, seconds, cpuSeconds: (user + system) / 1e6, peakMiB };
  process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));
}

if (require.main === module) void main(process.argv[2] ?? "publisher", process.argv[3] ?? "0");
