/** The function that puts the probe into the stream, once each minute. */
import { probeRecord } from "../../firehose/probe";
import { putAgain } from "./put-again";

/** What EventBridge's schedule calls a function with. */
export interface ScheduledEvent {
  /** The minute that the call is for, such as `2026-11-29T08:00:00Z`. */
  readonly time: string;
}

/**
 * Reads the environment variables DELIVERY_STREAM_NAME and AWS_REGION. The probe is named by the minute of the event, not
 * by the clock: a call that comes late, or twice, sends the same one. One that is not taken is an error of the function.
 */
export const putProbeFactory = () => {
  const put = putAgain();
  const record = probeRecord;
  const minuteMs = 60_000;
  const { floor } = Math;
  const { parse } = Date;
  const { AWS_REGION: region = "" } = process.env;
  return async ({ time }: ScheduledEvent): Promise<void> => {
    const forMs = floor(parse(time) / minuteMs) * minuteMs;
    const [taken] = await put({ deliveryStreamArn: "", region }, [record(forMs)]);
    // eslint-disable-next-line closure/no-slow-name -- once, and the function ends
    if (!taken) throw new Error("the stream did not take the probe");
  };
};
