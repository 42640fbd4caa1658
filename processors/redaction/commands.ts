/** Passwords that commands and statements take in a place of their own: `mysql -uroot -phunter2`, `IDENTIFIED BY 'x'`. */

/** One of them, in any case, is in every text that has such a command or statement. */
export const commandWords = [
  ...["p", "a", "w", "k", "x", "u", "s", "hp"].map((option) => ` -${option}`),
  ...[
    "/pwd:",
    "/rp:",
    "xfreerdp",
    "net use",
    "net.exe use",
    "net user",
    "net.exe user",
    "htpasswd",
    "rabbitmqctl",
  ],
  ...["wpa_pass", "vault ", "sqlplus", "sqlldr", "impdp", "expdp", "rman ", "securestring", "requirepass"],
  ...["masterauth", "identified", "password", "sudo", "auth ", "pass "],
];

/** In a text all of them; in a list of a command's arguments, each an item, those behind options. */
export function createMaskCommands() {
  const maskOptions = createMaskOptions();
  const maskStatements = createMaskStatements();
  return (text: string): string => maskStatements(maskOptions(text));
}

/** What comes before a password, up to its option; then the password, which may stand in quotes. */
function createMaskOptions() {
  const amid = String.raw`\s(?:[^\n|;&]{0,200}?\s)?`;
  const blank = String.raw`\s{1,3}`;
  const commands = [
    // Next to its option: `-p shop` asks for a password, and shop is the database.
    `(?:mysql|mariadb)[\\w-]{0,20}${amid}-p(?!\\s)`,
    `(?:7z\\w?|rar|unrar)${amid}-h?p(?![\\s-])`,
    `(?:docker|podman|nerdctl|buildah|skopeo|helm|oc|az)\\s(?:[^\\n|;&]{0,80}?\\s)?login${amid}-p${blank}`,
    `(?:mongo(?:sh|dump|restore|export|import|stat|top|files)?|cqlsh|psexec[\\w.]{0,8}|useradd|usermod|rdesktop|beeline)${amid}-p${blank}`,
    `redis-cli${amid}-a${blank}`,
    `ldap\\w{1,20}${amid}-w${blank}`,
    `ldappasswd${amid}-[as]${blank}`,
    `(?:sqlcmd|bcp|osql|isql|zip|unzip|ipmitool|mosquitto_\\w{1,10})${amid}-P\\s{0,3}`,
    `openssl${blank}enc${amid}-k${blank}`,
    `snmp\\w{2,12}${amid}-[AX]${blank}`,
    `(?:smbclient|smbget|rpcclient|winexe)${amid}(?:-U|--user)[\\s=]{0,3}["']?[^\\s%"']{1,64}%`,
    `sshpass${blank}-p\\s{0,3}`,
    `-pass(?:in|out)?${blank}pass:`,
    // Behind a user's name, whatever the command; behind others `-p` is a port, a folder, a project.
    `-(?:u|-user(?:name)?)[\\s=]{1,3}\\S{1,64}${blank}-p${blank}(?=[^\\s:]{0,128}[A-Za-z])`,
  ];
  const password = new RegExp(
    String.raw`((?:\b|\s)(?:${commands.join("|")}))(?![-=]|["']?\[key\])["']?[^\s"']+`,
    "g",
  );
  const windows =
    /((?:\bxfreerdp[^\n]{0,200}?\s\/p|(?:^|\s)\/(?:pass(?:word)?|pwd|rp)):)(?!\[key\])["']?[^\s"']+/gi;
  const parameter = /(\bput-parameter\s(?:[^\s]{1,256}\s{1,3}){0,12}?--value[\s=]{1,3})["']?[^\s"']+/g;
  const option = /\s-(?:[pawPkAXUs]|hp)/;
  return (text: string): string => {
    let masked = text;
    if (option.test(text)) {
      // A command may take two.
      for (let before = ""; before !== masked; ) {
        before = masked;
        masked = masked.replace(password, "$1[key]");
      }
    }
    if (text.includes("SecureString")) masked = masked.replace(parameter, "$1[key]");
    return masked.replace(windows, "$1[key]");
  };
}

/** Passwords whose place says what they are. Where a word may stand there too, only what has letters and digits. */
function createMaskStatements() {
  const blank = String.raw`\s{1,3}`;
  const mixed = String.raw`(?=["']?\S{6})(?=[^\s"']*\d)(?=[^\s"']*[A-Za-z])`;
  const share = String.raw`(?:[A-Z]:|\*|\\\\\S{1,256}|/\S{1,64})`;
  const options = `(?:${blank}-\\w{1,8}(?:${blank}\\d{1,3})?)`;
  const statements = [
    `net(?:\\.exe)?${blank}use(?=[^\\n]{0,400}\\\\\\\\)(?:${blank}${share}){1,6}${blank}(?![/*\\\\>|&]|[A-Z]:(?:\\s|$))`,
    `net(?:\\.exe)?${blank}user${blank}[^\\s/]{1,64}${blank}(?![/*])(?:(?=\\S{1,128}${blank}/)|${mixed})`,
    `htpasswd(?=[^\\n]{0,400}?\\s-\\w{0,8}b)(?=[^\\n]{0,400}?\\s-\\w{0,8}n)${options}+${blank}\\S{1,64}${blank}`,
    `htpasswd(?=[^\\n]{0,400}?\\s-\\w{0,8}b)${options}+${blank}\\S{1,256}${blank}\\S{1,64}${blank}`,
    `rabbitmqctl${blank}(?:add_user|change_password|authenticate_user)${blank}\\S{1,64}${blank}`,
    `machine${blank}\\S{1,253}${blank}login${blank}\\S{1,64}${blank}password${blank}`,
    `wpa_passphrase${blank}\\S{1,64}${blank}`,
    `vault${blank}(?:login|operator${blank}unseal)${blank}(?!-)${mixed}`,
    `(?:sqlplus|sqlldr|impdp|expdp|rman${blank}target)${blank}(?:-\\w{1,4}${blank}){0,3}["']?\\w{1,64}/`,
    `ConvertTo-SecureString${blank}(?:-String${blank})?(?![-$(])`,
    `(?:requirepass|masterauth)${blank}(?!(?:is|was|not|set|has|option|directive)\\b)`,
    `(?:create|alter|grant|modify|user)\\b[^;\\n]{0,256}?\\sidentified${blank}(?:with${blank}\\S{1,64}${blank})?by${blank}(?:password${blank}|values${blank})?`,
    `password\\s{0,3}(?:=\\s{0,3}|\\(\\s{0,3})?N?(?=(["'])[^\\s"'=:,>][^\\s"']{0,127}\\2)`,
  ];
  const password = new RegExp(String.raw`(\b(?:${statements.join("|")}))["']?(?!\[key\])[^\s"']+`, "gi");
  // What is handed over to a command that reads it.
  const piped =
    /(\becho\s{1,3}(?:-\w{1,3}\s{1,3})?["']?(?:[\w.-]{1,64}:)?)[^\s"'|:]+(?=["']?\s{0,3}\|\s{0,3}(?:\S{1,64}\s){0,4}?(?:sudo\s[^|]{0,64}?-\w{0,4}S|\S{0,64}chpasswd|\S[^|]{0,200}--password-stdin))/g;
  const login =
    /(\bAUTH\s{1,3}(?:(?:PLAIN|LOGIN|XOAUTH2)\s{1,3}(?=\S{8})|(?!SHA|MD5|TLS|SSL|CRAM|NTLM|SCRAM)(?:[a-z]\w{0,40}\s{1,3})?(?=\S{0,64}\d)(?=\S{0,64}[A-Za-z])(?=\S{6})))[^\s"']+/g;
  const pass = /((?:^|[\r\n]|\\[rn]|[>:]\s)PASS\s{1,3})[^\s\\"']+/g;
  const sessionOfMail = /\bUSER\s\S|ftp|pop3|\birc|oauth:/i;
  return (text: string): string => {
    const masked = text.replace(password, "$1[key]").replace(piped, "$1[key]").replace(login, "$1[key]");
    return masked.includes("PASS ") && sessionOfMail.test(masked) ? masked.replace(pass, "$1[key]") : masked;
  };
}
