/** What is masked in any text, by its shape or by what stands in front of it. */
import { namesOf } from "../environment";
import { createMaskCards, createMaskIbans } from "./account-numbers";
import { columnWords, createMaskColumns } from "./columns";
import { commandWords, createMaskCommands } from "./commands";
import { maskPatterns } from "./configuration";
import { createMaskCredentials, credentialWords } from "./credentials";
import type { FieldNames } from "./field-names";
import { createMaskForms, formWords } from "./forms";
import { createMaskInserted } from "./inserted-rows";
import { createMaskKeyShapes } from "./key-shapes";
import { createManifests } from "./manifests";
import { codeWords, createMaskCodes } from "./one-time-codes";
import { createMaskParameters } from "./parameters";

/** `text` is for all that is no JSON, `isAccount` for what JSON has as a number. */
export function createMask(names: FieldNames) {
  const wanted = namesOf("REDACT_PATTERNS", maskPatterns);
  const withEmail = wanted.includes("email");
  const withCard = wanted.includes("card");
  const withIban = wanted.includes("iban");
  const withKey = wanted.includes("key");
  const maskCards = createMaskCards();
  const maskIbans = createMaskIbans();
  const maskKeyShapes = createMaskKeyShapes();
  const maskCredentials = createMaskCredentials();
  const maskCommands = createMaskCommands();
  const maskCodes = createMaskCodes();
  const maskParameters = createMaskParameters(names);
  const maskForms = createMaskForms(names);
  const maskColumns = createMaskColumns(names);
  const maskInserted = createMaskInserted(names);
  const { mask: maskManifests } = createManifests(names);
  // One look for all words together: most texts have none of them.
  const hint = hintOf([
    ...names.words,
    ...formWords,
    ...columnWords,
    ...(withKey ? [...commandWords, ...credentialWords, ...codeWords] : []),
  ]);
  // `package@1.2.3` is a version, `logo@2x.png` a picture, `git@` whom a repository's address names.
  const email =
    /(?!git@)(?<!\bg|\bgi)[\p{L}\p{N}_.%+-]{1,64}(?:@|%40)(?!\dx\.)(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}[\p{L}\p{N}-]{1,62}/gu;
  const { stringify } = JSON;
  return {
    text: (text: string): string => {
      const isHinted = hint.test(text);
      let masked = withKey ? maskKeyShapes(text) : text;
      if (withKey && isHinted) masked = maskCodes(maskCommands(masked));
      if (withKey) masked = maskCredentials(masked, isHinted);
      if (withEmail && (masked.includes("@") || masked.includes("%40")))
        masked = masked.replace(email, "[email]");
      if (withIban) masked = maskIbans(masked);
      if (withCard) masked = maskCards(masked);
      return isHinted ? maskParameters(maskColumns(maskInserted(maskManifests(maskForms(masked))))) : masked;
    },
    isAccount: (value: unknown): boolean => {
      if (!withCard || value === null || typeof value === "boolean") return false;
      const text = stringify(value);
      return maskCards(text) !== text;
    },
  };
}

/**
 * Words that others are a part of stand for those. All are plain and in order, so that V8 looks for what they begin with
 * once. Without any, nothing may match.
 */
function hintOf(words: readonly string[]): RegExp {
  const special = /[^\p{L}\p{N} ]/gu;
  const shortest = [...new Set(words)]
    .filter((word) => !words.some((other) => other !== word && word.includes(other)))
    .map((word) => word.replace(special, "\\$&"));
  return shortest.length === 0 ? /(?!)/ : new RegExp(shortest.sort().join("|"), "i");
}
