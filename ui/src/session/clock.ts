/**
 * The session's clock: seconds since it began, only forward. In: `performance.now()` and the wall clock. Out: `t_s` for every message, and
 * a word when time jumped (a closed lid). Next file: `socket.ts`.
 */

export interface Clocks {
  readonly steady_ms: () => number;
  readonly wall_ms: () => number;
}

const REAL: Clocks = { steady_ms: () => performance.now(), wall_ms: () => Date.now() };

/** A gap between two looks at the clock that no busy page explains. */
export const JUMP_S = 2;
/** Pictures are this much older than now when they are sent, at first guess. */
const FIRST_LAG_S = 0.15;
const MAX_LAG_S = 0.6;

export class SessionClock {
  #origin_ms: number;
  #sent_s = 0;
  #lag_s = 0;
  #look: { readonly steady_ms: number; readonly wall_ms: number } | null = null;

  constructor(private readonly clocks: Clocks = REAL) {
    this.#origin_ms = clocks.steady_ms();
  }

  /** Begin, or go on where the server stands. */
  start(t_s = 0): void {
    this.#origin_ms = this.clocks.steady_ms() - t_s * 1000;
    this.#sent_s = t_s;
    this.#look = null;
  }

  at(steady_ms: number): number {
    return Math.max(0, (steady_ms - this.#origin_ms) / 1000);
  }

  now(): number {
    return this.at(this.clocks.steady_ms());
  }

  /** Time of a picture's message. Pictures arrive late; the lag is learned, so that no other message overtakes them. */
  stampFrame(t_s: number): number {
    const lag_s = Math.min(MAX_LAG_S, Math.max(0, this.now() - t_s));
    this.#lag_s = this.#lag_s === 0 ? Math.max(lag_s, FIRST_LAG_S) : Math.max(lag_s, 0.95 * this.#lag_s + 0.05 * lag_s);
    this.#sent_s = Math.max(this.#sent_s, t_s);
    return this.#sent_s;
  }

  /** Time of every other message: never before one that was sent. */
  stamp(): number {
    this.#sent_s = Math.max(this.#sent_s, this.now() - this.#lag_s);
    return this.#sent_s;
  }

  /** No pictures come any more: nothing can be overtaken. */
  forgetLag(): void {
    this.#lag_s = 0;
  }

  /** Seconds that went missing since the last call, 0 when none did. The steady clock may sleep with the computer; the wall clock does not. */
  checkJump(expected_s: number): number {
    const here = { steady_ms: this.clocks.steady_ms(), wall_ms: this.clocks.wall_ms() };
    const before = this.#look;
    this.#look = here;
    if (!before) return 0;
    const gone_s = Math.max(here.steady_ms - before.steady_ms, here.wall_ms - before.wall_ms) / 1000;
    return gone_s - expected_s > JUMP_S ? gone_s : 0;
  }
}
