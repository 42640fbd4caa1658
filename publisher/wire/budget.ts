/** Bytes that may be held at once; who finds no room waits, in order. */
export class Budget {
  private used = 0;
  private readonly waiting: { readonly bytes: number; readonly resume: () => void }[] = [];

  constructor(private readonly limitBytes: number) {}

  /** Takes the bytes if there is room. What alone is above the limit goes when nothing else is held. */
  take(bytes: number): boolean {
    if (this.waiting.length > 0 || !this.hasRoom(bytes)) return false;
    this.used += bytes;
    return true;
  }

  /** Takes the bytes as soon as there is room. */
  wait(bytes: number): Promise<void> {
    return new Promise((resume) => this.waiting.push({ bytes, resume }));
  }

  give(bytes: number): void {
    this.used -= bytes;
    for (let next = this.waiting[0]; next && this.hasRoom(next.bytes); next = this.waiting[0]) {
      this.waiting.shift();
      this.used += next.bytes;
      next.resume();
    }
  }

  private hasRoom(bytes: number): boolean {
    return this.used === 0 || this.used + bytes <= this.limitBytes;
  }
}
