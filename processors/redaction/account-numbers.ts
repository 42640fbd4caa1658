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
  const hint = /[2-68]\d{3}[ .-]?\d{4}[ .-]?\d\d/;
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

/** International bank account numbers: a country, two check digits and as many more as it uses, in groups of four or not. */
export function createMaskIbans() {
  const shape = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/gi;
  const lengthOf = createIbanLengths();
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
    const length = lengthOf[found.slice(0, 2).toUpperCase()] ?? 0;
    if (length === 0) return found;
    // A word of capitals behind the number may look like its last group.
    for (let end = found.length; end >= 15; end = found.lastIndexOf(" ", end - 1)) {
      const digits = found.slice(0, end).replace(/ /g, "");
      if (digits.length === length && isIban(digits)) return `[iban]${found.slice(end)}`;
    }
    return found;
  };
  const hint = /[A-Z]{2}\d\d[A-Z0-9 ]{11}/i;
  return (text: string): string => (hint.test(text) ? text.replace(shape, mask) : text);
}

/** Characters of an account number by its country, as SWIFT's registry of them says. */
function createIbanLengths(): Readonly<Record<string, number>> {
  const lengths: Record<string, number> = Object.create(null);
  const list =
    "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27" +
    "GB22GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19" +
    "MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23" +
    "TN24TR26UA29VA22VG24XK20YE30";
  for (let at = 0; at < list.length; at += 4) lengths[list.slice(at, at + 2)] = +list.slice(at + 2, at + 4);
  return lengths;
}
