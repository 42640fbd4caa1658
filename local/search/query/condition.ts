/** What a query asks of a document of one index, after fields and values have been resolved against its types. */
import type { AddressRange } from "../documents/addresses";
import type { Field } from "../documents/fields";
import type { Bounds, OfBeginning } from "./string-range";
import type { TextMachine } from "./text-machine";

/** What is known of every text that passes a test, so that most others need no closer look. */
export interface TextHints {
  /** For each of these it has a word, in small letters, that passes; what leaves out the most comes first. */
  readonly words?: readonly TextMachine[];
  /** Where no word of a text is written otherwise than in small letters of ASCII, it passes with one that passes this. */
  readonly word?: TextMachine;
  /** One of these is a list of runs of letters and digits, of ASCII and small, that stand in it in this order in some case. */
  readonly runs?: readonly (readonly string[])[];
  /** It has so many characters at least. */
  readonly leastCharacters?: number;
  /** It has so many UTF-16 units at most. */
  readonly mostUnits?: number;
  /** It begins with this, as it is. */
  readonly begins?: string | undefined;
  /** Which of all texts pass that have this beginning, see {@link OfBeginning}. */
  readonly ofBeginning?: (beginning: number) => OfBeginning;
}

export type Condition =
  | { readonly kind: "all" }
  | { readonly kind: "none" }
  /** All of `must`, none of `not`, and one of `should` where there is no `must`. */
  | {
      readonly kind: "bool";
      readonly must: readonly Condition[];
      readonly should: readonly Condition[];
      readonly not: readonly Condition[];
    }
  | { readonly kind: "any"; readonly of: readonly Condition[] }
  /** So many of them, two or more but not all. */
  | { readonly kind: "atLeast"; readonly count: number; readonly of: readonly Condition[] }
  /** A token of a text field. */
  | { readonly kind: "token"; readonly field: Field; readonly token: string }
  | { readonly kind: "prefix"; readonly field: Field; readonly prefix: string }
  /** Any token that passes. */
  | {
      readonly kind: "tokens";
      readonly field: Field;
      readonly machine: TextMachine;
      /** Each that passes begins with this. */
      readonly begins?: string;
    }
  /** Any token within these ends. */
  | { readonly kind: "tokenRange"; readonly field: Field; readonly bounds: Bounds }
  | {
      readonly kind: "phrase";
      readonly field: Field;
      readonly tokens: readonly string[];
      readonly slop: number;
    }
  /** The whole value, as `.keyword` holds it. */
  | { readonly kind: "exact"; readonly field: Field; readonly value: string }
  | {
      readonly kind: "exactTest";
      readonly field: Field;
      readonly test: (value: string) => boolean;
      readonly hints?: TextHints;
    }
  | {
      readonly kind: "number";
      readonly field: Field;
      readonly low: bigint | number;
      readonly high: bigint | number;
    }
  /** Both ends included, see {@link AddressRange}. */
  | { readonly kind: "address"; readonly field: Field; readonly range: AddressRange }
  /** `_id` of the document. */
  | { readonly kind: "id"; readonly id: string }
  | { readonly kind: "flag"; readonly field: Field; readonly value: boolean }
  /** `@timestamp`, both ends included, in milliseconds since 1970. */
  | { readonly kind: "time"; readonly lowMs: number; readonly highMs: number }
  | { readonly kind: "exists"; readonly field: Field; readonly keyword: boolean };

export const allDocuments: Condition = { kind: "all" };
export const noDocument: Condition = { kind: "none" };

export function anyOf(conditions: readonly Condition[]): Condition {
  if (conditions.some((condition) => condition.kind === "all")) return allDocuments;
  const of = conditions.filter((condition) => condition.kind !== "none");
  return of.length === 0 ? noDocument : of.length === 1 ? (of[0] as Condition) : { kind: "any", of };
}

export function allOf(conditions: readonly Condition[]): Condition {
  if (conditions.some((condition) => condition.kind === "none")) return noDocument;
  const must = conditions.filter((condition) => condition.kind !== "all");
  if (must.length === 0) return allDocuments;
  return must.length === 1 ? (must[0] as Condition) : { kind: "bool", must, should: [], not: [] };
}

/** At least `count` of the conditions; none of them asked where `count` is 0 or less. */
export function atLeast(count: number, conditions: readonly Condition[]): Condition {
  if (count <= 0) return allDocuments;
  if (count > conditions.length) return noDocument;
  if (count === 1) return anyOf(conditions);
  return count === conditions.length ? allOf(conditions) : { kind: "atLeast", count, of: conditions };
}
