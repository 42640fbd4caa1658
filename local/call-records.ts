/** The records of one call, as they were sent. */
export interface CallRecords {
  /** One after another. */
  readonly body: Buffer;
  /** Size of each. */
  readonly lengths: Uint32Array<ArrayBuffer>;
}
