/**
 * Gives memory back that nobody reads any more, at once. Left to the collector it counts as taken meanwhile, and a busy
 * line brings about a full collection for it every few hundred milliseconds.
 * Where others may lie in the same memory, as small ones of Node's do, nothing happens.
 */
export function giveBack({ buffer, byteLength }: Uint8Array | Uint32Array | Float64Array): void {
  const isWhole = byteLength > 0 && byteLength === buffer.byteLength;
  if (isWhole && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
