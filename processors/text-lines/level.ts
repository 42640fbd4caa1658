/** The level that a line says. */

/** Levels by one name each: `WARNING` and `warn` are `warn`. `""` for what is none. */
export function createLevelName() {
  const names: Record<string, string> = Object.create(null);
  const list =
    "trace:trace,trce,finest,finer,verbose,trace1,trace2,trace3,trace4,trace5,trace6,trace7,trace8 " +
    "debug:debug,dbug,fine,debug1,debug2,debug3,debug4,debug5 info:info,information,config,log notice:notice " +
    "warn:warn,warning,wrn error:error,err,fail,severe,eror critical:critical,crit alert:alert " +
    "emergency:emerg,emergency fatal:fatal,panic";
  for (const group of list.split(" ")) {
    const [name, words] = group.split(":");
    for (const word of words!.split(",")) names[word] = name!;
  }
  return (word: string): string => names[word.toLowerCase()] ?? "";
}

/**
 * From the first line's beginning, in the order of what is surest: `level=…`, a level in brackets, then a word in
 * capitals, in front of which only times, names and numbers stand: the word ERROR in a sentence is no level.
 */
export function createLevel() {
  const levelName = createLevelName();
  const pair =
    /(?:^|[\s,{])"?(?:level|lvl|severity|loglevel|log_level|log\.level)"?\s?[=:]\s?["']?([A-Za-z]{3,11})\b/i;
  const bracket = /\[(?:[\w.-]{1,40}:)?\s?([A-Za-z]{3,11}\d?)\s?\]/g;
  const first = /^(?:<\d{1,3}>)?([A-Za-z]{3,11}):/;
  const glog = /^([IWEF])\d{4} \d\d:\d\d:\d\d/;
  const glogNames: Record<string, string> = { I: "info", W: "warn", E: "error", F: "fatal" };
  const java = /\n(SEVERE|WARNING|INFO|CONFIG|FINE|FINER|FINEST): /;
  const capitals =
    /^((?:[^\n]{0,160}?[\s:|.[(])?)(EMERGENCY|EMERG|ALERT|CRITICAL|CRIT|FATAL|PANIC|SEVERE|ERROR|WARNING|WARN|NOTICE|INFO|LOG|DEBUG[1-5]?|TRACE)(?=[\s:|\])/]|$)/;
  // A sentence's words: two of them in front, and the level is one of a sentence too.
  const words = /(?:^|\s)[A-Za-z]?[a-z]{1,40}(?=\s|$)/g;
  const maxWords = 1;
  return (head: string): string => {
    const found = glogNames[glog.exec(head)?.[1] ?? ""];
    if (found) return found;
    const end = head.indexOf("\n");
    const line = end === -1 ? head : head.slice(0, end);
    const said = levelName(pair.exec(line)?.[1] ?? "") || levelName(first.exec(line)?.[1] ?? "");
    if (said !== "") return said;
    bracket.lastIndex = 0;
    for (let one = bracket.exec(line); one !== null; one = bracket.exec(line)) {
      const name = levelName(one[1]!);
      // A tag behind a sentence is no level.
      if (name !== "" && (line.slice(0, one.index).match(words)?.length ?? 0) <= maxWords) return name;
    }
    const [, before = "", word = ""] = capitals.exec(line) ?? [];
    if (word !== "" && (before.match(words)?.length ?? 0) <= maxWords) return levelName(word);
    return levelName(java.exec(head)?.[1] ?? "");
  };
}
