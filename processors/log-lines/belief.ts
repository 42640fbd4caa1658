/**
 * Whether a field can be what its format says. A format is believed only where each of its addresses, states, counts
 * and times is one: lines of other logs have as many fields. `-` is no value, and allowed.
 */
import { isIP } from "node:net";
import { createAddressPort } from "./values";

export function createBelief() {
  const ipVersion = isIP;
  const addressPort = createAddressPort();
  const status = /^(?:\d{3}|-)$/;
  const count = /^(?:\d{1,15}|-)$/;
  const seconds = /^(?:\d{1,9}(?:\.\d{1,9})?|-1|-)$/;
  const cipher = /^[\w:.-]{1,80}$/;
  const tls = /^(?:-|(?:tls|ssl)v?[\d.]{1,5})$/i;
  const isAddress = (text: string): boolean => text === "-" || ipVersion(text) !== 0;
  return {
    isAddress,
    /** An address with a port behind it. */
    isHost: (text: string): boolean => {
      if (text === "-") return true;
      const { address, port } = addressPort(text);
      return port >= 0 && ipVersion(address) !== 0;
    },
    isStatus: (text: string): boolean => status.test(text),
    isCount: (text: string): boolean => count.test(text),
    /** With or without a fraction; -1 where there was no answer. */
    isSeconds: (text: string): boolean => seconds.test(text),
    /** Of a connection, where the line has them. They stand behind texts of the client's, whose quotes may move them. */
    isTls: (cipherText = "-", version = "-"): boolean => cipher.test(cipherText) && tls.test(version),
  };
}
