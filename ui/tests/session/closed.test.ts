import { describe, expect, it } from "vitest";
import type { Today } from "../../src/api/types";
import { findClosed } from "../../src/session/closed";

const reason = { rule_id: "O01", key: "safety.cap.O01", params: {} };
const technique = (id: string, available: boolean) => ({ id, available, reasons: available ? [] : [reason] });
const day = (parts: object): Today =>
  ({
    screening_state: "valid",
    alarm: null,
    check_in: {},
    plan: { lock: null, techniques: [technique("seated-twist", true), technique("wall-angels", false)] },
    ...parts,
  }) as unknown as Today;

describe("closed today", () => {
  it("is what the plan closes, with its rules, and nothing else", () => {
    expect(findClosed(day({}), "seated-twist")).toBeNull();
    expect(findClosed(day({}), "wall-angels")?.rule_ids).toEqual(["O01"]);
    // the mobility check is no technique: only what closes the whole day closes it
    expect(findClosed(day({}), "mobility-check")).toBeNull();
  });

  it("is everything while something locks, also without a reason", () => {
    const lock = { reasons: [reason], until: null, lock_ids: [], card: null };
    const locked = day({ plan: { lock, techniques: [technique("seated-twist", false)] } });
    for (const id of ["seated-twist", "mobility-check"]) expect(findClosed(locked, id)?.rule_ids).toEqual(["O01"]);
    const silent = day({ screening_state: "locked", plan: null });
    for (const id of ["seated-twist", "mobility-check"]) expect(findClosed(silent, id)?.sentences).toHaveLength(1);
  });

  it("is the demonstration as well while a danger sign closes everything, also one in unfinished answers", () => {
    expect(findClosed(day({ screening_state: "locked", plan: null }), "seated-twist")?.isShut).toBe(true);
    expect(findClosed(day({ screening_state: "draft", alarm: [] }), "seated-twist")?.isShut).toBe(true);
    expect(findClosed(day({ screening_state: "draft" }), "seated-twist")?.isShut).toBe(false);
    expect(findClosed(day({}), "wall-angels")?.isShut).toBe(false);
  });

  it("is everything before the questions and before the day's check-in", () => {
    for (const screening_state of ["none", "draft", "expired"]) {
      expect(findClosed(day({ screening_state }), "seated-twist")?.sentences).toHaveLength(1);
    }
    expect(findClosed(day({ check_in: null }), "seated-twist")).not.toBeNull();
    expect(findClosed(day({ plan: null }), "mobility-check")).not.toBeNull();
  });
});
