/** Which fields one document has. One object for all documents of an index. */
import { doubled } from "./doubled";
import type { FieldMap } from "./fields";

export class DocumentShape {
  /** Ids of its fields; the complement of one whose whole value is missing. */
  private signs = new Int32Array(64);
  private count = 0;
  /** Those of the document before, which mostly had the same. */
  private lastSigns: Int32Array | undefined;
  private lastNumber: number | undefined;

  constructor(private readonly fields: FieldMap) {}

  clear(): void {
    this.count = 0;
  }

  /** Each field once. */
  has(id: number): void {
    this.add(id);
  }

  hasWithoutWhole(id: number): void {
    this.add(~id);
  }

  private add(sign: number): void {
    if (this.count === this.signs.length) this.signs = doubled(this.signs);
    this.signs[this.count++] = sign;
  }

  /** Of its fields. */
  ids(): number[] {
    return Array.from(this.signs.subarray(0, this.count)).filter((sign) => sign >= 0);
  }

  /** The number of the shape; undefined where there are too many to tell apart. */
  number(): number | undefined {
    if (this.isAsBefore()) return this.lastNumber;
    const { signs, count } = this;
    const key = Array.from(signs.subarray(0, count), (sign) => (sign < 0 ? `-${~sign}` : `${sign}`)).join(
      ",",
    );
    this.lastNumber = this.fields.shape(key);
    this.lastSigns = signs.slice(0, count);
    return this.lastNumber;
  }

  private isAsBefore(): boolean {
    const { signs, lastSigns, count } = this;
    if (lastSigns?.length !== count) return false;
    for (let at = 0; at < count; at++) if (signs[at] !== lastSigns[at]) return false;
    return true;
  }
}
