/** What a program imports from this package. */
import { refuseCopies } from "./one-pulumi";

export type { FieldType, FieldTypes } from "../processors/field-types";
export type { EachRecord, InlineProcessor } from "../processors/inline";
export type { Outcome, Processor, ProcessorFactory, SourceRecord } from "../processors/processor";
export type { ProcessorLink, SearchDomainArgs, StreamArgs } from "./component-args";
export { SearchDomain } from "./domain/search-domain";
export { Pipeline, type PipelineArgs } from "./pipeline";

refuseCopies(Object.keys(require.cache));
