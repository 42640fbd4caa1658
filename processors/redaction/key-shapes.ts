/** Keys and tokens that their makers gave a shape of its own, JSON Web Tokens and private keys. */
export function createMaskKeyShapes() {
  const shapes = createShapes();
  const key = new RegExp(String.raw`\b(?:${shapes.join("|")})|'nonce-[\w+/=-]{8,}(?=')`, "g");
  const gap = "(?: |%20|\\+)";
  const privateKey = new RegExp(
    String.raw`-----BEGIN${gap}(?:[A-Z0-9%+ ]{0,40}${gap})?PRIVATE${gap}KEY(?:${gap}BLOCK)?-----[\s\S]*?(?:-----END[A-Z0-9%+ ]{0,60}KEY(?:${gap}BLOCK)?-----|$)`,
    "g",
  );
  const putty = /(\bPrivate-Lines:\s\d{1,3}\s{1,2})[\w+/=\s]+?(?=\s(?:Private-MAC|$)|$)/g;
  const webhook =
    /(\bhooks\.slack\.com\/(?:services|workflows)\/|\bdiscord\w*\.com\/api\/webhooks\/|\.webhook\.office\.com\/webhookb2\/)[\w@/-]{8,}/g;
  const hasLongWord = createHasLongWord();
  return (text: string): string => {
    if (!hasLongWord(text) && !text.includes("'nonce-") && !text.includes("-----BEGIN")) return text;
    // A webhook's own parts may look like keys.
    const masked = text.replace(webhook, "$1[key]").replace(key, "[key]");
    return masked.replace(privateKey, "[key]").replace(putty, "$1[key]");
  };
}

/** Each has sixteen characters of a word or hyphens in a row, by which a text that may hold one is known. */
function createShapes(): readonly string[] {
  return [
    "A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}\\b",
    "AIza[\\w-]{35}",
    "AGE-SECRET-KEY-1[A-Z0-9]{50,}",
    "AKCp[a-zA-Z0-9]{60,}",
    "A(?:TATT3|TCTT3|TBB)[\\w=-]{28,}",
    "AAAA[\\w-]{7}:APA91b[\\w-]{100,}",
    "EAA[A-Za-z0-9]{40,}",
    "EZ[AT]K[A-Za-z0-9]{50,}",
    "FlyV1\\s\\w{20,}",
    "GOCSPX-[\\w-]{24,}",
    "HRKU-[\\w-]{30,}",
    "LS0tLS1CRUdJTi(?!BDRVJU|BQVUJM)[A-Za-z0-9+/=]{40,}",
    "[MNO][A-Za-z\\d]{23,25}\\.[\\w-]{6}\\.[\\w-]{27,}",
    "NRAK-[A-Z0-9]{27}",
    "PMAK-[0-9a-f]{24}-[0-9a-f]{34}",
    "SG\\.[\\w-]{16,}\\.[\\w-]{16,}",
    "SK[0-9a-f]{32}\\b",
    "SSWS\\s00[\\w-]{38,}",
    "access_token\\$\\w{4,16}\\$\\w{16}\\$[0-9a-f]{32}",
    "amzn\\.mws\\.[\\w-]{36}",
    "dapi[0-9a-f]{32}",
    "dp\\.(?:pt|st|ct|sa|scim|audit)\\.[\\w.-]{36,}",
    "eyJ[\\w-]{8,}\\.[\\w-]{4,}(?:\\.[\\w-]*){0,3}",
    "gh[pousr]_\\w{36,}",
    "github_pat_\\w{22,}",
    "gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|oas|ffct)-[\\w-]{20,}",
    "hv[sb]\\.[\\w-]{20,}",
    "key-[0-9a-f]{32}\\b",
    "[sr]k_(?:live|test)_\\w{16,}",
    "sk-(?:(?:proj-|ant-|svcacct-)[\\w-]{32,}|(?=\\w*\\d)\\w{32,})",
    "sq0[a-z]{3}-[\\w-]{22,}",
    "(?:npm|hf|do[opr]_v1|shp(?:at|ss|ca|pa)|whsec|lin_api|ntn|sbp|pscale_(?:tkn|pw|oauth)|rubygems)_[\\w-]{30,}",
    "(?:dckr_(?:pat|oat)|figd|sntry[su]|gl(?:sa|c))_[\\w.=+/-]{26,}",
    "pypi-[\\w-]{50,}",
    "v1\\.0-[0-9a-f]{24}-[0-9a-f]{100,}",
    "xapp-\\d-[\\w-]{20,}",
    "xkeysib-[\\w-]{64,}",
    "xox[abceoprs][.-][\\w.-]{10,}",
    "ya29\\.[\\w-]{20,}",
    "1//0[\\w-]{40,}",
    "[A-Za-z0-9]{14}\\.atlasv1\\.[\\w-]{60,}",
    "[A-Za-z0-9_]{3}\\dQ~[\\w.~-]{31,}",
    "[0-9a-f]{32}-us\\d{1,2}\\b",
    "\\d{8,10}:AA[\\w-]{32,33}\\b",
  ];
}

/** Whether sixteen characters of words are in a row somewhere. Looks at each sixteenth, and backwards from there. */
function createHasLongWord() {
  const length = 16;
  const isPart: boolean[] = [];
  for (let code = 0; code < 128; code++) isPart.push(/[\w-]/.test(String.fromCharCode(code)));
  return (text: string): boolean => {
    for (let end = length - 1; end < text.length; ) {
      let at = end;
      while (at > end - length && isPart[text.charCodeAt(at)] === true) at--;
      if (at === end - length) return true;
      end = at + length;
    }
    return false;
  };
}
