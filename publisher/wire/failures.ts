/** What a failed call means for the records it carried. */
import { codeOf, noAnswerCode } from "../errors";

/**
 * - `fatal`: asking again gives the same answer (unknown stream, refused key, expired credentials).
 * - `throttled`: not accepted, the sender is too fast.
 * - `unreachable`: the request never left.
 * - `lost`: the request went out and no answer came back; its records may have been accepted.
 * - `unclear`: an answer came, and it does not say what became of the records.
 * - `failed`: the service answered that it failed.
 */
export type Failure = "fatal" | "throttled" | "unreachable" | "lost" | "unclear" | "failed";

const throttlingNames = new Set([
  "ServiceUnavailableException",
  "ThrottlingException",
  "Throttling",
  "ThrottledException",
  "RequestThrottled",
  "RequestThrottledException",
  "RequestLimitExceeded",
  "TooManyRequestsException",
  "ProvisionedThroughputExceededException",
  "LimitExceededException",
  "SlowDown",
]);

/** Error codes of Node with which no byte of the request reached the service. */
const unreachableCodes = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
]);

/** Error codes of Node with which the connection ended before an answer. */
const lostCodes = new Set([
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ECONNABORTED",
  "HPE_INVALID_CONSTANT",
  noAnswerCode,
]);

interface SdkError {
  readonly name?: string;
  readonly $fault?: "client" | "server";
  readonly $metadata?: { readonly httpStatusCode?: number; readonly clockSkewCorrected?: boolean };
}

export function failureOf(cause: unknown): Failure {
  const error = (cause ?? {}) as SdkError;
  const status = error.$metadata?.httpStatusCode;
  if (throttlingNames.has(error.name ?? "") || status === 429) return "throttled";
  // The SDK has just corrected its clock by the service's: the next signature will do.
  if (error.$metadata?.clockSkewCorrected) return "failed";
  if (status !== undefined) {
    if (status >= 200 && status < 300) return "lost"; // An answer that broke off, or is no JSON.
    return status >= 500 ? (status === 502 || status === 504 ? "lost" : "failed") : "fatal";
  }
  const code = codeOf(cause) ?? "";
  if (code === noAnswerCode) return "unclear";
  if (unreachableCodes.has(code)) return "unreachable";
  if (lostCodes.has(code) || error.name === "TimeoutError") return "lost";
  return "fatal";
}

/** Entry error codes that slow the sender down. */
export const isThrottlingCode = (errorCode: string): boolean => throttlingNames.has(errorCode);
