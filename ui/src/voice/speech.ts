/**
 * The voice: the device's own, one sentence at a time. In: sentences with their urgency. Out: speech. Only voices that live on this
 * device are used, for others send the text away. Next file: `tones.ts`.
 */

export type Urgency = "prompt" | "form" | "safety";

export interface Voice {
  readonly name: string;
  readonly lang: string;
  readonly localService: boolean;
  readonly default: boolean;
}

export interface Synth<V extends Voice = SpeechSynthesisVoice> {
  getVoices(): V[];
  speak(text: string, voice: V, onEnd: () => void): void;
  cancel(): void;
}

interface Waiting {
  readonly text: string;
  readonly urgency: Urgency;
  readonly until_ms: number;
}

/** A sentence that waited longer than this is no longer true. */
const STALE_MS = 5000;
/** Some browsers forget to say that a sentence has ended. */
const LONGEST_MS_PER_WORD = 700;
const LONGEST_MS = 2500;

/** A voice on this device in the language, the person's wish first. */
export function pickVoice<V extends Voice>(voices: readonly V[], language: string, wish: string | null): V | null {
  const own = voices.filter((voice) => voice.localService);
  const fitting = own.filter((voice) => voice.lang.toLowerCase().replace("_", "-").startsWith(language));
  return own.find((voice) => voice.name === wish) ?? fitting.find((voice) => voice.default) ?? fitting[0] ?? null;
}

export class Speaker<V extends Voice = SpeechSynthesisVoice> {
  #now: { readonly urgency: Urgency; readonly turn: number } | null = null;
  #waiting: Waiting | null = null;
  #turn = 0;
  #watchdog: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly synth: Synth<V>,
    private readonly language: string,
    private readonly wish: () => string | null,
    private readonly now_ms: () => number = () => performance.now(),
  ) {}

  /** Whether this device has a voice of its own. */
  get hasVoice(): boolean {
    return pickVoice(this.synth.getVoices(), this.language, this.wish()) !== null;
  }

  /** Say it now, after the sentence that is being said, or not at all. Safety cuts in. */
  say(text: string, urgency: Urgency): void {
    if (urgency === "safety") {
      this.stop();
      this.#speak(text, urgency);
      return;
    }
    if (!this.#now) {
      this.#speak(text, urgency);
      return;
    }
    // One may wait: what corrects goes before what guides, the newer before the older.
    if (this.#waiting && this.#waiting.urgency === "form" && urgency === "prompt") return;
    this.#waiting = { text, urgency, until_ms: this.now_ms() + STALE_MS };
  }

  stop(): void {
    this.#waiting = null;
    this.#now = null;
    this.#turn++;
    clearTimeout(this.#watchdog);
    this.synth.cancel();
  }

  #speak(text: string, urgency: Urgency): void {
    const voice = pickVoice(this.synth.getVoices(), this.language, this.wish());
    if (!voice) return;
    const turn = ++this.#turn;
    this.#now = { urgency, turn };
    const longest_ms = LONGEST_MS + text.split(/\s+/).length * LONGEST_MS_PER_WORD;
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#end(turn), longest_ms);
    this.synth.speak(text, voice, () => this.#end(turn));
  }

  #end(turn: number): void {
    if (this.#now?.turn !== turn) return;
    clearTimeout(this.#watchdog);
    this.#now = null;
    const next = this.#waiting;
    this.#waiting = null;
    if (next && this.now_ms() <= next.until_ms) this.#speak(next.text, next.urgency);
  }
}

/** The browser's synthesiser, or one that has no voices. */
export function openSynth(): Synth {
  const engine = typeof speechSynthesis === "undefined" ? null : speechSynthesis;
  // Voices are listed late: asking once makes the browser look.
  engine?.getVoices();
  return {
    getVoices: () => engine?.getVoices() ?? [],
    cancel: () => engine?.cancel(),
    speak(text, voice, onEnd) {
      const utterance = new SpeechSynthesisUtterance(text);
      utterance.voice = voice;
      utterance.lang = voice.lang;
      utterance.rate = 0.95;
      utterance.onend = onEnd;
      utterance.onerror = onEnd;
      engine?.speak(utterance);
    },
  };
}
