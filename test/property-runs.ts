/** What has no end of cases is tried at the desk with a sixteenth of those of CI; what fails there names its seed. */
const atDesk = 1 / 16;

export const casesOf = (onCi: number): number => (process.env["CI"] ? onCi : Math.ceil(onCi * atDesk));

/** For a property of fast-check. */
export const numRuns = (onCi: number): { numRuns: number } => ({ numRuns: casesOf(onCi) });
