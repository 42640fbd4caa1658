/**
 * `console` as Lambda's Node runtime has it: one line per call, as JSON with an object as it is, or as text.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
import { format } from "node:util";

export type LogFormat = "JSON" | "Text";

const levels = {
  trace: "TRACE",
  debug: "DEBUG",
  info: "INFO",
  log: "INFO",
  warn: "WARN",
  error: "ERROR",
} as const;

/**
 * Replaces the methods of `console` in this thread; `requestId` tells the call that is under way, `onLine` is told of
 * every line.
 */
export function patchConsole(
  logFormat: LogFormat,
  requestId: () => string,
  onLine: (line: string) => void = () => {},
): void {
  for (const [method, level] of Object.entries(levels)) {
    console[method as keyof typeof levels] = (...parameters: unknown[]) => {
      const line =
        logFormat === "JSON"
          ? jsonLine(level, requestId(), parameters)
          : `${new Date().toISOString()}\t${requestId()}\t${level}\t${format(...parameters)}`;
      onLine(line);
      // A line of the log is one event, so a break within it is another character.
      process.stdout.write(`${line.replaceAll("\n", "\r")}\n`);
    };
  }
}

/** A single parameter stays what it is; several are put together as `console` does it. */
function jsonLine(level: string, requestId: string, parameters: unknown[]): string {
  const head = { timestamp: new Date().toISOString(), level, requestId };
  const [only] = parameters;
  if (parameters.length !== 1) return JSON.stringify({ ...head, message: format(...parameters) });
  try {
    return JSON.stringify({ ...head, message: only }, (_key, value: unknown) =>
      value instanceof Error ? described(value) : value,
    );
  } catch {
    // A circle, or a bigint: no JSON, so its text.
    return JSON.stringify({ ...head, message: format(only) });
  }
}

const described = (error: Error) => ({
  errorType: error.constructor.name,
  errorMessage: error.message,
  stackTrace: error.stack?.split("\n"),
  ...error,
});
