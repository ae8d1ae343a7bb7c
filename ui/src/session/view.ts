/**
 * What the session screen shows, as one value. In: the view before, and what happened. Out: the view after. Pure. Next file:
 * `controller.ts`.
 */
import type { CameraProblem } from "../camera/source";
import type {
  CueMessage,
  Line,
  Mode,
  ProblemMessage,
  StateMessage,
  ToPage,
  VerdictMessage,
  WelcomeMessage,
} from "../generated/messages";
import type { Connection } from "./socket";

/** `setup`: before the start. `opening`: model, server and camera get ready. `live`. `over`: nothing more will come. */
export type Stage = "setup" | "opening" | "live" | "over";
export type Dialog = "none" | "pain" | "end";

export interface ShownCue {
  readonly key: string;
  readonly params: Line["params"];
  readonly urgency: CueMessage["urgency"];
  readonly t_s: number;
  readonly until_s: number;
}

export interface View {
  readonly stage: Stage;
  readonly mode: Mode;
  readonly connection: Connection;
  readonly welcome: WelcomeMessage | null;
  readonly state: StateMessage | null;
  readonly cue: ShownCue | null;
  readonly verdict: VerdictMessage | null;
  /** The verdict came from this page, because the server could not be asked. */
  readonly isOwnVerdict: boolean;
  readonly problem: ProblemMessage | null;
  readonly camera: CameraProblem | null;
  readonly summary_id: string | null;
  readonly dialog: Dialog;
}

export const EMPTY_VIEW: View = {
  stage: "setup",
  mode: "camera",
  connection: "none",
  welcome: null,
  state: null,
  cue: null,
  verdict: null,
  isOwnVerdict: false,
  problem: null,
  camera: null,
  summary_id: null,
  dialog: "none",
};

const LEAST_CUE_S = 3.5;
const CUE_S_PER_WORD = 0.4;

/** How long a cue stays in the instruction line. */
export function computeCueTime(text: string): number {
  return Math.max(LEAST_CUE_S, text.split(/\s+/).length * CUE_S_PER_WORD);
}

export function reduceMessage(view: View, message: ToPage, say: (line: Line) => string): View {
  switch (message.op) {
    case "welcome":
      return { ...view, welcome: message, mode: message.mode, connection: "open", problem: null };
    case "state":
      return reduceState(view, message);
    case "cue": {
      const until_s = message.t_s + computeCueTime(say(message));
      const { key, params, urgency, t_s } = message;
      return { ...view, cue: { key, params, urgency, t_s, until_s } };
    }
    case "verdict":
      // A stop of this page is never taken back by a later, milder word.
      if (view.verdict?.kind === "stop" && message.kind !== "stop") return view;
      return { ...view, verdict: message, isOwnVerdict: false };
    case "summary":
      return { ...view, summary_id: message.session_id, stage: "over" };
    case "problem":
      return message.fatal || view.problem === null ? { ...view, problem: message } : view;
  }
}

function reduceState(view: View, state: StateMessage): View {
  const hasMoved = view.state !== null && view.state.phase !== state.phase;
  const isCueOver = view.cue !== null && (state.t_s > view.cue.until_s || (hasMoved && state.t_s > view.cue.t_s + 0.5));
  const isOver = state.phase === "finished" || state.phase === "stopped";
  return {
    ...view,
    state,
    cue: isCueOver ? null : view.cue,
    stage: isOver ? "over" : view.stage,
  };
}

/** The one instruction: a cue while it is fresh, else what the phase says. */
export function chooseLine(view: View): Line | null {
  if (view.cue) return view.cue;
  if (view.state) return view.state.line;
  return view.welcome?.notes[0] ?? null;
}

export function isPaused(view: View): boolean {
  return view.state?.phase === "paused" || (view.state !== null && view.state.paused !== null);
}

/** Whether a set is on: then nothing needs a click. */
export function isRunning(view: View): boolean {
  return view.stage === "live" && view.state !== null && !isPaused(view);
}

/** Whether the person has to read a stop before anything else. Ending it oneself is none. */
export function isStopped(view: View): boolean {
  return view.verdict?.kind === "stop";
}

export type Counter =
  | { readonly kind: "seconds"; readonly n: number; readonly target: number | null; readonly share: number }
  | { readonly kind: "repetitions"; readonly n: number; readonly target: number | null; readonly share: number }
  | { readonly kind: "none" };

/** What the ring counts now. */
export function chooseCounter(view: View): Counter {
  const { state, welcome } = view;
  if (!state || !welcome) return { kind: "none" };
  if (welcome.plan.reps !== null || state.target_repetitions !== null) {
    const target = state.target_repetitions ?? welcome.plan.reps;
    return { kind: "repetitions", n: state.repetitions, target, share: computeShare(state.repetitions, target) };
  }
  const target = state.target_s ?? welcome.plan.hold_s ?? welcome.plan.roll_s;
  return { kind: "seconds", n: Math.floor(state.held_s + 0.05), target, share: computeShare(state.held_s, target) };
}

export function computeShare(n: number, target: number | null): number {
  if (target === null || !(target > 0) || !Number.isFinite(n)) return 0;
  return Math.min(1, Math.max(0, n / target));
}

/** What to hear because of a message. */
export type Sound =
  | { readonly kind: "speak"; readonly line: Line; readonly urgency: CueMessage["urgency"] }
  | { readonly kind: "tone"; readonly tone: "ready" | "reached" | "done" };

export function soundsOf(before: View, after: View, message: ToPage): readonly Sound[] {
  if (message.op === "cue") return [{ kind: "speak", line: message, urgency: message.urgency }];
  if (message.op === "verdict" && message.kind === "stop" && before.verdict?.kind !== "stop") {
    return message.reasons.slice(0, 1).map((line) => ({ kind: "speak", line, urgency: "safety" }) as const);
  }
  if (message.op !== "state") return [];
  const sounds: Sound[] = [];
  const phase = before.state?.phase;
  if (message.phase === "finished" && phase !== "finished") sounds.push({ kind: "tone", tone: "done" });
  if (message.phase === "lengthen" && phase !== "lengthen") sounds.push({ kind: "tone", tone: "ready" });
  if (hasReached(before, after)) sounds.push({ kind: "tone", tone: "reached" });
  return sounds;
}

function hasReached(before: View, after: View): boolean {
  const [was, is] = [before.state, after.state];
  if (!was || !is || was.side !== is.side || was.set_idx !== is.set_idx) return false;
  if (is.target_s !== null && was.held_s < is.target_s && is.held_s >= is.target_s) return true;
  const target = is.target_repetitions;
  return target !== null && was.repetitions < target && is.repetitions >= target;
}
