import { HELP, ROW_CARDS, STOPS } from "virtual:safety-cards";
import { describe, expect, it } from "vitest";
import { has } from "../src/text/catalogue";

describe("what the page knows of the safety rules without a server", () => {
  it("has help cards, stop signs and a card for each emergency row", () => {
    expect(HELP.length).toBeGreaterThan(10);
    expect(STOPS.map(({ id }) => id)).toEqual(["S01", "S02", "S03", "S04", "S05"]);
    expect(Object.keys(ROW_CARDS)).toHaveLength(12);
    const known = new Set(HELP.map(({ id }) => id));
    for (const card of [...STOPS.map((stop) => stop.card), ...Object.values(ROW_CARDS)]) expect(known).toContain(card);
  });

  it("has every text of them", () => {
    const keys = HELP.flatMap(({ id, nSteps, hasSay }) => [
      `help.${id}.title`,
      `help.${id}.why`,
      ...Array.from({ length: nSteps }, (_, i) => `help.${id}.do.${i + 1}`),
      ...(hasSay ? [`help.${id}.say`] : []),
    ]);
    expect([...keys, ...STOPS.map(({ id }) => `safety.symptom.${id}`)].filter((key) => !has(key))).toEqual([]);
  });

  it("opens the help page with what to do in an emergency", () => {
    expect(HELP[0]).toMatchObject({ id: "emergency", call: "emergency", isOnHelpPage: true });
  });
});
