/** What is masked in any text, by its shape. */
import { namesOf } from "../environment";
import { maskPatterns } from "./configuration";

/** E-mail addresses, card numbers, and the shapes of well-known keys. */
export function createMask() {
  const wanted = namesOf("REDACT_PATTERNS", maskPatterns);
  const withEmail = wanted.includes("email");
  const withCard = wanted.includes("card");
  const maskCards = createMaskCards();
  const withKey = wanted.includes("key");
  const email = /[\w.%+-]{1,64}(?:@|%40)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/gi;
  const key =
    /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{36,}|\bsk_(?:live|test)_\w{16,}|\bxox[abprs]-[\w-]{10,}|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*|\bBearer\s+[\w.~+/=-]{8,}|-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}KEY-----|$)/g;
  return (text: string): string => {
    let masked = text;
    if (withKey) masked = masked.replace(key, "[key]");
    if (withEmail && (masked.includes("@") || masked.includes("%40")))
      masked = masked.replace(email, "[email]");
    if (withCard) masked = maskCards(masked);
    return masked;
  };
}

/**
 * Card numbers: undivided, or in groups between single blanks or hyphens. A run of digits that is one as a whole
 * is masked; of a longer one, as a security code or a date behind the number makes it, the groups that are laid out
 * like a card's.
 */
function createMaskCards() {
  const run = /\d(?:[ -]?\d){12,}/g;
  const layout = /^(?:1[3-9]|4,4,4,4|4,4,4,4,[1-3]|4,6,[45])$/;
  const maxDigits = 19;
  const isCard = createIsCard();
  const maskRun = (digits: string): string => {
    if (isCard(digits.replace(/\D/g, ""))) return "[card]";
    // Digits and what is between them in turns.
    const groups = digits.split(/([ -])/);
    let masked = "";
    for (let i = 0; i < groups.length; i += 2) {
      let number = "";
      let lengths = "";
      let end = -1;
      for (let j = i; j < groups.length && number.length <= maxDigits; j += 2) {
        number += groups[j];
        lengths += `${j === i ? "" : ","}${groups[j]!.length}`;
        if (layout.test(lengths) && isCard(number)) end = j;
      }
      masked += end === -1 ? groups[i] : "[card]";
      if (end !== -1) i = end;
      masked += groups[i + 1] ?? "";
    }
    return masked;
  };
  return (text: string): string => text.replace(run, maskRun);
}

/**
 * The first digits and lengths that the card schemes use, 13 digits with Visa alone, and Luhn's check. Without the
 * first, each tenth timestamp in milliseconds, which has 13 digits too, would be a card, and the index would refuse
 * the text in a field of numbers.
 */
function createIsCard() {
  const scheme = /^(?:(?:[3-6]|2[2-7])\d{13,18}|4\d{12})$/;
  return (digits: string): boolean => {
    if (!scheme.test(digits)) return false;
    let sum = 0;
    let twice = false;
    for (let i = digits.length - 1; i >= 0; i--) {
      const digit = digits.charCodeAt(i) - 48;
      const part = twice ? digit * 2 : digit;
      sum += part > 9 ? part - 9 : part;
      twice = !twice;
    }
    return sum % 10 === 0;
  };
}
