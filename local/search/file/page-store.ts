/** Pages of token indices in memory: tokens are asked for together, and again. */

/** Each of some 4 kB, over all indices of a connection. */
const pagesKept = 4096;

export class PageStores {
  private readonly all = new Map<number, PageStore>();
  private kept = 0;

  forget(index: number): void {
    this.kept -= this.all.get(index)?.size ?? 0;
    this.all.delete(index);
  }

  /** An empty one, instead of the one that the index had. */
  anew(index: number): PageStore {
    this.forget(index);
    const store = new PageStore(() => this.make());
    this.all.set(index, store);
    return store;
  }

  /** Makes room for one more. */
  private make(): void {
    if (this.kept >= pagesKept) {
      for (const store of this.all.values()) store.clear();
      this.kept = 0;
    }
    this.kept++;
  }
}

export class PageStore {
  private readonly pages = new Map<number, Uint8Array>();

  constructor(private readonly makeRoom: () => void) {}

  get size(): number {
    return this.pages.size;
  }

  page(key: number, read: (key: number) => Uint8Array): Uint8Array {
    const known = this.pages.get(key);
    if (known !== undefined) return known;
    const page = read(key);
    this.makeRoom();
    this.pages.set(key, page);
    return page;
  }

  clear(): void {
    this.pages.clear();
  }
}
