/** What a processor is: a factory of a function that makes one record into an outcome. */
import type { TransformEvent } from "../firehose/transform";
import type { FieldTypes } from "./field-types";

/** One record as a processor sees it. */
export interface SourceRecord {
  readonly recordId: string;
  /** When Firehose took the record, in milliseconds since 1970 (UTC). */
  readonly approximateArrivalTimestamp: number;
  /** The record as UTF-8 text, without one line end (LF or CRLF) at its end. Decoded at each call. */
  text(): string;
  /** The record's bytes as they came. Decoded at each call. */
  bytes(): Buffer;
}

/** What a processor makes of one record. */
export type Outcome =
  | {
      readonly result: "Ok";
      /** The document, JSON on a single line. @default the data unchanged */
      readonly text?: string;
      /**
       * Further documents of the same record. An answer has room for one document per record, so these are put
       * into the stream again (see {@link Processor.putAgain}) and come back as records of their own: the
       * processor has to know them as final. @default none
       */
      readonly again?: readonly string[];
    }
  | { readonly result: "Dropped"; readonly again?: readonly string[] }
  | {
      readonly result: "ProcessingFailed";
      /** For the function's log. A few fixed words, never the record's content: equal reasons are counted. */
      readonly reason: string;
    };

/** Makes the function for one record; called once at cold start. */
export type ProcessorFactory = () => (record: SourceRecord) => Outcome | Promise<Outcome>;

/** Makes the function that puts documents into the stream again; it tells for each one whether it was taken. */
export type PutAgainFactory = () => (
  stream: Pick<TransformEvent, "deliveryStreamArn" | "region">,
  documents: readonly string[],
) => Promise<readonly boolean[]>;

/** Makes the function that takes secrets out of a text. */
export type MaskFactory = () => (text: string) => string;

/** A link of a chain. */
export interface Processor {
  readonly create: ProcessorFactory;
  /**
   * Types of the fields that it writes, in new indices. A field without one gets its type from the first value.
   * @default none
   */
  readonly fields?: FieldTypes;
  /**
   * What a dashboard of its documents counts, each `title = query`, or a title alone for all.
   * @default those of the setting `panels`
   */
  readonly panels?: readonly string[];
  /**
   * Given where outcomes may have `again`. The function's role may then put records into its own stream.
   * @default none
   */
  readonly putAgain?: PutAgainFactory;
  /**
   * Masks the message of an exception, which is then logged beside its name and place.
   * @default none: a message is not logged, as it may quote a record
   */
  readonly mask?: MaskFactory;
  /**
   * True for one that never looks at its record, and whose outcome is Ok at once and always: alone, it is called
   * without the record, and the function's text is without what reads records and catches what is thrown.
   * @default false
   */
  readonly readsNothing?: boolean;
}

/** An entry of the registry: one of ours says the types of all fields that it names. */
export type RegisteredProcessor = Processor & Required<Pick<Processor, "fields">>;
