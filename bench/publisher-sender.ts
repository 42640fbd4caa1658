/** Sends what it is told, N messages or a file's lines, to AWS_ENDPOINT_URL_FIREHOSE; prints time and CPU of the sending. */

import { findInputs } from "../publisher/byte-source";
import { connect } from "../publisher/connection";
import { helloBatches } from "../publisher/hello";
import { readInputs } from "../publisher/read-inputs";
import { sendAll } from "../publisher/send";
import { benchCredentials } from "./publisher-sink";

async function main(what: string): Promise<void> {
  const endpoint = process.env["AWS_ENDPOINT_URL_FIREHOSE"] ?? "";
  const target = {
    streamName: "bench",
    region: "eu-west-1",
    endpoint,
    credentials: benchCredentials,
    description: "",
  };
  const connection = connect(target);
  const fail = (text: string) => {
    throw new Error(text);
  };
  const source = /^\d+$/.test(what)
    ? helloBatches(Number(what))
    : readInputs(findInputs([what]), { newline: true, refuse: fail, onProblem: fail, onNote: fail });
  const before = process.cpuUsage();
  const startedMs = performance.now();
  const summary = await sendAll(connection.put, source);
  const seconds = (performance.now() - startedMs) / 1000;
  const { user, system } = process.cpuUsage(before);
  connection.close();
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(
    `${JSON.stringify({ accepted: summary.accepted, seconds, cpuSeconds: (user + system) / 1e6, peakMiB })}\n`,
  );
}

main(process.argv[2] ?? "0");
