/** What has been opened, to be closed from the last to the first. */
export type Opened = (() => unknown)[];

export async function closeAll(opened: Opened): Promise<void> {
  while (opened.length > 0) await opened.pop()?.();
}
