/** What an object is, by its first bytes: cut into lines, some of it would be garbage. */
import { unreadable } from "./events";
import { isGzip, isZstd } from "./unpack";

/** @returns throws where an object that begins so is nothing that can be read; `isUnpacked`: its bytes were packed */
export const createRefuse = () => {
  const others = [
    ["Parquet", "PAR1"],
    ["Avro", "Obj\x01"],
    ["ORC", "ORC\x08"],
    ["ORC", "ORC\x0a"],
    ["ZIP", "PK\x03\x04"],
    ["xz", "\xfd7zXZ"],
    ["lz4", "\x04\x22\x4d\x18"],
    ["compress", "\x1f\x9d"],
    ["UTF-16", "\xff\xfe"],
    ["UTF-16", "\xfe\xff"],
  ] as const;
  // Text may begin with BZh; bzip2 has its block's magic number behind it.
  const bzip2 = /^BZh[1-9]1AY&/;
  /** Every other byte is zero and no other, as in UTF-16 without its mark. */
  const isWide = (begin: string): boolean =>
    begin.length === 8 &&
    [0, 1].some((odd) => [...begin].every((byte, at) => (byte === "\0") === (at % 2 === odd)));
  const nameOf = (begin: string): string | undefined => {
    if (bzip2.test(begin)) return "bzip2";
    if (isWide(begin)) return "UTF-16";
    return others.find(([, magic]) => begin.startsWith(magic))?.[0];
  };
  return (head: Buffer, isUnpacked: boolean): void => {
    const begin = head.toString("latin1", 0, 8);
    const name = nameOf(begin);
    if (name)
      throw unreadable(`is ${name}; lines in UTF-8 and CloudTrail's JSON are read, plain, gzip or zstd`);
    if (isUnpacked && (isGzip(begin) || isZstd(begin.slice(0, 4))))
      throw unreadable("is packed twice; what was packed once is read");
  };
};
