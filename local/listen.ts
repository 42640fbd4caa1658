/** The beginning and the end of a server. */
import type { Server as HttpServer } from "node:http";
import type { Server } from "node:net";

/** A port in use rejects with the code EADDRINUSE. */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Ends every connection, also those in the middle of an answer. */
export function closeAtOnce(server: HttpServer): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  return closed;
}
