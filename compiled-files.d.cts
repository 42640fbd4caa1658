/**
 * @param compiler folder of its outputs
 * @param input all that the output depends on
 * @returns JavaScript
 */
export function compiledOnce(compiler: string, input: unknown, compile: () => string): string;

/** Traces in terms of our own files. */
export function mapTraces(): void;
