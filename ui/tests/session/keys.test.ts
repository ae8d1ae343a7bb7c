import { describe, expect, it } from "vitest";
import { DigitReader } from "../../src/session/digits";
import { readKey } from "../../src/session/keys";
import type { View } from "../../src/session/view";
import { makeState, makeVerdict, makeView } from "./builders";

const press = (key: string, view: View, isOnControl = false) => readKey({ key }, view, isOnControl);
const live = makeView();
const paused = makeView({ state: makeState({ phase: "paused", paused: "user" }) });
const setup = makeView({ stage: "setup", state: null, welcome: null });

describe("readKey", () => {
  it("does a whole session by keys", () => {
    expect(press("Enter", setup)).toBe("start");
    expect(press(" ", live)).toBe("pause");
    expect(press(" ", paused)).toBe("resume");
    expect(press("Enter", live)).toBe("next");
    expect(press("ArrowRight", live)).toBe("next");
    expect(press("v", live)).toBe("sound");
    expect(press("V", live)).toBe("sound");
    expect(press("h", live)).toBe("pain");
    expect(press("p", live)).toBe("pop");
    expect(press("Escape", live)).toBe("ask-end");
    expect(press("Enter", makeView({ stage: "over" }))).toBe("summary");
  });

  it("asks once before it ends", () => {
    const asking = makeView({ dialog: "end" });
    expect(press("Escape", asking)).toBe("stay");
    expect(press("Enter", asking)).toBe("end");
    expect(press("p", asking)).toBeNull();
  });

  it("leaves the keys of a sheet, of a control and of the browser alone", () => {
    expect(press("v", makeView({ dialog: "pain" }))).toBeNull();
    expect(press(" ", live, true)).toBeNull();
    expect(press("Enter", setup, true)).toBeNull();
    expect(readKey({ key: "p", ctrlKey: true }, live, false)).toBeNull();
    expect(readKey({ key: " ", repeat: true }, live, false)).toBeNull();
  });

  it("reaches the pain sheet from everywhere but a stop", () => {
    for (const view of [setup, live, paused]) expect(press("h", view)).toBe("pain");
    const stopped = makeView({ verdict: makeVerdict() });
    expect(press("h", stopped)).toBeNull();
    expect(press("Enter", stopped)).toBe("summary");
    expect(press(" ", stopped)).toBeNull();
  });

  it("notes a pop only while a session is on", () => {
    expect(press("p", setup)).toBeNull();
  });
});

describe("DigitReader", () => {
  it("reads one digit at a time, and a quick 1 0 as ten", () => {
    const reader = new DigitReader();
    expect(reader.read("7", 0)).toBe(7);
    expect(reader.read("1", 1000)).toBe(1);
    expect(reader.read("0", 1300)).toBe(10);
    expect(reader.read("0", 1500)).toBe(0);
    expect(reader.read("1", 5000)).toBe(1);
    expect(reader.read("0", 9000)).toBe(0);
    expect(reader.read("a", 9100)).toBeNull();
  });
});
