/** What is asked of the tokens of an index: ranges of them, with tests and machines that let some of them pass. */
import type { RecordSet } from "./record-set";

/** Looks at a token where it lies in memory: a text made of each would cost more than all the rest. */
export type TokenTest = (bytes: Buffer, begin: number, end: number) => boolean;

/** The same for several sets: says by a bit for each which of them a token is for. */
export type TokenTests = (...token: Parameters<TokenTest>) => boolean | number;

/** States of a machine in which all that could follow is told. */
export const noToken = 1;
export const askTest = 2;

/** A test that reads tokens byte by byte, see `TextMachine`. */
export interface TokenMachine {
  readonly start: number;
  /** By state and byte: the next state; 0: it is to be learned. */
  readonly steps: Uint16Array;
  /** By state: the sets that a token is for which ends in it, a bit each. */
  readonly passing: Uint8Array;
  /** By state: so many bytes must follow at least before a token passes. */
  readonly needed: Uint8Array;
  learn(state: number, byte: number): number;
  readonly test: (token: string) => boolean | number;
}

/** Tokens from `first` up to `end`, as FTS5 keeps them, that pass. */
export interface WantedTokens {
  readonly first: Buffer;
  readonly end: Buffer;
  readonly test: TokenTests | undefined;
  readonly machine: TokenMachine | undefined;
  /** Sets by the bits of the machine or the test. */
  readonly into: readonly RecordSet[];
  /** Of so many bytes, each passes. */
  readonly passingBytes: number;
  /** The sets that those are for, a bit each. */
  readonly longFor: number;
  /** Place of the first byte that the test is shown. */
  readonly testedFrom: number;
}
