/** The bucket's objects: list, preview, download. */
import { Readable } from "node:stream";
import { Hono } from "hono";
import { BackupFolder } from "./backup-folder";
import { required } from "./params";

export function backupRoutes(bucketFolder: string): Hono {
  const folder = new BackupFolder(bucketFolder);
  const routes = new Hono();
  routes.get("/", async (context) => {
    const { prefix = "", before } = context.req.query();
    return context.json(await folder.list(prefix, before));
  });
  routes.get("/preview", async (context) => context.json(await folder.preview(required(context, "key"))));
  routes.get("/download", async (context) => {
    const { object, stream } = await folder.open(required(context, "key"));
    const fileName = object.key.slice(object.key.lastIndexOf("/") + 1);
    // Never shown in place: what a record holds must not be taken for a page of this origin.
    context.header("Content-Type", "application/octet-stream");
    context.header("Content-Disposition", attachment(fileName));
    context.header("Content-Length", String(object.bytes));
    if (context.req.method === "HEAD") {
      stream.destroy();
      return context.body(null);
    }
    return context.body(Readable.toWeb(stream) as ReadableStream);
  });
  return routes;
}

/** The header for a file to save, with any name. */
export function attachment(fileName: string): string {
  const plain = fileName.replace(/[^\w.-]/g, "_");
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName).replace(/['()*]/g, percentEncoded)}`;
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
