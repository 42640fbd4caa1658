/** A small search domain for tests of replay. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Domain {
  readonly url: string;
  /** Documents by `index/id`. */
  readonly stored: Map<string, string>;
  close(): void;
}

/**
 * A search domain that keeps documents by id, wants a password, and refuses `"n":"x"`.
 * @param instead answers 200 and this, and keeps nothing
 */
export async function startDomain(instead?: string): Promise<Domain> {
  const stored = new Map<string, string>();
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (instead !== undefined) return response.writeHead(200).end(instead);
    if (request.headers.authorization !== `Basic ${Buffer.from("admin:p").toString("base64")}`)
      return response.writeHead(401).end();
    const lines = Buffer.concat(chunks).toString().trimEnd().split("\n");
    const items = [];
    for (let n = 0; n < lines.length; n += 2) {
      const { create } = JSON.parse(lines[n] ?? "");
      const id = `${create._index}/${create._id}`;
      const refused = lines[n + 1]?.includes('"x"');
      const status = refused ? 400 : stored.has(id) ? 409 : 201;
      if (status === 201) stored.set(id, lines[n + 1] ?? "");
      items.push({
        create: {
          status,
          ...(refused && { error: { type: "mapper_parsing_exception", reason: "no long" } }),
        },
      });
    }
    return response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ errors: true, items }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stored,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
