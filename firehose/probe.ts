/** The record that tells whether records arrive: how it is sent, and the field that its document is known by. */

export const probeField = "firehose_probe";

/** @param minuteMs the minute that it is sent for, in milliseconds since 1970 (UTC); it is the probe's name too */
export const probeRecord = (minuteMs: number): string => `{"firehose_probe":"${minuteMs}"}`;
