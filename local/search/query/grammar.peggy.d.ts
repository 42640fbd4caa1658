/**
 * What the grammar is compiled to (register.cjs).
 * @throws an error with the `location` where the text is none of the grammar's
 */
export function parse(text: string): unknown;
