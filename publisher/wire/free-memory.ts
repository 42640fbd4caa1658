/** ES2024; the language level of this project's type check does not know it yet. */
type Transferable = ArrayBuffer & { transfer(bytes: number): ArrayBuffer };

/**
 * Frees memory that nobody reads any more, at once: the garbage collector sees late what lies beside its own heap.
 * Whatever still points into it has length 0 afterwards.
 */
export const free = (memory: ArrayBufferLike): void => {
  (memory as Transferable).transfer(0);
};
