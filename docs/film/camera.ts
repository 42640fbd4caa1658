/** Takes what a tab shows, one picture after another, and keeps of each what is other than in the one before. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { animatedWebp, type FilmFrame } from "./animated-webp";

/** In a tab of its own: finds what has changed, and encodes that part. */
const cutter = `
  let before;
  window.cut = async (url, quality) => {
    const picture = await createImageBitmap(await (await fetch(url)).blob());
    const { width, height } = picture;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    context.drawImage(picture, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
    let [left, top, right, bottom] = before ? [width, height, -1, -1] : [0, 0, width - 1, height - 1];
    for (let at = 0; before && at < pixels.length; at += 1) {
      if (pixels[at] === before[at]) continue;
      const [x, y] = [at % width, Math.floor(at / width)];
      [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
    }
    before = pixels;
    if (right < 0) return undefined;
    [left, top] = [left - left % 2, top - top % 2];
    const part = { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
    const cut = new OffscreenCanvas(part.width, part.height);
    cut.getContext("2d", { alpha: false }).drawImage(picture, -left, -top);
    const bytes = new Uint8Array(await (await cut.convertToBlob({ type: "image/webp", quality })).arrayBuffer());
    return { ...part, webp: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")) };
  };
`;

interface Part extends Omit<FilmFrame, "webp" | "durationMs"> {
  /** In base64. */
  readonly webp: string;
}

export interface CameraOptions {
  /** What is filmed. */
  readonly tab: Page;
  /** An empty one to work in. */
  readonly workshop: Page;
  /** Between 0 and 1, which keeps every pixel as it is. */
  readonly quality: number;
  /** Folder for the single pictures, for who looks at them. @default nowhere */
  readonly pictures?: string | undefined;
}

export class Camera {
  private readonly frames: FilmFrame[] = [];

  constructor(private readonly options: CameraOptions) {}

  async begin(): Promise<void> {
    await this.options.workshop.evaluate(cutter);
  }

  /** What the tab shows now is seen so long. */
  async shoot(durationMs: number): Promise<void> {
    const { tab, workshop, quality, pictures } = this.options;
    const png = await tab.screenshot();
    const url = `data:image/png;base64,${png.toString("base64")}`;
    const part = (await workshop.evaluate(`cut(${JSON.stringify(url)}, ${quality})`)) as Part | undefined;
    if (!part) {
      const last = this.frames.pop()!;
      this.frames.push({ ...last, durationMs: last.durationMs + durationMs });
      return;
    }
    this.frames.push({ ...part, webp: Buffer.from(part.webp, "base64"), durationMs });
    const number = String(this.frames.length).padStart(2, "0");
    if (pictures) writeFileSync(join(pictures, `film-${number}.png`), png);
  }

  get durationMs(): number {
    return this.frames.reduce((sum, frame) => sum + frame.durationMs, 0);
  }

  film(): Buffer {
    const { width, height } = this.options.tab.viewportSize()!;
    return animatedWebp(width, height, this.frames);
  }
}
