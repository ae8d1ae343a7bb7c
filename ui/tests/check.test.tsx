import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Question } from "../src/api/types";
import { type TickAnswer, Ticks } from "../src/design/choices";
import { keepAsked, missingDetails } from "../src/pages/CheckCard";

function question(id: string, details: readonly string[] = []): Question {
  return { id, tier: "urgent", short_key: `${id} short`, text_key: `${id} text`, details };
}

afterEach(() => document.body.replaceChildren());

describe("details", () => {
  const card = [question("U00", ["pain_now", "constant", "linked_to_movement"]), question("U07")];

  it("are asked only when the row is ticked or unsure", () => {
    expect(missingDetails(card, { U00: "no" }, {})).toEqual([]);
    expect(missingDetails(card, {}, {})).toEqual([]);
    expect(missingDetails(card, { U00: "yes" }, {})).toEqual(["pain_now", "constant", "linked_to_movement"]);
    expect(missingDetails(card, { U00: "unsure" }, { pain_now: 2 })).toEqual(["constant", "linked_to_movement"]);
  });

  it("are told only of rows that are ticked now", () => {
    const told = { pain_now: 8, constant: true, agreed: ["U17", "C12"] };
    const asked = [...card, question("U17", ["agreed"]), question("C12", ["agreed"])];
    expect(keepAsked(asked, {}, told)).toEqual({});
    expect(keepAsked(asked, { U00: "no", U07: "yes" }, told)).toEqual({});
    expect(keepAsked(asked, { U00: "unsure" }, told)).toEqual({ pain_now: 8, constant: true });
    expect(keepAsked(asked, { C12: "yes" }, told)).toEqual({ agreed: ["C12"] });
  });

  it("count zero and no as told", () => {
    expect(missingDetails(card, { U00: "yes" }, { pain_now: 0, constant: false, linked_to_movement: false })).toEqual(
      [],
    );
  });
});

describe("rows to tick", () => {
  function show(answers: Record<string, TickAnswer>, onAnswer: (id: string, answer: TickAnswer) => void) {
    const place = document.createElement("div");
    document.body.append(place);
    const rows = ["A", "B", "C"].map((id) => ({ id, title: `Row ${id}`, text: `All of ${id}` }));
    act(() => render(<Ticks rows={rows} answers={answers} onAnswer={onAnswer} label="Rows" />, place));
    return [...place.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')];
  }

  it("are yes, no or not sure", () => {
    const told = vi.fn();
    const boxes = show({ B: "unsure", C: "yes" }, told);
    expect(boxes.map(({ checked }) => checked)).toEqual([false, false, true]);
    act(() => boxes[0]?.click());
    expect(told).toHaveBeenLastCalledWith("A", "yes");
    act(() => boxes[2]?.click());
    expect(told).toHaveBeenLastCalledWith("C", "no");
    const unsure = [...document.querySelectorAll<HTMLButtonElement>(".unsure")];
    expect(unsure.map((button) => button.getAttribute("aria-pressed"))).toEqual(["false", "true", "false"]);
    act(() => unsure[1]?.click());
    expect(told).toHaveBeenLastCalledWith("B", "no");
  });

  it("are walked with the arrows and stop at the ends", () => {
    const boxes = show({}, () => undefined);
    const press = (key: string) =>
      act(() => void document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })));
    boxes[0]?.focus();
    press("ArrowDown");
    expect(document.activeElement).toBe(boxes[1]);
    press("ArrowDown");
    press("ArrowDown");
    expect(document.activeElement).toBe(boxes[2]);
    press("ArrowUp");
    expect(document.activeElement).toBe(boxes[1]);
  });

  it("carry their full wording for a reader", () => {
    const [first] = show({}, () => undefined);
    expect(first?.getAttribute("aria-label")).toBe("Row A");
    expect(document.getElementById(first?.getAttribute("aria-describedby") ?? "")?.textContent).toBe("All of A");
  });
});
