/** The program and a browser, for the tests of the page and for its screenshots. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { type Browser, chromium } from "playwright-core";
import { type Ready, type StartedRun, startRun } from "../../engines/local-run";
import { until } from "../until";

const chromiumPath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Why there can be no browser here; undefined where there can be one. */
export function missingBrowser(): string | undefined {
  return existsSync(chromiumPath)
    ? undefined
    : `no browser at ${chromiumPath} (Debian's package chromium, or set CHROMIUM)`;
}

export function launchBrowser(): Promise<Browser> {
  const quiet = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  return chromium.launch({ executablePath: chromiumPath, args: quiet });
}

/** `npm start` on free ports in a folder of its own, with the processor that leaves documents as they are. */
export class ProgramRun {
  readonly data = mkdtempSync(join(tmpdir(), "page-"));
  private run: StartedRun | undefined;
  private ready: Ready | undefined;

  get url(): string {
    return this.ready!.dashboard;
  }

  /** A second start takes the ports of the first, so that an open page finds the server again. */
  async start(set: readonly string[] = ["processor=identity"]): Promise<this> {
    const port = (url: string | undefined) => (url === undefined ? "0" : new URL(url).port);
    this.run = startRun({
      data: this.data,
      firehosePort: port(this.ready?.firehose),
      dashboardPort: port(this.ready?.dashboard),
      set,
    });
    this.ready = await this.run.ready;
    return this;
  }

  /** Ends it as Ctrl-C does. */
  async stop(): Promise<void> {
    this.run?.child.kill("SIGTERM");
    await this.run?.ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Sends documents, each given as its JSON text. */
  async send(documents: readonly string[]): Promise<void> {
    const client = new FirehoseClient({
      endpoint: this.ready!.firehose,
      region: "eu-central-1",
      credentials: { accessKeyId: "any", secretAccessKey: "any" },
    });
    for (let at = 0; at < documents.length; at += 500) {
      const records = documents.slice(at, at + 500).map((text) => ({ Data: Buffer.from(`${text}\n`) }));
      const request = { DeliveryStreamName: this.ready!.streamName, Records: records };
      const answer = await client.send(new PutRecordBatchCommand(request));
      if (answer.FailedPutCount !== 0) throw new Error(`${answer.FailedPutCount} records were not accepted`);
    }
    client.destroy();
  }

  /** Waits until all that was accepted is settled. */
  async settled(): Promise<void> {
    await until(async () => {
      const { accepted, waiting, backedUp } = await this.status();
      return waiting === 0 && backedUp === accepted;
    });
  }

  async status(): Promise<Record<string, number>> {
    const response = await fetch(`${this.url}/api/status`);
    return (await response.json()) as Record<string, number>;
  }
}
