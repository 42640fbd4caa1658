/** Guards a server on this machine against names of other machines (DNS rebinding). */

const loopbackNames = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Whether a Host header names this machine's loopback, or the host that the server was told to listen on.
 * @param listening the host given by the user; undefined where it is the default
 */
export function isLoopbackHost(header: string | undefined, listening?: string): boolean {
  const name = (header ?? "").replace(/:\d+$/, "").toLowerCase();
  if (loopbackNames.includes(name)) return true;
  if (listening === undefined || loopbackNames.includes(listening)) return false;
  // Told to listen elsewhere, the user has opened it on purpose; any name of the machine will do.
  return name !== "";
}
