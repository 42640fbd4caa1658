/** Addresses as people write them. */

const mappedVersion4 = "00000000000000000000ffff";

/** From 32 hexadecimal digits to `10.0.0.1` or `2001:db8::1`. */
export function addressText(hex: string): string {
  if (hex.startsWith(mappedVersion4))
    return [24, 26, 28, 30].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(".");
  const groups = Array.from({ length: 8 }, (_, at) =>
    Number.parseInt(hex.slice(4 * at, 4 * at + 4), 16).toString(16),
  );
  let longest = { at: 0, length: 1 };
  for (let at = 0; at < groups.length; at++) {
    let length = 0;
    while (groups[at + length] === "0") length++;
    if (length > longest.length) longest = { at, length };
  }
  if (longest.length === 1) return groups.join(":");
  const end = longest.at + longest.length;
  return `${groups.slice(0, longest.at).join(":")}::${groups.slice(end).join(":")}`;
}
