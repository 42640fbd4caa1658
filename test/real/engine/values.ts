/** Properties as the engine hands them to a provider. */

// biome-ignore lint/suspicious/noExplicitAny: the properties of a resource have the shape of its type
export type Values = Record<string, any>;

/** What the engine sends, and takes, for a value that only an update will tell. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Marks an object as something else than plain properties: an archive, a text file, a secret. */
const kindMark = "4dabf18193072939515e22adb298388d";

export const isPlain = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(kindMark in value);

/** A comparison gets archives without their contents; the hash stands for them. */
export const isArchive = (value: unknown): value is { readonly hash: string } =>
  typeof value === "object" && value !== null && kindMark in value && "hash" in value;

export const hasUnknown = (value: unknown): boolean => JSON.stringify(value ?? null).includes(unknown);

/** The same text for the same value, whatever the order of its keys. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner) =>
    isPlain(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  ) ?? "";
