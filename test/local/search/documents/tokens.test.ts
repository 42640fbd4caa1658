import assert from "node:assert/strict";
import { lowerCase, tokenize } from "../../../../local/search/documents/tokens";

/** Each text with its tokens. */
const caseFacts: Readonly<Record<string, readonly (readonly [text: string, tokens: readonly string[]])[]>> = {
  "keeps numbers, versions, addresses and names with inner dots whole": [
    ..."1,234.5 3.14 v1.2.3 10.0.0.1 example.com err.log a.b user.name snake_case _x x_ 0x1f 1st 3_000 l·l 1;2"
      .split(" ")
      .map((text) => [text, [text]] as const),
  ],
  "splits where a letter meets a digit's sign, and at other punctuation": [
    ["a.1", ["a", "1"]],
    ["a,b", ["a", "b"]],
    ["a;b", ["a", "b"]],
    ["1e-5", ["1e", "5"]],
    ["12:34", ["12", "34"]],
    ["2026-11-25", ["2026", "11", "25"]],
    ["R2-D2", ["r2", "d2"]],
    ["__", []],
  ],
  "does not split at a colon between letters": [
    ["key:value", ["key:value"]],
    ["aa:bb:cc:dd:ee:ff", ["aa:bb:cc:dd:ee:ff"]],
    ["00:1a:2b", ["00", "1a", "2b"]],
    ["fe80::abcd:ef01", ["fe80", "abcd:ef01"]],
  ],
  "keeps inner apostrophes and drops outer ones": [
    ["don't", ["don't"]],
    ["don’t", ["don’t"]],
    ["can''t", ["can", "t"]],
    ["'x'", ["x"]],
    ["l'été", ["l'été"]],
    ["O'Neil's", ["o'neil's"]],
    ["the not to", ["the", "not", "to"]],
  ],
  "drops signs around words": [
    ["C++ C#", ["c", "c"]],
    [".NET #tag @name", ["net", "tag", "name"]],
    ["AT&T $5.00 50% -42", ["at", "t", "5.00", "50", "42"]],
    ["e-mail alice@example.com", ["e", "mail", "alice", "example.com"]],
    ["dave+tag@x", ["dave", "tag", "x"]],
  ],
  "folds case by code point, and nothing else": [
    ["ΟΔΟΣ", ["οδοσ"]],
    ["İ ẞ Ⅷ Ω K 𐐀 Ａ", ["i", "ß", "ⅷ", "ω", "k", "𐐨", "ａ"]],
    ["é e\u0301 ﬁ ß", ["é", "e\u0301", "ﬁ", "ß"]],
  ],
  "cuts Han and Hiragana by character, other scripts by run": [
    ["日本𠮷のカタカナ", ["日", "本", "𠮷", "の", "カタカナ"]],
    ["안녕ABC", ["안녕abc"]],
    ["アAア", ["ア", "a", "ア"]],
    ["สวัสดีชาวโลก", ["สวัสดีชาวโลก"]],
    ["नमस्ते दुनिया", ["नमस्ते", "दुनिया"]],
  ],
  "takes each emoji sequence as one token, and other signs as none": [
    ["👨‍👩‍👧 🇩🇪 👍🏽 1️⃣ ❤️", ["👨‍👩‍👧", "🇩🇪", "👍🏽", "1️⃣", "❤️"]],
    ["☃ © ™", ["☃", "©", "™"]],
    ["→ ✓ ½ ² ① — …", []],
    ["a😀b", ["a", "😀", "b"]],
    ["😀😀", ["😀", "😀"]],
  ],
  "keeps Hebrew quotes, soft hyphens and joiners inside a token, and splits at other blanks": [
    ['צה"ל', ['צה"ל']],
    ["צה״ל", ["צה״ל"]],
    ["soft\u00adhyphen", ["soft\u00adhyphen"]],
    ["می‌خواهم", ["می‌خواهم"]],
    ["a\u200bb\u00a0c\u2028d\0e", ["a", "b", "c", "d", "e"]],
  ],
  "cuts tokens over 255 characters into pieces": [["x".repeat(300), ["x".repeat(255), "x".repeat(45)]]],
};

describe("standard tokens", () => {
  for (const [title, texts] of Object.entries(caseFacts)) {
    it(title, () => {
      for (const [text, tokens] of texts) assert.deepEqual(tokenize(text), tokens, text);
    });
  }

  it("makes the same tokens of ASCII text by its fast path as by the rule", () => {
    const letters = "aZ09_.,;:'\"-+ ";
    let seed = 1;
    for (let round = 0; round < 20_000; round++) {
      let text = "";
      for (let at = 0; at < 12; at++) {
        seed = (seed * 48271) % 2147483647;
        text += letters[seed % letters.length];
      }
      const slow = tokenize(`${text} é`);
      assert.equal(slow.pop(), "é");
      assert.deepEqual(tokenize(text), slow, text);
    }
  });

  it("lowers a capital sigma the same at the end of a word", () => {
    assert.equal(lowerCase("ΣΑΣ"), "σασ");
  });
});
