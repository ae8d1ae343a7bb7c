import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nextLevel, SoundDesk } from "../../src/voice/sound";
import { pickVoice, Speaker, type Synth, type Voice } from "../../src/voice/speech";

const voice = (name: string, lang: string, localService = true, isDefault = false): Voice => ({
  name,
  lang,
  localService,
  default: isDefault,
});
const ANNA = voice("Anna", "en-GB", true, true);

class FakeSynth implements Synth<Voice> {
  said: string[] = [];
  n_cancelled = 0;
  #end: () => void = () => {};
  constructor(readonly voices: Voice[] = [ANNA]) {}
  getVoices() {
    return this.voices;
  }
  speak(text: string, _: Voice, onEnd: () => void) {
    this.said.push(text);
    this.#end = onEnd;
  }
  cancel() {
    this.n_cancelled++;
  }
  end() {
    this.#end();
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("pickVoice", () => {
  it("never takes a voice that sends the text away", () => {
    expect(pickVoice([voice("Cloud", "en-US", false, true)], "en", "Cloud")).toBeNull();
  });

  it("takes the person's wish, then the language's default", () => {
    const voices = [voice("Bo", "sv-SE"), voice("Cy", "en-US"), ANNA];
    expect(pickVoice(voices, "en", null)?.name).toBe("Anna");
    expect(pickVoice(voices, "en", "Cy")?.name).toBe("Cy");
    expect(pickVoice(voices, "en", "gone")?.name).toBe("Anna");
    expect(pickVoice([voice("Bo", "sv-SE")], "en", null)).toBeNull();
  });
});

describe("Speaker", () => {
  it("says one sentence at a time, and the newest of those that wait", () => {
    const synth = new FakeSynth();
    const speaker = new Speaker(synth, "en", () => null);
    speaker.say("one", "prompt");
    speaker.say("two", "prompt");
    speaker.say("three", "prompt");
    expect(synth.said).toEqual(["one"]);
    synth.end();
    expect(synth.said).toEqual(["one", "three"]);
  });

  it("lets safety cut in and forgets what waited", () => {
    const synth = new FakeSynth();
    const speaker = new Speaker(synth, "en", () => null);
    speaker.say("breathe", "prompt");
    speaker.say("turn", "prompt");
    speaker.say("stop", "safety");
    expect(synth.n_cancelled).toBe(1);
    expect(synth.said).toEqual(["breathe", "stop"]);
    synth.end();
    expect(synth.said).toEqual(["breathe", "stop"]);
  });

  it("keeps a correction that waits before a prompt", () => {
    const synth = new FakeSynth();
    const speaker = new Speaker(synth, "en", () => null);
    speaker.say("one", "prompt");
    speaker.say("grow tall", "form");
    speaker.say("two", "prompt");
    synth.end();
    expect(synth.said).toEqual(["one", "grow tall"]);
  });

  it("does not say what has become old, and survives a voice that never ends", () => {
    const synth = new FakeSynth();
    let now_ms = 0;
    const speaker = new Speaker(
      synth,
      "en",
      () => null,
      () => now_ms,
    );
    speaker.say("one", "prompt");
    speaker.say("two", "prompt");
    now_ms = 60_000;
    vi.advanceTimersByTime(60_000);
    expect(synth.said).toEqual(["one"]);
    speaker.say("three", "prompt");
    expect(synth.said).toEqual(["one", "three"]);
  });
});

describe("SoundDesk", () => {
  function makeDesk(level: "voice" | "bell" | "silent", hasVoice = true) {
    const heard: string[] = [];
    const speaker = { say: (text: string) => heard.push(`say ${text}`), stop: () => heard.push("stop"), hasVoice };
    const tones = {
      play: (tone: string) => heard.push(`tone ${tone}`),
      breathe: (phase: string) => heard.push(`breath ${phase}`),
      hush: () => heard.push("hush"),
    };
    const desk = new SoundDesk(
      speaker as never,
      tones as never,
      () => level,
      () => true,
    );
    return { desk, heard };
  }

  it("speaks, rings or is silent", () => {
    for (const [level, expected] of [
      ["voice", ["say turn", "say grow", "tone done"]],
      ["bell", ["tone ready", "tone done"]],
      ["silent", []],
    ] as const) {
      const { desk, heard } = makeDesk(level);
      desk.say("turn", "prompt");
      desk.say("grow", "form");
      desk.play("done");
      expect(heard).toEqual(expected);
    }
  });

  it("rings where the device has no voice", () => {
    const { desk, heard } = makeDesk("voice", false);
    desk.say("turn", "prompt");
    expect(heard).toEqual(["tone ready"]);
  });

  it("goes round the three levels", () => {
    expect([nextLevel("voice"), nextLevel("bell"), nextLevel("silent")]).toEqual(["bell", "silent", "voice"]);
  });
});
