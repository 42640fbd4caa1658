/** What to do about a wrong setting, where it came from the command line. */

/** The program advises `pulumi config set`, as it knows nothing of this run; a `--set` is mended where it was typed. */
export function adviseSet(message: string, set: readonly string[]): string {
  const given = new Set(set.map((text) => text.slice(0, text.indexOf("=")).split(":").at(-1)));
  return message.replace(
    /Run: pulumi config set (--path ')?(\w+)[^\n]*? VALUE/g,
    (advice: string, isList: string | undefined, key: string) => {
      if (!given.has(key)) return advice;
      return `Give another one: --set ${isList ? `'${key}=["VALUE"]'` : `${key}=VALUE`}`;
    },
  );
}
