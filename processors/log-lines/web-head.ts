/** What is in front of the request in the web servers' formats: `[vhost] client ident user [time]`. */
import { isIP } from "node:net";
import type { Access } from "./access";
import type { Readers } from "./values";

/**
 * Fills an access from it; false where nobody can have asked. The time is looked for from the request backwards, as
 * the name of a user may hold blanks and brackets. Without a time only an address is believed to be a client: the
 * first word of any other text is none.
 */
export function createHead(readers: Readers) {
  const { text, undoEscapes } = readers;
  const ipVersion = isIP;
  const readTime = createHeadTime(readers);
  const { isHostName, setClient } = createClient(readers);
  const { wordEnd, firstOf } = createForwarded();
  return (access: Access, line: string, from: number, quote: number): boolean => {
    const end = readTime(access, line, from, quote);
    let first = wordEnd(line, from, end);
    if (first === from) return false;
    let client = firstOf(line.slice(from, first));
    let second = wordEnd(line, first + 1, end);
    // An identity is hardly ever an address: then the first word is the virtual host.
    if (second - first > 3 && ipVersion(firstOf(line.slice(first + 1, second))) !== 0) {
      if (!isHostName(client)) return false;
      access.domain = client.includes(":") ? readers.addressPort(client).address : client;
      client = firstOf(line.slice(first + 1, second));
      first = second;
      second = wordEnd(line, first + 1, end);
    }
    if (!setClient(access, client)) return false;
    if (second < end) {
      const user = text(line.slice(second + 1, end));
      access.user = user.includes("\\") ? undoEscapes(user) : user;
    }
    return true;
  };
}

/** X-Forwarded-For in the client's place, `192.0.2.1, 10.0.0.1`: the first address is the client's, the others are proxies. */
function createForwarded() {
  const blankOrEnd = (line: string, from: number, end: number): number => {
    const at = line.indexOf(" ", from);
    return at === -1 || at > end ? end : at;
  };
  return {
    /** Where a word ends, which is the whole of such a list. */
    wordEnd: (line: string, from: number, end: number): number => {
      let at = blankOrEnd(line, from, end);
      while (at < end && line.charCodeAt(at - 1) === 44) at = blankOrEnd(line, at + 1, end);
      return at;
    },
    firstOf: (word: string): string => {
      const comma = word.indexOf(",");
      return comma === -1 ? word : word.slice(0, comma);
    },
  };
}

/** The time in front of the request, in brackets or not; the place where it begins, without blanks. */
function createHeadTime({ logTime, isoTime, epochTime }: Readers) {
  const iso = /^\d{4}-\d\d-\d\dT/;
  return (access: Access, line: string, from: number, quote: number): number => {
    let end = quote;
    const bracket = line.lastIndexOf("[", quote);
    // What ends right in front of the request is the time, however it is written.
    if (
      bracket >= from &&
      (line.charCodeAt(bracket + 3) === 47 ||
        line.charCodeAt(bracket + 5) === 45 ||
        line.charCodeAt(quote - 2) === 93)
    ) {
      const close = line.indexOf("]", bracket);
      const written = line.slice(bracket + 1, close === -1 || close > quote ? quote : close);
      access.timestamp =
        line.charCodeAt(bracket + 3) === 47 ? logTime(written) : isoTime(written) || epochTime(written);
      if (access.timestamp === "") {
        access.oddTime = written;
        access.hasRest = true;
      }
      end = bracket;
    }
    while (end > from && line.charCodeAt(end - 1) === 32) end--;
    if (access.timestamp !== "" || end !== quote - 1) return end;
    const word = line.lastIndexOf(" ", end - 1) + 1;
    const written = line.slice(word, end);
    if (word <= from || !iso.test(written)) return end;
    access.timestamp = isoTime(written);
    return access.timestamp === "" ? end : word - 1;
  };
}

function createClient({ text, addressPort }: Readers) {
  const ipVersion = isIP;
  // With a port, as virtual hosts have it; nginx writes `unix:` for a client at a socket.
  const name = /^(?:[A-Za-z0-9_-][\w.-]{0,254}(?::\d{1,5})?|unix:)$/;
  const isHostName = (word: string): boolean => name.test(word) || ipVersion(word) !== 0;
  return {
    isHostName,
    setClient: (access: Access, word: string): boolean => {
      access.client = text(word);
      if (ipVersion(word) !== 0) return true;
      const { address, port } = addressPort(word);
      // With a port, or in brackets alone.
      if (address !== word && ipVersion(address) !== 0) {
        access.client = address;
        access.clientPort = port;
        return true;
      }
      return access.timestamp !== "" && isHostName(word);
    },
  };
}
