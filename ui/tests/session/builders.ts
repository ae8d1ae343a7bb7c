import type { StateMessage, VerdictMessage, WelcomeMessage } from "../../src/generated/messages";
import { EMPTY_VIEW, type View } from "../../src/session/view";

export function makeWelcome(change: Partial<WelcomeMessage> = {}): WelcomeMessage {
  return {
    op: "welcome",
    version: 1,
    session_id: "s1",
    exercise_id: "seated-twist",
    variant: null,
    mode: "camera",
    resumed: false,
    t_s: 0,
    plan: { n_sets: 2, sides: ["right", "left"], hold_s: 15, reps: null, roll_s: null, rest_s: 5 },
    notes: [],
    ...change,
  };
}

export function makeState(change: Partial<StateMessage> = {}): StateMessage {
  return {
    op: "state",
    t_s: 10,
    phase: "hold",
    side: "right",
    set_idx: 0,
    n_sets: 2,
    held_s: 3.4,
    target_s: 15,
    total_held_s: { right: 3.4, left: 0 },
    repetitions: 0,
    target_repetitions: null,
    breath: { phase: "easy", started_s: 7, duration_s: 0 },
    tracking: { status: "seen", reason: null },
    paused: null,
    line: { key: "cue.twist.hold", params: {} },
    next: { key: "next.side.left", params: {} },
    in_form: true,
    quantity: "shoulder_turn_deg",
    angle_deg: 38,
    angle_sd_deg: 4,
    zone: [7, 60],
    countdown_s: null,
    progress_frac: 0.2,
    verdict: "continue",
    ...change,
  };
}

export function makeVerdict(change: Partial<VerdictMessage> = {}): VerdictMessage {
  return {
    op: "verdict",
    t_s: 12,
    kind: "stop",
    reasons: [{ rule_id: "S01", key: "x", params: {} }],
    card: null,
    ...change,
  };
}

export function makeView(change: Partial<View> = {}): View {
  return { ...EMPTY_VIEW, stage: "live", connection: "open", welcome: makeWelcome(), state: makeState(), ...change };
}
