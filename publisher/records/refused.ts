/** The file of lines that are too long for a record: kept whole, named with file and line on standard error. */
import { closeSync, openSync } from "node:fs";
import { maxRecordBytes } from "../../firehose/limits";
import type { RefusedLine } from "./lines";
import { freshName, writeFully } from "./unsent";

export class RefusedFile {
  private file: number | undefined;
  path: string | undefined;
  /** Lines in it. */
  count = 0;

  constructor(private readonly say: (text: string) => void) {}

  /** @param place such as `access.log:17` */
  readonly refuse = (place: string): RefusedLine => {
    this.count++;
    if (this.file === undefined) {
      this.path = freshName("refused");
      this.file = openSync(this.path, "wx");
    }
    const file = this.file;
    return {
      write: (piece) => writeFully(file, piece),
      end: (bytes) => {
        writeFully(file, Buffer.from("\n"));
        this.say(
          `${place}: refused, ${bytes} bytes; allowed: up to ${maxRecordBytes} bytes; kept in ${this.path}`,
        );
      },
    };
  };

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }
}
