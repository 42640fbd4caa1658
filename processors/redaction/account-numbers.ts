/** Numbers of payment cards and bank accounts, known by their layout and their check digits. */

/**
 * Card numbers: undivided, or in the groups in which they are printed, between single blanks, hyphens or dots. What is
 * beside a number, such as a date or a security code, stays, as do numbers that are divided in any other way.
 */
export function createMaskCards() {
  const run = /\d(?:[ .-]?\d){12,}/g;
  const layout = /^(?:1[3-9]|4,4,4,4|4,4,4,4,[1-3]|4,6,[45])$/;
  const maxDigits = 19;
  const isCard = createIsCard();
  const isWord = /[A-Za-z0-9_]/;
  const maskRun = (digits: string, at: number, text: string): string => {
    // Digits and what is between them in turns.
    const groups = digits.split(/([ .-])/);
    let masked = "";
    for (let i = 0; i < groups.length; i += 2) {
      let number = "";
      let lengths = "";
      let end = -1;
      for (let j = i; j < groups.length && number.length <= maxDigits; j += 2) {
        // One divider throughout.
        if (j > i + 2 && groups[j - 1] !== groups[i + 1]) break;
        number += groups[j];
        lengths += `${j === i ? "" : ","}${groups[j]!.length}`;
        if (layout.test(lengths) && isCard(number)) end = j;
      }
      const isPart =
        (i === 0 && isWord.test(text.charAt(at - 1))) ||
        (end === groups.length - 1 && isWord.test(text.charAt(at + digits.length))) ||
        // The digits of a fraction, or in front of one.
        (end === i && (groups[i - 1] === "." || groups[i + 1] === "."));
      if (isPart) end = -1;
      masked += end === -1 ? groups[i] : "[card]";
      if (end !== -1) i = end;
      masked += groups[i + 1] ?? "";
    }
    return masked;
  };
  // Most texts have nothing of the kind, and are not looked at twice.
  const hint = /[2-68]\d{3}[ .-]?\d{4}/;
  return (text: string): string => (hint.test(text) ? text.replace(run, maskRun) : text);
}

/**
 * The first digits and lengths that the card schemes use, 13 digits with Visa alone, and Luhn's check. Without the
 * first, each tenth timestamp in milliseconds, which has 13 digits too, would be a card.
 */
function createIsCard() {
  const scheme = new RegExp(
    [
      "^(?:4\\d{12}(?:\\d{3})?(?:\\d{3})?",
      "(?:5[1-5]\\d\\d|222[1-9]|22[3-9]\\d|2[3-6]\\d\\d|27[01]\\d|2720)\\d{12}",
      "3[47]\\d{13}",
      "3(?:0[0-5]|[689]\\d)\\d{11,16}",
      "(?:6011|64[4-9]\\d|65\\d\\d|35(?:2[89]|[3-8]\\d)|62\\d\\d|81\\d\\d)\\d{12,15}",
      "(?:5018|5020|5038|5893|6304|6759|6761|6762|6763)\\d{9,15})$",
    ].join("|"),
  );
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

/** International bank account numbers: a country, two check digits and 11 to 30 more, in groups of four or not. */
export function createMaskIbans() {
  const shape = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g;
  const countries =
    /^(?:A[DELTZ]|B[AEGHRY]|C[HRYZ]|D[EKO]|E[EGS]|F[IOR]|G[BEILRT]|H[RU]|I[ELQST]|JO|K[WZ]|L[BCITUVY]|M[CDEKRTU]|N[IL]|OM|P[KLST]|QA|R[OSU]|S[ACDEIKMOTV]|T[LNR]|UA|V[AG]|XK|YE)/;
  const { parseInt: toNumber } = Number;
  const isIban = (text: string): boolean => {
    let rest = 0;
    const moved = text.slice(4) + text.slice(0, 4);
    for (let i = 0; i < moved.length; i++) {
      const value = toNumber(moved.charAt(i), 36);
      rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
    }
    return rest === 1;
  };
  const mask = (found: string): string => {
    if (!countries.test(found)) return found;
    // A word of capitals behind the number may look like its last group.
    for (let end = found.length; end >= 15; end = found.lastIndexOf(" ", end - 1)) {
      const digits = found.slice(0, end).replace(/ /g, "");
      if (digits.length >= 15 && digits.length <= 34 && isIban(digits)) return `[iban]${found.slice(end)}`;
    }
    return found;
  };
  const hint = /[A-Z]{2}\d\d[A-Z0-9 ]{11}/;
  return (text: string): string => (hint.test(text) ? text.replace(shape, mask) : text);
}
