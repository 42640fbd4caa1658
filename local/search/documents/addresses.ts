/** IP addresses and networks as OpenSearch's type `ip` reads them: 128 bits, those of version 4 within `::ffff:0:0/96`. */
import { isIPv4, isIPv6 } from "node:net";

const hexDigits = 32;
const mappedVersion4 = "00000000000000000000ffff";
const lowest = "0".repeat(hexDigits);
const highest = "f".repeat(hexDigits);

/** Both ends included, each as 32 hexadecimal digits, whose order is that of the addresses. */
export interface AddressRange {
  readonly low: string;
  readonly high: string;
}

export const allAddresses: AddressRange = { low: lowest, high: highest };

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

const version4 = (text: string): string =>
  text
    .split(".")
    .map((part) => hex(Number(part), 2))
    .join("");

/** 32 hexadecimal digits; undefined: no address. The zone of a link-local address is left out. */
export function parseAddress(text: string): string | undefined {
  if (isIPv4(text)) return mappedVersion4 + version4(text);
  if (!isIPv6(text)) return undefined;
  const [address] = text.split("%") as [string];
  const dotted = address.lastIndexOf(":") + 1;
  const end = address.includes(".") ? version4(address.slice(dotted)) : "";
  const plain = end === "" ? address : `${address.slice(0, dotted)}${end.slice(0, 4)}:${end.slice(4)}`;
  const [before = "", after] = plain.split("::");
  const groups = (part: string) =>
    part
      .split(":")
      .filter((group) => group !== "")
      .map((group) => group.padStart(4, "0").toLowerCase());
  const head = groups(before);
  const tail = groups(after ?? "");
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => "0000"), ...tail].join("");
}

/** `10.0.0.0/8`, or one address; bits behind the length of the network do not count. Undefined: neither. */
export function parseNetwork(text: string): AddressRange | undefined {
  const slash = text.indexOf("/");
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  if (slash < 0) return { low: address, high: address };
  const isVersion4 = address.startsWith(mappedVersion4);
  const most = isVersion4 ? 32 : 128;
  const length = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(length) || Number(length) > most) return undefined;
  const bits = BigInt(128 - (Number(length) + (isVersion4 ? 96 : 0)));
  const low = (BigInt(`0x${address}`) >> bits) << bits;
  const high = low | ((1n << bits) - 1n);
  return { low: low.toString(16).padStart(hexDigits, "0"), high: high.toString(16).padStart(hexDigits, "0") };
}

/** The address before or behind; undefined where there is none. */
export function neighbour(address: string, step: 1n | -1n): string | undefined {
  const value = BigInt(`0x${address}`) + step;
  return value < 0n || value >= 1n << 128n ? undefined : value.toString(16).padStart(hexDigits, "0");
}
