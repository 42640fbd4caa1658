/** What has no end of cases is tried at the desk with a thirty-second part of those of CI; what fails there names its seed. */
const atDesk = 1 / 32;

export const casesOf = (onCi: number): number => (process.env["CI"] ? onCi : Math.ceil(onCi * atDesk));

/** For a property of fast-check. */
export const numRuns = (onCi: number): { numRuns: number } => ({ numRuns: casesOf(onCi) });

/** Of what CI tries from the first to the last, the pages of a file, the desk tries every fourth, from another one on each time. */
export const stepOverPages = process.env["CI"] ? 1 : 4;

/** Of what CI tries with every processor, the desk tries each with every third. */
export const stepOverProcessors = process.env["CI"] ? 1 : 3;

/** Of several of a kind, each of which takes long, the desk tries one, another one each time. */
export const oneOf = <T>(all: readonly T[]): readonly T[] =>
  process.env["CI"] ? all : [all[Math.floor(Math.random() * all.length)] as T];
