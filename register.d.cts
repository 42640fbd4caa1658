/** @param file path of a TypeScript file. Returns its JavaScript, CommonJS with a source map. */
export function compile(file: string): string;
