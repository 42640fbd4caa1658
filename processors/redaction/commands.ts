/** Passwords behind the short options of commands that are known for them: `mysql -uroot -phunter2`. */
export function createMaskCommands() {
  const before = String.raw`\s(?:[^\n|;&]{0,200}?\s)?`;
  const commands = [
    // Next to its option: `-p shop` asks for a password, and shop is the database.
    `(?:mysql|mariadb)[\\w-]{0,20}${before}-p(?!\\s)`,
    String.raw`(?:docker|podman|nerdctl|buildah|skopeo|helm|oc|az)\s(?:[^\n|;&]{0,80}?\s)?login${before}-p\s{1,3}`,
    `mongo\\w{0,20}${before}-p\\s{1,3}`,
    `redis-cli${before}-a\\s{1,3}`,
    `ldap\\w{1,20}${before}-w\\s{1,3}`,
    `(?:sqlcmd|bcp)${before}-P\\s{0,3}`,
    `-pass(?:in|out)?\\s{1,3}pass:`,
  ];
  const password = new RegExp(String.raw`((?:\b|\s)(?:${commands.join("|")}))(?![-=])["']?[^\s"']+`, "g");
  const option = /\s-[pawP]/;
  return (text: string): string =>
    text.includes(" -") && option.test(text) ? text.replace(password, "$1[key]") : text;
}
