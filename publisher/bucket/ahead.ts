/**
 * Small objects are fetched before their turn: logs in S3 are many objects of a few kilobytes, and each request takes
 * longer than the reading of what it brings.
 */

export interface Fetchable {
  readonly sizeBytes: number;
  read(): AsyncGenerator<Buffer>;
}

/** Objects that are under way or wait, with the one that is read. */
const most = 16;
/** Larger ones are read when it is their turn, as they come. */
const smallBytes = 512 * 1024;

type Fetched = Promise<readonly Buffer[]>;

export class Ahead {
  private readonly waiting = new Map<number, Fetched>();

  /** @param objects in the order in which they are read */
  constructor(private readonly objects: readonly Fetchable[]) {}

  /** The bytes of the object in this place; those behind it are asked for. */
  async *read(place: number): AsyncGenerator<Buffer> {
    for (let n = place; n < Math.min(place + most, this.objects.length); n++) this.fetch(n);
    const fetched = this.waiting.get(place);
    this.waiting.delete(place);
    if (fetched) yield* await fetched;
    else yield* this.objects[place]!.read();
  }

  private fetch(place: number): void {
    const object = this.objects[place]!;
    if (this.waiting.has(place) || object.sizeBytes > smallBytes) return;
    const fetched = all(object.read());
    // Told when it is its turn; nobody may ask for it any more.
    fetched.catch(() => {});
    this.waiting.set(place, fetched);
  }
}

async function all(chunks: AsyncGenerator<Buffer>): Promise<Buffer[]> {
  const found: Buffer[] = [];
  for await (const chunk of chunks) found.push(chunk);
  return found;
}
