import { doesNotMatch, match, strictEqual } from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { startProgress, type Total } from "../../publisher/progress";
import type { Summary } from "../../publisher/wire/send";

const sent = (changes: Partial<Summary>): Summary => ({
  accepted: 0,
  acceptedBytes: 0,
  unsent: 0,
  calls: 0,
  resent: 0,
  throttledCalls: 0,
  possibleDuplicates: 0,
  ...changes,
});

/** What a terminal of this width is sent. */
class Terminal extends EventEmitter {
  readonly columns = 200;
  text = "";

  constructor(readonly isTTY: boolean) {
    super();
  }

  write(text: string): boolean {
    this.text += text;
    this.emit("written");
    return true;
  }

  async until(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.text)) await once(this, "written");
  }
}

describe("publisher/progress", () => {
  const start = (total: Total, isTTY = true) => {
    const terminal = new Terminal(isTTY);
    return { terminal, progress: startProgress(total, terminal as unknown as NodeJS.WriteStream) };
  };

  it("shows records, bytes, rate, resent records and the time left where the number is known", async () => {
    const { terminal, progress } = start({ records: 1000 });

    progress.update(sent({ accepted: 250, acceptedBytes: 2_500_000, resent: 7 }));
    await terminal.until(/250 records/);
    progress.stop();

    match(terminal.text, /25% \| 250 records \| 2\.5 MB \| \d+\/s \| 7 resent \| \S+ left/);
  });

  it("goes by bytes where only these are known", async () => {
    const { terminal, progress } = start({ bytes: 10_000_000 });

    progress.update(sent({ accepted: 250, acceptedBytes: 5_000_000 }));
    await terminal.until(/250 records/);
    progress.stop();

    match(terminal.text, /50% \| 250 records/);
  });

  it("shows no end where none is known", async () => {
    const { terminal, progress } = start({});

    progress.update(sent({ accepted: 250, acceptedBytes: 5_000_000 }));
    await terminal.until(/250 records/);
    progress.stop();

    doesNotMatch(terminal.text, /%|left|NaN|Infinity/);
  });

  it("takes its line away at the end and gives the cursor back", () => {
    const { terminal, progress } = start({ records: 1000 });

    progress.stop();

    const hidden = terminal.text.lastIndexOf("\x1b[?25l");
    strictEqual(hidden >= 0 && terminal.text.lastIndexOf("\x1b[?25h") > hidden, true);
    strictEqual(terminal.text.endsWith("\x1b[1G\x1b[2K"), true, JSON.stringify(terminal.text));
  });

  it("is quiet where standard error is no terminal", () => {
    const { terminal, progress } = start({ records: 1000 }, false);

    progress.update(sent({ accepted: 1000 }));
    progress.stop();

    strictEqual(terminal.text, "");
  });
});
