/**
 * Three soft tones and the breath as a tone, all made here. In: what to sound. Out: sound through WebAudio. Next file: `sound.ts`.
 */

export type Tone = "ready" | "reached" | "done";

/** Notes of each tone: [start in seconds, pitch in hertz, length in seconds]. Thirds and fifths: nothing that startles. */
export const NOTES: Readonly<Record<Tone, readonly (readonly [number, number, number])[]>> = {
  ready: [[0, 392, 0.5]],
  reached: [
    [0, 523.25, 0.9],
    [0.16, 659.25, 1.1],
  ],
  done: [
    [0, 392, 0.9],
    [0.2, 523.25, 1],
    [0.4, 659.25, 1.6],
  ],
};

const LONGEST_TONE_S = 2;
const SLEEP_S = 0.5;
const LOUD = 0.16;
const BREATH_LOUD = 0.05;
const BREATH_LOW_HZ = 146.83;
const BREATH_HIGH_HZ = 220;

export class Tones {
  #context: AudioContext | null = null;
  #sleep: ReturnType<typeof setTimeout> | undefined;
  #breath: { readonly oscillator: OscillatorNode; readonly gain: GainNode } | null = null;

  /** To be called from a key or a click: browsers let nothing sound before. */
  wake(): void {
    if (typeof AudioContext === "undefined" || this.#context) return;
    this.#context = new AudioContext();
    this.#sleepAfter(0.1);
  }

  /** A running context costs the processor even in silence: it sleeps between tones. */
  #sleepAfter(length_s: number): void {
    clearTimeout(this.#sleep);
    this.#sleep = setTimeout(() => void this.#context?.suspend().catch(() => {}), (length_s + SLEEP_S) * 1000);
  }

  async #rouse(length_s: number): Promise<AudioContext | null> {
    const context = this.#context;
    if (!context) return null;
    this.#sleepAfter(length_s);
    if (context.state === "suspended") await context.resume().catch(() => {});
    return context.state === "running" ? context : null;
  }

  async play(tone: Tone): Promise<void> {
    const context = await this.#rouse(LONGEST_TONE_S);
    if (!context) return;
    for (const [start_s, pitch_hz, length_s] of NOTES[tone])
      strike(context, context.currentTime + start_s, pitch_hz, length_s);
  }

  /** A tone that rises while breathing in and falls while breathing out. */
  async breathe(phase: "in" | "out", duration_s: number): Promise<void> {
    if (!(duration_s > 0)) return;
    const context = await this.#rouse(duration_s);
    if (!context) return;
    this.hush();
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    const [from, to] = phase === "in" ? [BREATH_LOW_HZ, BREATH_HIGH_HZ] : [BREATH_HIGH_HZ, BREATH_LOW_HZ];
    const now = context.currentTime;
    oscillator.frequency.setValueAtTime(from, now);
    oscillator.frequency.exponentialRampToValueAtTime(to, now + duration_s);
    gain.gain.setValueAtTime(0, now);
    gain.gain.linearRampToValueAtTime(BREATH_LOUD, now + 0.35 * duration_s);
    gain.gain.linearRampToValueAtTime(0, now + duration_s);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(now);
    oscillator.stop(now + duration_s + 0.05);
    this.#breath = { oscillator, gain };
  }

  hush(): void {
    const context = this.#context;
    if (!this.#breath || !context) return;
    this.#breath.gain.gain.cancelScheduledValues(context.currentTime);
    this.#breath.gain.gain.setTargetAtTime(0, context.currentTime, 0.05);
    this.#breath = null;
  }

  close(): void {
    clearTimeout(this.#sleep);
    void this.#context?.close();
    this.#context = null;
    this.#breath = null;
  }
}

function strike(context: AudioContext, at_s: number, pitch_hz: number, length_s: number): void {
  for (const [partial, share] of [
    [1, 1],
    [2, 0.22],
    [3, 0.06],
  ] as const) {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.frequency.value = pitch_hz * partial;
    gain.gain.setValueAtTime(0, at_s);
    gain.gain.linearRampToValueAtTime(LOUD * share, at_s + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, at_s + length_s);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(at_s);
    oscillator.stop(at_s + length_s + 0.05);
  }
}
