import { describe, expect, it } from "vitest";
import type { Card, Sign } from "../src/api/types";
import {
  answersOn,
  answersUpTo,
  firstOpen,
  isSettled,
  type Ticked,
  tick,
  tickedFrom,
  tickNone,
} from "../src/pages/signs";

const sign = (id: string, rows: readonly string[], is_row = false): Sign => ({ id, text_key: id, rows, is_row });
const card = (id: string, signs: readonly Sign[]): Card => ({
  id,
  title_key: id,
  intro_key: null,
  signs,
  questions: [],
});

const chest = sign("chest", ["E01"], true);
const breathless = sign("breathless", ["E01", "E03"]);
const weak = sign("weak", ["E05", "E03"]);
const disc = sign("C08", ["C08"], true);
const cards = [card("first", [chest, breathless]), card("second", [weak, disc])];

describe("signs", () => {
  it("leave all questions unasked while none is ticked", () => {
    expect(answersUpTo(cards, 1, {})).toEqual({ E01: "no", E03: "no", E05: "no", C08: "no" });
  });

  it("that are a question answer it", () => {
    expect(answersOn(cards[0] as Card, { chest: "yes" })).toMatchObject({ E01: "yes", E03: "no" });
    expect(answersOn(cards[1] as Card, { C08: "unsure" })).toMatchObject({ C08: "unsure", E05: "no" });
    expect(isSettled(chest, { chest: "yes" })).toBe(true);
  });

  it("that open questions are settled by one of them or by none, not by themselves", () => {
    for (const word of ["yes", "unsure"] as const) {
      const opened: Ticked = { breathless: word };
      expect(isSettled(breathless, opened)).toBe(false);
      expect(isSettled(breathless, tick(opened, breathless, "E03", "unsure"))).toBe(true);
      expect(isSettled(breathless, tickNone(opened, breathless, true))).toBe(true);
      expect(isSettled(breathless, tickNone(tickNone(opened, breathless, true), breathless, false))).toBe(false);
    }
  });

  it("count what was told at any place, the strongest of it", () => {
    const both = tick({ chest: "yes", breathless: "yes" }, breathless, "E01", "unsure");
    expect(answersUpTo(cards, 1, both)["E01"]).toBe("yes");
    const elsewhere = tickNone({ ...both, weak: "yes" }, weak, true);
    expect(answersUpTo(cards, 1, tick(elsewhere, breathless, "E03", "yes"))["E03"]).toBe("yes");
  });

  it("take a question back with the sign that opened it", () => {
    const told = tick({ breathless: "yes" }, breathless, "E03", "yes");
    expect(answersUpTo(cards, 1, { ...told, breathless: "no" })["E03"]).toBe("no");
  });

  it("choose between a question and none of them", () => {
    const told = tick(tickNone({ weak: "yes" }, weak, true), weak, "E05", "yes");
    expect(answersOn(cards[1] as Card, told)["E05"]).toBe("yes");
    expect(answersOn(cards[1] as Card, tickNone(told, weak, true))["E05"]).toBe("no");
  });
});

describe("answers so far", () => {
  it("say no only to what no later card asks, and yes at once", () => {
    expect(answersUpTo(cards, 0, {})).toEqual({ E01: "no" });
    expect(answersUpTo(cards, 0, tick({ breathless: "yes" }, breathless, "E03", "yes"))).toEqual({
      E01: "no",
      E03: "yes",
    });
  });

  it("lead back to the card that is open", () => {
    expect(firstOpen(cards, {})).toBe(0);
    expect(firstOpen(cards, answersUpTo(cards, 0, {}))).toBe(1);
    expect(firstOpen(cards, answersUpTo(cards, 1, {}))).toBe(1);
  });

  it("come back as they were", () => {
    for (const answers of [
      { E01: "yes", E03: "unsure", E05: "no", C08: "yes" },
      { E01: "no", E03: "yes", E05: "unsure", C08: "no" },
      { E01: "unsure", E03: "no", E05: "yes", C08: "unsure" },
    ] as const) {
      const ticked = tickedFrom(cards, answers);
      expect(answersUpTo(cards, 1, ticked)).toEqual(answers);
      for (const { signs } of cards) expect(signs.every((one) => isSettled(one, ticked))).toBe(true);
    }
  });
});
