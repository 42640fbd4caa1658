/** Property tests try an eighth at the desk of what they try on CI; what fails there names its seed. */
export const numRuns = (onCi: number): { numRuns: number } => ({
  numRuns: process.env["CI"] ? onCi : Math.ceil(onCi / 8),
});
