/**
 * Which model and which delegate: by measurement, remembered in this browser. In: durations. Out: decisions. Next file: `engine.ts`.
 */
import type { Delegate, ModelName } from "./landmarker";

/** A graphics delegate slower than this is a pretence; the processor is used instead. */
export const SLOW_GPU_MS = 150;
/** Below this rate the lighter model is used. */
export const LEAST_FPS = 12;
/** A device may get faster, or have been busy: a remembered choice is tried again after this. */
const REMEMBER_MS = 7 * 24 * 3600 * 1000;
const STORED = "unkink.pose";

export interface Choice {
  readonly model: ModelName;
  readonly delegate: Delegate;
}

interface Remembered extends Choice {
  readonly at_ms: number;
}

export function isTooSlow(choice: Choice, frame_ms: number): "delegate" | "model" | null {
  if (choice.delegate === "GPU" && frame_ms > SLOW_GPU_MS) return "delegate";
  if (choice.model === "full" && frame_ms > 1000 / LEAST_FPS) return "model";
  return null;
}

export function readChoice(now_ms: number, storage: Pick<Storage, "getItem"> = localStorage): Choice | null {
  try {
    const found = JSON.parse(storage.getItem(STORED) ?? "null") as Remembered | null;
    if (!found || now_ms - found.at_ms > REMEMBER_MS || now_ms < found.at_ms) return null;
    if (!["lite", "full"].includes(found.model) || !["GPU", "CPU"].includes(found.delegate)) return null;
    return { model: found.model, delegate: found.delegate };
  } catch {
    return null;
  }
}

export function rememberChoice(choice: Choice, now_ms: number, storage: Pick<Storage, "setItem"> = localStorage): void {
  try {
    const { model, delegate } = choice;
    storage.setItem(STORED, JSON.stringify({ model, delegate, at_ms: now_ms } satisfies Remembered));
  } catch {
    // Without storage it is measured again next time.
  }
}

/** Rate of something over the last seconds. */
export class RateMeter {
  readonly #times_ms: number[] = [];

  constructor(private readonly window_ms = 2000) {}

  mark(now_ms: number): void {
    this.#times_ms.push(now_ms);
    while (this.#times_ms[0]! < now_ms - this.window_ms) this.#times_ms.shift();
  }

  /** Per second; NaN until half a window has passed. */
  read(): number {
    const first = this.#times_ms[0];
    const last = this.#times_ms.at(-1);
    if (first === undefined || last === undefined || last - first < this.window_ms / 2) return Number.NaN;
    return ((this.#times_ms.length - 1) * 1000) / (last - first);
  }

  clear(): void {
    this.#times_ms.length = 0;
  }
}
