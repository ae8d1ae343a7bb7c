// Made by `python -m unkink.front.typescript` from src/unkink/front/messages.py. Do not edit.

/** Version of the wire. */
export const VERSION = 1;
/** Bytes of the landmarks of one frame. */
export const N_FRAME_BYTES = 528;
/** The server refuses a larger message. */
export const MAX_MESSAGE_BYTES = 4096;

export type Mode = "camera" | "demo" | "timer";

export type Phase = "get-ready" | "calibrate" | "lengthen" | "move" | "hold" | "return" | "work" | "rest" | "switch" | "paused" | "finished" | "stopped";

export type Side = "right" | "left" | "both";

export type TapAction = "pause" | "resume" | "ready" | "next" | "done" | "stop" | "pop";

export type PainKind = "ache" | "stretch" | "sharp" | "electric" | "spreading" | "tingling" | "dizzy" | "breath";

export type TrackingStatus = "seen" | "partly" | "lost";

export type VerdictKind = "continue" | "ease" | "pause" | "stop";

export type Params = Record<string, string | number>;

/** A sentence for the person: a key of the catalogue with the values of its placeholders. */
export interface Line {
  key: string;
  params: Params;
}

/** What this session will be. */
export interface Plan {
  n_sets: number;
  /** In the order in which they are done within a set. */
  sides: Side[];
  /** Seconds in form per side and set, for holds. */
  hold_s: number | null;
  /** Repetitions per set, where they are counted. */
  reps: number | null;
  /** Seconds of rolling per set. */
  roll_s: number | null;
  rest_s: number;
}

/** What the page asks for; the server decides what the person may do today. */
export interface SessionWish {
  exercise_id: string;
  variant?: string | null;
  mode?: Mode;
  /** The two-minute version. */
  short?: boolean;
  /** Session to go on with after a lost connection or a restart of the server. */
  resume_id?: string | null;
  /** Go on here although another tab holds the session; the other one is told and closed. */
  take_over?: boolean;
}

/** What finds the landmarks in the page. */
export interface ClientInfo {
  /** For example `lite` or `full`. */
  model?: string;
  /** For example `GPU` or `CPU`. */
  delegate?: string;
}

/** What the breath pacer shows. */
export interface Breath {
  phase: "easy" | "in" | "none" | "out";
  started_s: number;
  duration_s: number;
}

/** How well the person is seen. */
export interface TrackingState {
  status: TrackingStatus;
  /** Its sentence has the key `tracking.<reason>`. */
  reason: string | null;
}

/** Why the safety rules decided so. */
export interface Reason {
  rule_id: string;
  key: string;
  params: Params;
}

/** First message of a connection. */
export interface HelloMessage {
  op: "hello";
  version: number;
  session: SessionWish;
  client?: ClientInfo;
}

/** Landmarks of one picture. The picture itself never leaves the page. */
export interface FrameMessage {
  op: "frame";
  t_s: number;
  /** 33 x (x, y, z, visibility) little-endian float32, or null when nobody was found. */
  image: Uint8Array | null;
  /** The same in metres, where the landmarker gives it. */
  world?: Uint8Array | null;
  width_px?: number;
  height_px?: number;
  /** Mean luminance of the picture, 0 to 1. */
  brightness_frac?: number | null;
  n_persons?: number | null;
}

/** The page's clock; sent four times a second, with and without a camera. */
export interface TickMessage {
  op: "tick";
  t_s: number;
}

/** A key or button. */
export interface TapMessage {
  op: "tap";
  t_s: number;
  action: TapAction;
}

/** The person says that something hurts. */
export interface PainMessage {
  op: "pain";
  t_s: number;
  /** 0 to 10. */
  score: number;
  kind: PainKind;
}

/** The person reports a stop symptom. */
export interface SymptomMessage {
  op: "symptom";
  t_s: number;
  /** For example `S01`. */
  rule_id: string;
}

/** Something happened to the page or the camera. */
export interface NoticeMessage {
  op: "notice";
  t_s: number;
  what: "camera-back" | "camera-lost" | "hidden" | "time-jump" | "visible";
}

/** The page leaves on purpose. */
export interface ByeMessage {
  op: "bye";
  t_s: number;
  reason?: string;
}

/** The session begins, or goes on. */
export interface WelcomeMessage {
  op: "welcome";
  version: number;
  session_id: string;
  exercise_id: string;
  /** The variant that is really done; the safety rules may have chosen it. */
  variant: string | null;
  mode: Mode;
  resumed: boolean;
  /** Where the session's clock stands: 0 for a new one; a resumed page goes on counting from here. */
  t_s: number;
  plan: Plan;
  /** What the safety rules want said before the start, e.g. why a softer variant was chosen. */
  notes: Line[];
}

/** Everything that the session screen shows. Sent on change, at most about ten times a second. */
export interface StateMessage {
  op: "state";
  t_s: number;
  phase: Phase;
  side: Side;
  /** 0-based. */
  set_idx: number;
  n_sets: number;
  /** Seconds in form on this side in this set. */
  held_s: number;
  target_s: number | null;
  /** Seconds in form of the whole session, per side. */
  total_held_s: Partial<Record<Side, number>>;
  repetitions: number;
  target_repetitions: number | null;
  breath: Breath;
  tracking: TrackingState;
  /** Why it is paused; its sentence has the key `paused.<reason>`. */
  paused: string | null;
  /** The one instruction. */
  line: Line;
  next: Line | null;
  in_form: boolean;
  /** Name of the measured quantity, empty when there is none. */
  quantity: string;
  angle_deg: number | null;
  angle_sd_deg: number | null;
  /** Low and high end of the band in which holding counts, degrees. */
  zone: [number, number] | null;
  /** Seconds until something begins, in the phases that count down. */
  countdown_s: number | null;
  progress_frac: number;
  /** What the safety rules say now. */
  verdict: VerdictKind;
  /** Present part of the mobility check; its name has the key `mobility.part.<part>`. */
  part?: string | null;
}

/** Something to say now. */
export interface CueMessage {
  op: "cue";
  t_s: number;
  key: string;
  params: Params;
  urgency: "form" | "prompt" | "safety";
  rule_ids: string[];
  /** The form fault that it speaks of, if any. */
  fault_id: string | null;
}

/** What the safety rules decided, when it is not simply to go on. */
export interface VerdictMessage {
  op: "verdict";
  t_s: number;
  kind: VerdictKind;
  reasons: Reason[];
  /** Help card to show. */
  card: string | null;
}

/** The session is over and stored; read it from `/api/sessions/{session_id}`. */
export interface SummaryMessage {
  op: "summary";
  session_id: string;
}

/** Something is wrong with what was sent, or with us. */
export interface ProblemMessage {
  op: "problem";
  code: string;
  key: string;
  params: Params;
  /** To be quoted when reporting a bug of ours. */
  error_id: string | null;
  /** True: the connection closes after this. */
  fatal: boolean;
}

/** Everything that the page may send. */
export type FromPage =
  | HelloMessage
  | FrameMessage
  | TickMessage
  | TapMessage
  | PainMessage
  | SymptomMessage
  | NoticeMessage
  | ByeMessage;

/** Everything that the server may send. */
export type ToPage =
  | WelcomeMessage
  | StateMessage
  | CueMessage
  | VerdictMessage
  | SummaryMessage
  | ProblemMessage;
