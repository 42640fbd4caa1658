/** The end of a run in words, and as one line of JSON. */
import { typedCommand, typedWord } from "../typed/command";
import { counted } from "./counted";
import type { Summary } from "./wire/send";

/** What `--json` prints. */
export interface Report extends Summary {
  /** Lines that are too long for a record. */
  readonly refused: number;
  /** File with these lines. */
  readonly refusedFile?: string;
  /** Inputs that could not be read to their end, one line each. */
  readonly problems: readonly string[];
  readonly seconds: number;
  readonly streamName: string;
  /** Where the records went, for people. */
  readonly target: string;
  /** File with the records that were not accepted. */
  readonly unsentFile?: string;
  /** File that says from where to go on, for `--continue`. */
  readonly continueFile?: string;
}

/** Lines for standard error. @param target options that find the same target, as they are typed */
export function describeReport(report: Report, target: readonly string[] = []): string[] {
  if (report.stopped && report.accepted === 0 && !report.unsentFile) {
    return [`nothing was sent: ${report.stopped} (${report.target})`];
  }
  const command = (option: string, file = "") =>
    typedCommand("publish", [option, typedWord(file), ...target].join(" "));
  const rate = Math.round(report.accepted / Math.max(report.seconds, 0.001));
  const lines = [
    `${counted(report.accepted, "record")} accepted (${(report.acceptedBytes / 1e6).toFixed(1)} MB) ` +
      `in ${report.seconds.toFixed(1)} s, ${rate.toLocaleString("en-US")}/s; ${counted(report.calls, "call")}, ${counted(report.resent, "record")} resent`,
  ];
  if (report.throttledCalls > 0) lines.push(`${counted(report.throttledCalls, "call")} throttled`);
  if (report.possibleDuplicates > 0) {
    lines.push(
      `answers were lost: up to ${counted(report.possibleDuplicates, "record")} may be there twice (a resent record is a new record to Firehose)`,
    );
  }
  if (report.refused > 0)
    lines.push(`${counted(report.refused, "line")} refused, kept in ${report.refusedFile}`);
  if (report.stopped) lines.push(`stopped: ${report.stopped} (${report.target})`);
  if (report.unsent > 0) {
    const why = report.lastError && report.lastError !== report.stopped ? ` (${report.lastError})` : "";
    const again = report.continueFile ? "" : `; send them again: ${command("--file", report.unsentFile)}`;
    const where = report.unsentFile ? `, saved in ${report.unsentFile}${again}` : "";
    lines.push(`${counted(report.unsent, "record")} NOT accepted${why}${where}`);
  }
  if (report.continueFile) lines.push(`go on with the rest: ${command("--continue", report.continueFile)}`);
  return lines;
}
