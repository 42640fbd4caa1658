/** Starts a server; a port in use rejects with the code EADDRINUSE. */
import type { Server } from "node:net";

export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
