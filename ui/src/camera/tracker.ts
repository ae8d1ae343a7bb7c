/**
 * One engine with its habits: warm-up, light, sizes. In: messages of `protocol.ts`. Out: answers. It does not know whether it lives in
 * a worker or in the page. Next file: `engine.ts`.
 */
import { type EngineWish, hasGraphicsHardware, Landmarker, LightMeter, type Picture } from "./landmarker";
import type { FromWorker, ToWorker } from "./protocol";

/** Pictures before the clock of the warm-up runs: shaders are compiled, caches filled. */
const N_COLD = 2;
const LIGHT_EVERY_MS = 500;

export type Answer = (message: FromWorker, transfer?: Transferable[]) => void;

export function sizeOf(picture: Picture): { readonly width_px: number; readonly height_px: number } {
  if ("displayWidth" in picture) return { width_px: picture.displayWidth, height_px: picture.displayHeight };
  if ("videoWidth" in picture) return { width_px: picture.videoWidth, height_px: picture.videoHeight };
  return { width_px: picture.width, height_px: picture.height };
}

/** Median of some durations. */
export function medianOf(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b);
  const middle = ordered.length >> 1;
  if (ordered.length === 0) return Number.NaN;
  return ordered.length % 2 ? ordered[middle]! : (ordered[middle - 1]! + ordered[middle]!) / 2;
}

export class Tracker {
  #engine: Landmarker | null = null;
  #wish: EngineWish | null = null;
  readonly #light = new LightMeter();
  #brightness: number | null = null;
  #light_ms = Number.NEGATIVE_INFINITY;
  /** The engine's clock starts after the warm-up. */
  #offset_ms = 0;

  constructor(
    private readonly answer: Answer,
    private readonly isModule: boolean,
  ) {}

  async take(message: Exclude<ToWorker, { op: "frame" | "close" }>): Promise<void> {
    try {
      if (message.op === "probe") this.answer({ op: "probed", hasGraphics: this.#probe() });
      if (message.op === "open") {
        this.#wish = message.wish;
        this.#engine = await Landmarker.open(message.wish, this.isModule);
        this.answer({ op: "opened" });
      }
      if (message.op === "warm") this.answer({ op: "warmed", frame_ms: this.#warm(message.pictures, message.blank) });
    } catch (fault) {
      this.answer({ op: "failed", during: message.op, text: String(fault) });
    }
  }

  #probe(): boolean {
    return hasGraphicsHardware(
      typeof OffscreenCanvas === "undefined" ? document.createElement("canvas") : new OffscreenCanvas(8, 8),
    );
  }

  #warm(pictures: readonly ImageBitmap[], blank: ImageBitmap): number {
    if (this.#wish?.task === "count") {
      if (pictures[0]) this.#engine?.count(pictures[0]);
      for (const picture of [...pictures, blank]) picture.close();
      return 0;
    }
    const took: number[] = [];
    for (const [i, picture] of pictures.entries()) {
      const start = performance.now();
      this.#engine?.track(picture, this.#tickWarm());
      if (i >= N_COLD) took.push(performance.now() - start);
    }
    // Nobody: the engine lets go of the person in the warm-up picture and looks afresh in the first real one.
    this.#engine?.track(blank, this.#tickWarm());
    for (const picture of pictures) picture.close();
    blank.close();
    return medianOf(took);
  }

  #tickWarm(): number {
    this.#offset_ms += 34;
    return this.#offset_ms;
  }

  /** Find the landmarks of one picture; whoever calls closes the picture. */
  look(picture: Picture, t_s: number, at_ms: number): void {
    if (!this.#engine) return;
    try {
      if (this.#wish?.task === "count") {
        this.answer({ op: "count", n_persons: this.#engine.count(picture) });
        return;
      }
      const start = performance.now();
      const found = this.#engine.track(picture, this.#offset_ms + at_ms);
      const took_ms = performance.now() - start;
      if (start - this.#light_ms >= LIGHT_EVERY_MS) {
        this.#light_ms = start;
        this.#brightness = this.#light.read(picture);
      }
      const transfer = [found.image?.buffer, found.world?.buffer].filter((b) => b !== undefined);
      this.answer(
        { op: "landmarks", ...found, t_s, ...sizeOf(picture), brightness_frac: this.#brightness, took_ms },
        transfer,
      );
    } catch (fault) {
      this.answer({ op: "failed", during: "frame", text: String(fault) });
    }
  }

  close(): void {
    this.#engine?.close();
    this.#engine = null;
  }
}
