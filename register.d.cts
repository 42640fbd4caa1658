/** @param file path of a TypeScript file, or of a grammar. Returns its JavaScript, CommonJS; with a source map where it was TypeScript. */
export function compile(file: string): string;
