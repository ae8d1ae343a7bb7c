/**
 * What is heard at each of the three levels: voice, bell, silent. In: sounds that the session asks for. Out: voice and tones. Next file:
 * `../session/controller.ts`.
 */
import type { Speaker, Urgency } from "./speech";
import type { Tone, Tones } from "./tones";

export type Level = "voice" | "bell" | "silent";

const ORDER: readonly Level[] = ["voice", "bell", "silent"];

export function nextLevel(level: Level): Level {
  return ORDER[(ORDER.indexOf(level) + 1) % ORDER.length]!;
}

export class SoundDesk {
  /** Text that was said last, for tests and for "say it again". */
  last = "";

  constructor(
    private readonly speaker: Pick<Speaker, "say" | "stop" | "hasVoice">,
    private readonly tones: Pick<Tones, "play" | "breathe" | "hush">,
    private readonly level: () => Level,
    private readonly hasBreathTone: () => boolean,
  ) {}

  say(text: string, urgency: Urgency): void {
    this.last = text;
    const level = this.level();
    if (level === "silent") return;
    if (level === "voice" && this.speaker.hasVoice) {
      this.speaker.say(text, urgency);
      return;
    }
    // A bell says: look. It rings for what changes, not for each correction.
    if (urgency !== "form") void this.tones.play("ready");
  }

  play(tone: Tone): void {
    if (this.level() !== "silent") void this.tones.play(tone);
  }

  breathe(phase: "in" | "out", duration_s: number): void {
    if (this.level() !== "silent" && this.hasBreathTone()) void this.tones.breathe(phase, duration_s);
  }

  /** After the level was changed: what is being said stops. */
  applyLevel(): void {
    if (this.level() !== "voice") this.speaker.stop();
    if (this.level() === "silent") this.tones.hush();
  }

  hush(): void {
    this.tones.hush();
  }

  stop(): void {
    this.speaker.stop();
    this.tones.hush();
  }
}
