import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FromPage, VerdictMessage } from "../../src/generated/messages";
import { Reports, VERDICT_MS } from "../../src/session/reports";

function makeWays(isThere: boolean) {
  const sent: FromPage[] = [];
  const stops: VerdictMessage[] = [];
  const late: string[] = [];
  const state = { isThere, heard_ms: 0, isTaken: true };
  const reports = new Reports({
    send: (message) => {
      if (state.isThere) sent.push(message);
      return state.isThere;
    },
    stamp: () => 42,
    after: (wait_ms, run) => void setTimeout(run, wait_ms),
    heard_ms: () => state.heard_ms,
    isStopped: () => stops.length > 0,
    stop: (verdict) => stops.push(verdict),
    tellLate: async (rule_id) => {
      late.push(rule_id);
      return state.isTaken;
    },
  });
  return { reports, sent, stops, late, state };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("Reports", () => {
  it("stops by itself at once when nobody can be asked, whatever the pain, and tells it later", () => {
    const { reports, sent, stops, state } = makeWays(false);
    reports.pain(1, "ache");
    expect(stops).toHaveLength(1);
    expect(stops[0]).toMatchObject({ kind: "stop", card: "pain" });
    state.isThere = true;
    reports.settle();
    expect(sent).toEqual([{ op: "pain", t_s: 42, score: 1, kind: "ache" }]);
    reports.settle();
    expect(sent).toHaveLength(1);
  });

  it("tells by the other door, once the session is over, of the signs that no verdict named", async () => {
    const { reports, late, state } = makeWays(true);
    reports.sign("S01");
    reports.pain(3, "tingling");
    reports.pain(6, "ache");
    reports.hear({
      op: "verdict",
      t_s: 42,
      kind: "stop",
      reasons: [{ rule_id: "S01", key: "k", params: {} }],
      card: null,
    });
    state.isTaken = false;
    reports.close();
    await Promise.resolve();
    expect(late).toHaveLength(1);
    expect(late[0]).toMatch(/^S0/);
    expect(late[0]).not.toBe("S01");
    state.isTaken = true;
    reports.close();
    await vi.advanceTimersByTimeAsync(1);
    reports.close();
    expect(late).toHaveLength(2);
  });

  it("waits for the rules' word on a mild pain, and stops when nothing is heard", () => {
    const answered = makeWays(true);
    answered.reports.pain(2, "stretch");
    answered.state.heard_ms = performance.now() + 10;
    vi.advanceTimersByTime(VERDICT_MS + 1);
    expect(answered.stops).toHaveLength(0);

    const silent = makeWays(true);
    silent.reports.pain(2, "stretch");
    silent.state.heard_ms = performance.now() - 1;
    vi.advanceTimersByTime(VERDICT_MS + 1);
    expect(silent.stops).toHaveLength(1);
  });

  it("stops for a sign and for a kind of pain that always stops, when the rules did not", () => {
    for (const report of [
      (reports: Reports) => reports.sign("S02"),
      (reports: Reports) => reports.pain(1, "electric"),
      (reports: Reports) => reports.pain(1, "sharp"),
      (reports: Reports) => reports.pain(1, "spreading"),
    ]) {
      const { reports, stops, state } = makeWays(true);
      report(reports);
      state.heard_ms = performance.now() + 10;
      vi.advanceTimersByTime(VERDICT_MS - 100);
      expect(stops).toHaveLength(0);
      vi.advanceTimersByTime(200);
      expect(stops).toHaveLength(1);
    }
  });
});
