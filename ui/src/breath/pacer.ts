/**
 * Where the breath is. In: the phase that the session gives (started when, how long) and the time. Out: a point on the mark's line. Pure.
 * Next file: `BreathLine.tsx`.
 */
import type { Breath } from "../generated/messages";

export interface BreathPoint {
  /** 0 empty, 1 full. */
  readonly level: number;
  /** 0 to 1 of this phase. */
  readonly share: number;
}

/** Length of a quiet breath that nobody paces; only for the picture. */
const EASY_IN_S = 3.2;
const EASY_OUT_S = 4.4;

function ease(share: number): number {
  return 0.5 - 0.5 * Math.cos(Math.PI * Math.min(1, Math.max(0, share)));
}

/** Phase that is drawn: easy breathing goes in and out by itself. */
export function resolveBreath(
  breath: Breath,
  t_s: number,
): { readonly phase: "in" | "out" | "none"; readonly share: number } {
  if (breath.phase === "none") return { phase: "none", share: 0 };
  if (breath.phase === "easy") {
    const at = Math.max(0, t_s - breath.started_s) % (EASY_IN_S + EASY_OUT_S);
    return at < EASY_IN_S
      ? { phase: "in", share: at / EASY_IN_S }
      : { phase: "out", share: (at - EASY_IN_S) / EASY_OUT_S };
  }
  const share = breath.duration_s > 0 ? (t_s - breath.started_s) / breath.duration_s : 0;
  return { phase: breath.phase, share: Math.min(1, Math.max(0, share)) };
}

export function computeBreath(breath: Breath, t_s: number): BreathPoint {
  const { phase, share } = resolveBreath(breath, t_s);
  if (phase === "none") return { level: 0, share: 0 };
  return { level: phase === "in" ? ease(share) : 1 - ease(share), share };
}

export const LINE_WIDTH = 400;
export const LINE_HEIGHT = 60;
const LOW = 47;
const HIGH = 13;

/** One breath drawn as a line: rises over its left half, falls over its right. */
export function linePoint(phase: "in" | "out", share: number): { readonly x: number; readonly y: number } {
  const half = (LINE_WIDTH - 24) / 2;
  const rise = phase === "in" ? ease(share) : 1 - ease(share);
  const x = 12 + (phase === "in" ? 0 : half) + half * Math.min(1, Math.max(0, share));
  return { x, y: LOW + (HIGH - LOW) * rise };
}

/** The line as a path, and as far as the breath has come. */
export function linePath(until: { readonly phase: "in" | "out"; readonly share: number } | null): string {
  const points: string[] = [];
  const n = 24;
  for (const phase of ["in", "out"] as const) {
    for (let i = 0; i <= n; i++) {
      const share = i / n;
      if (until && (until.phase === phase ? share > until.share : until.phase === "in")) break;
      const { x, y } = linePoint(phase, share);
      points.push(`${x.toFixed(1)} ${y.toFixed(1)}`);
    }
  }
  if (until) {
    const { x, y } = linePoint(until.phase, until.share);
    points.push(`${x.toFixed(1)} ${y.toFixed(1)}`);
  }
  return `M${points.join(" L")}`;
}
