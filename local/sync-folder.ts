/** Makes the names in a folder durable: what was made, renamed or removed there. */
import { closeSync, fsyncSync, openSync } from "node:fs";

export function syncFolder(folder: string): void {
  // Windows opens no folders; its file system writes names down by itself.
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
