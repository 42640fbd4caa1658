/** Keys that stand twice in one object, which JSON.parse does not tell. */

/** The number of `:` that stand outside strings: one per member of an object. The text is valid JSON. */
function countMembers(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 58) count++;
    else if (code === 34) {
      for (at++; text.charCodeAt(at) !== 34; at++) if (text.charCodeAt(at) === 92) at++;
    }
  }
  return count;
}

/** Whether valid JSON with `members` distinct members (all objects together) has a key twice in one object. */
export function hasDoubleKey(text: string, members: number): boolean {
  let colons = 0;
  for (let at = text.indexOf(":"); at >= 0; at = text.indexOf(":", at + 1)) colons++;
  return colons > members && countMembers(text) > members;
}
