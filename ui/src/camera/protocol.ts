/** What the page and its pose worker say to each other. Pictures go in and are closed there; numbers come out. */
import type { EngineWish, Found } from "./landmarker";

export type ToWorker =
  | { readonly op: "probe" }
  | { readonly op: "open"; readonly wish: EngineWish }
  | { readonly op: "warm"; readonly pictures: readonly ImageBitmap[]; readonly blank: ImageBitmap }
  /** The worker gives back what it holds, and ends. */
  | { readonly op: "close" }
  | { readonly op: "frame"; readonly picture: VideoFrame | ImageBitmap; readonly t_s: number; readonly at_ms: number };

export interface Landmarks extends Found {
  readonly t_s: number;
  readonly width_px: number;
  readonly height_px: number;
  readonly brightness_frac: number | null;
  /** Time that the engine took. */
  readonly took_ms: number;
}

export type FromWorker =
  | { readonly op: "probed"; readonly hasGraphics: boolean }
  | { readonly op: "opened" }
  | { readonly op: "warmed"; readonly frame_ms: number }
  | ({ readonly op: "landmarks" } & Landmarks)
  | { readonly op: "count"; readonly n_persons: number }
  | { readonly op: "failed"; readonly during: string; readonly text: string };
