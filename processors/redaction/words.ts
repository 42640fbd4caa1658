/** Names as the words that they are made of. */

/** `DBPassword`, `db_password`, `user[password]` to words in lower case. */
export function createWords() {
  const lower = /([\p{Ll}\p{N}])(\p{Lu})/gu;
  const upper = /(\p{Lu})(\p{Lu}\p{Ll})/gu;
  const separators = /[^\p{L}\p{N}]+/u;
  return (name: string): string[] =>
    name
      .replace(lower, "$1 $2")
      .replace(upper, "$1 $2")
      .toLowerCase()
      .split(separators)
      .filter((word) => word !== "");
}
