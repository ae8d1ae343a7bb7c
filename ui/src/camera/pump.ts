/**
 * Every new picture of a video, once, with its time. In: a video element and the session's clock. Out: calls with (t_s, now_ms) at the
 * moment at which the video shows it. Next file: `source.ts`.
 */

export interface PumpClock {
  /** Session time of a moment of `performance.now()`. */
  at(now_ms: number): number;
}

interface FrameFacts {
  readonly mediaTime: number;
  readonly captureTime?: number | undefined;
}

/** A media clock further from the session's than this was interrupted, or starts again. */
const LOST_S = 0.25;
/** A capture time further back than this is not on our clock. */
const OLDEST_CAPTURE_MS = 1000;

/** Session time of pictures: by when the camera took them, else by the media's own even clock tied to ours. */
export class MediaClock {
  #offset_s: number | null = null;
  #last_s = Number.NEGATIVE_INFINITY;

  constructor(private readonly clock: PumpClock) {}

  compute(facts: FrameFacts, now_ms: number): number {
    const now_s = this.clock.at(now_ms);
    const t_s = Math.max(this.#estimate(facts, now_ms, now_s), this.#last_s + 0.001, 0);
    this.#last_s = t_s;
    return t_s;
  }

  #estimate(facts: FrameFacts, now_ms: number, now_s: number): number {
    const age_ms = facts.captureTime === undefined ? Number.NaN : now_ms - facts.captureTime;
    if (age_ms >= 0 && age_ms < OLDEST_CAPTURE_MS) return now_s - age_ms / 1000;
    const offset_s = now_s - facts.mediaTime;
    // The smallest offset is the one with the least delay on the way; a large change is an interruption.
    if (this.#offset_s === null || Math.abs(offset_s - this.#offset_s) > LOST_S) this.#offset_s = offset_s;
    else this.#offset_s = Math.min(this.#offset_s, offset_s);
    return facts.mediaTime + this.#offset_s;
  }
}

export class FramePump {
  #isRunning = false;
  #last_media_s = -1;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly times: MediaClock,
    private readonly take: (t_s: number, now_ms: number) => void,
  ) {}

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#ask();
  }

  stop(): void {
    this.#isRunning = false;
  }

  #ask(): void {
    if (!this.#isRunning) return;
    if ("requestVideoFrameCallback" in this.video) {
      // Its own "now" is when the picture is to be shown, which may lie before the capture of a later one.
      this.video.requestVideoFrameCallback((_, facts) => this.#show(facts));
    } else {
      requestAnimationFrame(() => this.#show({ mediaTime: (this.video as HTMLVideoElement).currentTime }));
    }
  }

  #show(facts: FrameFacts): void {
    if (!this.#isRunning) return;
    this.#ask();
    if (facts.mediaTime === this.#last_media_s) return;
    this.#last_media_s = facts.mediaTime;
    const now_ms = performance.now();
    this.take(this.times.compute(facts, now_ms), now_ms);
  }
}
