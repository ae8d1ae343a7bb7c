/** A stand-in for the server while the pages are being made; never shipped (`vite --mode mock`). State is in memory. */
import { readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import type { Connect, Plugin } from "vite";
import { parse } from "yaml";
import type * as Api from "../src/generated/api.ts";

const RULES = fileURLToPath(new URL("../../src/unkink/rules/", import.meta.url));

function readTexts(): Record<string, string> {
  const folder = `${RULES}locales/en/`;
  return Object.assign({}, ...readdirSync(folder).map((name) => JSON.parse(readFileSync(folder + name, "utf-8"))));
}
const DAY = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString();

function readYaml<T>(path: string): T {
  return parse(readFileSync(RULES + path, "utf-8")) as T;
}

function readCards(): Api.Card[] {
  const details = new Map<string, string[]>();
  for (const name of ["emergency", "urgent", "caution"]) {
    for (const row of readYaml<{ rows: { id: string; details?: string[] }[] }>(`safety/${name}.yaml`).rows) {
      details.set(row.id, row.details ?? []);
    }
  }
  const tiers: Record<string, string> = { E: "emergency", U: "urgent", C: "caution" };
  return readYaml<{ cards: { id: string; rows: string[] }[] }>("safety/cards.yaml").cards.map(({ id, rows }) => ({
    id,
    title_key: `screening.card.${id}.title`,
    intro_key: `screening.card.${id}.intro`,
    questions: rows.map((row) => ({
      id: row,
      tier: tiers[row[0] ?? ""] ?? "caution",
      short_key: `screening.${row}.label`,
      text_key: `screening.${row}.question`,
      details: details.get(row) ?? [],
    })),
  }));
}

const OPEN: Api.Permission = {
  effect: "ok",
  variants: [],
  dose_frac: 1,
  range_frac: 1,
  max_hold_s: null,
  pain_limit: null,
  notes: [],
  reasons: [],
};
const note = (rule_id: string, key: string): Api.Note => ({ rule_id, key, params: {} });
const CLOSED: Api.Permission = { ...OPEN, effect: "block", reasons: [note("C07", "screening.C07.told")] };
const SOFT: Api.Permission = {
  ...OPEN,
  effect: "modify",
  variants: ["tw-soft"],
  notes: [note("C18", "screening.C18.told")],
};

const PERMISSIONS: Record<string, Api.Permission> = {
  "seated-twist": SOFT,
  "standing-side-stretch": OPEN,
  "wall-angels": OPEN,
  "foam-roller": CLOSED,
};

interface ExerciseYaml {
  readonly id: string;
  readonly code: string;
  readonly position: Api.Technique["position"];
  readonly equipment: string[];
  readonly minutes: number;
  readonly camera: { facing: Api.Technique["facing"] };
  readonly sides: Api.Technique["sides"];
  readonly setup: string[];
  readonly dont: string[];
  readonly unseen: string[];
  readonly ladder: string[];
  readonly evidence: string[];
  readonly guides: { cue: string }[];
  readonly doses: Record<"short" | "start" | "standard", Partial<Api.Dose>>;
  readonly variants: { id: string; setup: string[]; equipment?: string[] }[];
}

const EXERCISES = readdirSync(`${RULES}exercises`)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => readYaml<ExerciseYaml>(`exercises/${name}`));

function toDose(dose: Partial<Api.Dose> | undefined): Api.Dose {
  return { sets: 1, hold_s: null, repetitions: null, roll_s: null, rest_s: 0, ...dose };
}

function techniques(isKnown: boolean): Api.Technique[] {
  return EXERCISES.map((exercise) => ({
    id: exercise.id,
    code: exercise.code,
    position: exercise.position,
    facing: exercise.camera.facing,
    equipment: exercise.equipment,
    minutes: exercise.minutes,
    sides: exercise.sides,
    name_key: `exercise.${exercise.id}.name`,
    what_key: `exercise.${exercise.id}.what`,
    benefit_key: `exercise.${exercise.id}.benefit`,
    camera_key: `exercise.${exercise.id}.camera`,
    setup_keys: exercise.setup,
    steps_keys: [...new Set(exercise.guides.map(({ cue }) => cue))],
    dont_keys: exercise.dont,
    unseen_keys: exercise.unseen,
    ladder_keys: exercise.ladder,
    params: {},
    evidence: exercise.evidence.map((id) => ({ id, source: "ACSM11, BEHM20", grade: "C", provenance: "M" })),
    variants: exercise.variants.map((variant) => ({
      id: variant.id,
      name_key: `exercise.${variant.id}.name`,
      what_key: `exercise.${variant.id}.what`,
      setup_keys: variant.setup,
      equipment: variant.equipment ?? exercise.equipment,
    })),
    doses: {
      short: toDose(exercise.doses.short),
      start: toDose(exercise.doses.start),
      standard: toDose(exercise.doses.standard),
    },
    dose: isKnown ? toDose(exercise.doses.start) : null,
    permission: isKnown ? (PERMISSIONS[exercise.id] ?? OPEN) : null,
  }));
}

function row(i: number): Api.SessionRow {
  const before = Math.max(1, Math.round(5 - (24 - i) / 8));
  const ids = ["seated-twist", "standing-side-stretch", "seated-twist", "wall-angels"];
  const id = ids[i % 4] ?? "seated-twist";
  return {
    id: `s${i}`,
    seq: 100 - i,
    exercise_id: id,
    variant: id === "seated-twist" ? "tw-soft" : null,
    mode: i === 3 ? "demo" : "camera",
    short: false,
    status: "finished",
    started_at: ago(i * 1.2 + 0.02),
    ended_at: ago(i * 1.2),
    duration_s: 290,
    held_s: id === "wall-angels" ? {} : { right: 31.2, left: 30.4 },
    rolled_s: 0,
    repetitions: id === "wall-angels" ? 14 : 0,
    pain_before: before,
    pain_during: null,
    pain_after: i === 0 ? null : Math.max(0, before - (i % 3)),
    stiffness_after: null,
    relief: null,
    felt: null,
    signal: "green",
    stop_rule_ids: [],
  };
}

type Screen = Api.Screening["state"];

interface World {
  screening: Screen;
  answers: Api.Screening["answers"];
  draft: Api.Screening["draft"];
  checkIn: Api.CheckIn | null;
  isEmpty: boolean;
  isInterrupted: boolean;
  isResting: boolean;
  after: Partial<Api.SessionRow>;
  nPops: number;
  settings: Api.Settings;
}

function freshWorld(): World {
  return {
    screening: "none",
    answers: null,
    draft: null,
    checkIn: null,
    isEmpty: false,
    isInterrupted: false,
    isResting: false,
    after: {},
    nPops: 0,
    settings: {
      emergency_number: "",
      crisis_line: "",
      sound: "voice",
      voice_name: null,
      mirrored: true,
      theme: "auto",
      reduced_motion: "auto",
      record_landmarks: false,
      big_numerals: false,
      equipment: ["chair", "wall", "roller", "towel"],
      floor: true,
    },
  };
}

let world = freshWorld();

function screeningDocument(): Api.Screening {
  const isAnswered = world.screening !== "none" && world.screening !== "draft";
  const isLocked = world.screening === "locked";
  const told = world.answers ?? {};
  const found = Object.entries(told).flatMap(([id, answer]) => (answer === "no" ? [] : [id]));
  const tiers: Record<string, string> = { E: "emergency", U: "urgent", C: "caution" };
  const findings = found.map((id) => ({
    ...note(id, `screening.${id}.told`),
    tier: tiers[id[0] ?? ""] ?? "caution",
    when_key: id.startsWith("U") ? `screening.${id}.when` : null,
    within_h: null,
    unsure: told[id] === "unsure",
    cleared: false,
    card: null,
  }));
  const tier = found.some((id) => id.startsWith("E"))
    ? "emergency"
    : isLocked
      ? "urgent"
      : found.length > 0
        ? "caution"
        : "clear";
  return {
    state: world.screening,
    cards: readCards(),
    draft: world.draft,
    answers: world.answers,
    details: null,
    answered_at: isAnswered ? ago(3) : null,
    expires_at: isAnswered ? ago(-25) : null,
    assessment: isAnswered
      ? {
          tier,
          findings,
          permissions: PERMISSIONS,
          locked: isLocked,
          lock_ids: isLocked ? findings.filter((f) => f.tier !== "caution").map((f) => f.rule_id) : [],
          missing: [],
          can_clear: isLocked,
        }
      : null,
  };
}

function todayDocument(): Api.Today {
  const plan: Api.DayPlan | null =
    world.checkIn && world.screening === "valid"
      ? {
          techniques: EXERCISES.map(({ id, minutes, doses }) => {
            const permission = PERMISSIONS[id] ?? OPEN;
            return {
              id,
              permission,
              reasons: permission.reasons,
              available: permission.effect !== "block" && !world.isResting,
              ready_at: null,
              short_only: false,
              level: "start" as const,
              dose: toDose(doses.start),
              short_dose: toDose(doses.short),
              variant: permission.variants[0] ?? null,
              minutes,
              short_minutes: 1,
              warm_up_s: 20,
              effort: [3, 4] as const,
              why: [],
            };
          }),
          recommendation: world.isResting
            ? null
            : {
                exercise_id: "seated-twist",
                variant: "tw-soft",
                minutes: 5,
                short_minutes: 2,
                reasons: [note("D", "recommend.position.chair"), note("D", "recommend.turn.left-smaller")],
                alternatives: ["standing-side-stretch", "wall-angels"],
              },
          lock: null,
          cards: [],
          reasons: world.isResting ? [note("P01", "safety.today.rest")] : [],
          nudges: [],
          ask: [],
          breathing_only: world.isResting,
        }
      : null;
  return {
    screening_state: world.screening,
    check_in: world.checkIn,
    questions: ["P02", "P03", "P04", "P05"].map((id) => ({
      id,
      short_key: `check-in.${id}.label`,
      text_key: `check-in.${id}.question`,
    })),
    plan,
    trend: trendDocument(),
    sessions_this_week: world.isEmpty ? 0 : 3,
    interrupted: world.isInterrupted
      ? {
          id: "s9",
          exercise_id: "standing-side-stretch",
          variant: null,
          mode: "camera",
          short: false,
          started_at: ago(0.1),
          held_s: { right: 12 },
          at_s: 40,
        }
      : null,
    mobility: plan ? { state: "due", due_at: ago(1), last_at: ago(15), minutes: 2, left_out: [], reasons: [] } : null,
    welcome_back: false,
    follow_up: null,
    review_due: [],
    usual: { places: [], since_weeks: null, brings_on: [], age_years: null },
    referrals: [],
  };
}

function trendDocument(): Api.Trend {
  const pain = world.isEmpty
    ? []
    : Array.from({ length: 16 }, (_, i) => ({
        at: ago(27 - i * 1.7),
        value: [5, 4, 5, 6, 4, 5, 4, 3, 4, 4, 3, 2, 3, 3, 2, 3][i] ?? 3,
      }));
  return {
    pain,
    line: pain.map(({ at }, i) => ({ at, value: 5 - i / 7 })),
    start: world.isEmpty ? null : 5,
    noise: world.isEmpty ? null : 1.1,
    noise_sentence: null,
    sentence: null,
    n_reports: pain.length,
  };
}

function sessionDocument(id: string): Api.SessionDetails {
  const session = { ...row(Number(id.slice(1)) || 0), id, ...world.after };
  const isAngles = session.exercise_id !== "wall-angels";
  const measured = (side: "right" | "left", value: number, before: number): Api.Measured => ({
    quantity: "shoulder_turn_deg",
    side,
    value_deg: value,
    sd_deg: 3.6,
    n: 2,
    reason: null,
    before_deg: before,
    noise_deg: 7.1,
    noise_because: "instrument",
    repeats_deg: [value - 1, value],
  });
  return {
    session,
    summary: {},
    sentences: [],
    unseen_keys: ["unseen.pelvis-turn", "unseen.chair-pull", "unseen.neck-range"],
    quantity_name_key: "quantity.shoulder_turn_deg",
    n_pops: world.nPops,
    sets: [],
    measurements: isAngles ? [measured("right", 41.2, 38.4), measured("left", 36.9, 35.1)] : [],
    mobility: null,
    events: [],
    has_recording: false,
    card: null,
    next: null,
    outcome: {
      pain: { key: "outcome.pain.clear.less", params: {} },
      pain_noise: 1.77,
      stiffness_before: null,
      stiffness: null,
      relief: null,
      last_at: null,
    },
  };
}

const noRelief: Api.ReliefsShown = {
  techniques: [],
  standing: "nothing",
  best_id: null,
  sentence: { key: "outcome.best.nothing", params: {} },
  days: 91,
};
const noActivities: Api.ActivitiesShown = { each: [], sentence: { key: "outcome.activities.nothing", params: {} } };

function progressDocument(): Api.Progress {
  if (world.isEmpty)
    return {
      n_sessions: 0,
      sessions: [],
      pain: trendDocument(),
      relief: noRelief,
      activities: noActivities,
      sleep: null,
      whole: null,
      measurements: {},
      mobility: [],
      noise_deg: {},
      sentences: [],
    };
  const rows = Array.from({ length: 12 }, (_, i) => row(i));
  const line = (from: number) =>
    Array.from({ length: 9 }, (_, i) => ({
      at: ago(28 - i * 3.3),
      value_deg: from + i * 1.1 + [1, -2, 2, 0, -1, 3, -2, 1, 2][i]!,
      sd_deg: 3.4,
      session_id: null,
    }));
  return {
    n_sessions: rows.length,
    sessions: rows,
    pain: trendDocument(),
    relief: noRelief,
    activities: noActivities,
    sleep: null,
    whole: null,
    measurements: { shoulder_turn_deg: { right: line(32), left: line(29) } },
    mobility: [],
    noise_deg: { shoulder_turn_deg: 7.1 },
    sentences: [],
  };
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
}

type Reply = readonly [status: number, body: unknown];

async function answer(request: IncomingMessage, path: string): Promise<Reply> {
  const body = request.method === "GET" ? {} : await readBody(request);
  const what = `${request.method} ${path}`;
  const after = /^POST \/api\/sessions\/([^/]+)\/after$/.exec(what);
  const one = /^GET \/api\/sessions\/([^/?]+)$/.exec(what);
  if (what === "POST /api/mock") {
    world = { ...freshWorld(), ...(body as Partial<World>) };
    return [200, world];
  }
  if (what === "GET /api/status")
    return [
      200,
      { version: "0.0.0", rules_version: "1.0.0", emergency_number: world.settings.emergency_number, mode: "local" },
    ];
  if (what === "GET /api/catalogue") return [200, readTexts()];
  if (what === "GET /api/settings") return [200, world.settings];
  if (what === "PUT /api/settings") {
    world.settings = { ...world.settings, ...body };
    return [200, world.settings];
  }
  if (what === "GET /api/screening") return [200, screeningDocument()];
  if (what === "PUT /api/screening/draft") {
    world.draft = body as unknown as Api.Draft;
    world.screening = "draft";
    return [204, null];
  }
  if (what === "POST /api/screening") {
    world.answers = body["answers"] as Api.Screening["answers"];
    world.draft = null;
    world.screening = Object.entries(world.answers ?? {}).some(([id, a]) => a !== "no" && /^[EU]/.test(id))
      ? "locked"
      : "valid";
    return [200, screeningDocument()];
  }
  if (what === "POST /api/screening/clearance") {
    if (body["gentle_ok"]) world.screening = "valid";
    return [200, screeningDocument()];
  }
  if (what === "POST /api/check-in") {
    world.checkIn = {
      at: ago(0),
      answers: {},
      places: [],
      head_turn: null,
      position: null,
      minutes: null,
      details: {},
      stiffness: null,
      pain_now: 0,
      ...body,
    } as Api.CheckIn;
    world.isResting = world.checkIn.pain_now === 6;
    return [200, todayDocument()];
  }
  if (what === "GET /api/today") return [200, todayDocument()];
  if (what === "GET /api/techniques") return [200, techniques(world.checkIn !== null)];
  if (what === "GET /api/progress") return [200, progressDocument()];
  if (what === "POST /api/pops") {
    world.nPops++;
    return [200, { cards: [] }];
  }
  if (after) {
    world.after = { ...world.after, ...body } as Partial<Api.SessionRow>;
    return [200, sessionDocument(after[1] ?? "s0")];
  }
  if (one?.[1] === "nothing")
    return [404, { code: "session-unknown", key: "problem.session-unknown", params: {}, error_id: null }];
  if (one) return [200, sessionDocument(one[1] ?? "s0")];
  if (/dismiss$/.test(what)) {
    world.isInterrupted = false;
    return [204, null];
  }
  return [404, { code: "not-found", key: "problem.not-found", params: {}, error_id: null }];
}

const middleware: Connect.NextHandleFunction = (request, response: ServerResponse, next) => {
  const path = (request.url ?? "").split("?")[0] ?? "";
  if (!path.startsWith("/api/")) {
    next();
    return;
  }
  answer(request, path).then(
    ([status, body]) => {
      response.statusCode = status;
      response.setHeader("Content-Type", "application/json");
      response.end(status === 204 ? undefined : JSON.stringify(body));
    },
    (error: unknown) => next(error),
  );
};

export function mockServer(): Plugin {
  return {
    name: "unkink-mock-server",
    configureServer: (server) => void server.middlewares.use(middleware),
    configurePreviewServer: (server) => void server.middlewares.use(middleware),
  };
}
