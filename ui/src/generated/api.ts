// Made by `python -m unkink.front.typescript` from the routes in src/unkink/front/routes. Do not edit.

/** What Unkink is for, how accurate it is, what it is made of, what nobody has signed yet. */
export interface About {
  readonly sections: readonly AboutSection[];
  readonly unsigned: readonly UnsignedRule[];
}

/** One part of the page About. */
export interface AboutSection {
  readonly id: string;
  readonly title: string;
  readonly texts: readonly string[];
}

/** The person's own activities. */
export interface Activities {
  readonly activities: readonly Activity[];
}

/** The person's own activities. */
export interface ActivitiesShown {
  readonly each: readonly ActivityShown[];
  readonly sentence: Sentence;
}

/** Something that matters to the person and that their back makes harder. */
export interface Activity {
  readonly id: string;
  readonly text: string;
}

/** One of the person's own activities over time. */
export interface ActivityShown {
  readonly id: string;
  /** The person's own words. */
  readonly text: string;
  /** 0 cannot do it to 10 as before. */
  readonly points: readonly TrendPoint[];
  /** A smaller change is noise. */
  readonly noise: number | null;
  readonly sentence: Sentence;
}

/** How it was, said after the session. */
export interface AfterAnswers {
  readonly pain_after?: number | null;
  readonly stiffness_after?: "no" | "bit" | "very" | null;
  readonly relief?: "worse" | "same" | "bit" | "lot" | null;
  readonly felt?: string | null;
  /** When pain was back to usual; can be told later. */
  readonly settled?: "by-morning" | "by-24h" | "later" | null;
  /** A stop sign noticed afterwards. */
  readonly symptom?: string | null;
}

/** A short question after a session that hurt. */
export interface AskAgain {
  readonly id: string;
  readonly text_key: string;
  /** Stop sign to tell when it is answered with yes. */
  readonly symptom: string;
}

/** What came of the safety questions. */
export interface Assessment {
  readonly tier: "clear" | "caution" | "urgent" | "emergency";
  /** Most serious first. */
  readonly findings: readonly Finding[];
  /** By technique id. */
  readonly permissions: Readonly<Record<string, Permission>>;
  /** Whether everything waits for a clinician's clearance. */
  readonly locked: boolean;
  /** Rows that lock and are not cleared. */
  readonly lock_ids: readonly string[];
  /** Rows that were not answered. */
  readonly missing: readonly string[];
  /** Whether a clinician's word can open what is blocked. */
  readonly can_clear: boolean;
}

/** A figure, seen from the front and from the back: paths of SVG. */
export interface BodyMap {
  readonly width: number;
  readonly height: number;
  readonly outline: string;
  readonly contour: string;
  readonly lines: MapLines;
  readonly regions: readonly MapRegion[];
}

/** A group of signs on one screen, and every question that they may lead to. */
export interface Card {
  readonly id: string;
  readonly title_key: string;
  readonly intro_key: string | null;
  readonly signs: readonly Sign[];
  readonly questions: readonly Question[];
}

/** Today's check-in. */
export interface CheckIn {
  readonly at: string;
  readonly pain_now: number;
  readonly stiffness: "no" | "bit" | "very" | null;
  readonly answers: Readonly<Record<string, "yes" | "no" | "unsure">>;
  readonly places: readonly string[];
  readonly head_turn: "same" | "left-smaller" | "right-smaller" | null;
  readonly position: "chair" | "standing" | "floor" | null;
  readonly minutes: number | null;
  readonly details: Details;
}

/** The short questions before the day's first session. */
export interface CheckInAnswers {
  readonly pain_now: number;
  readonly stiffness?: "no" | "bit" | "very" | null;
  readonly answers?: Readonly<Record<string, "yes" | "no" | "unsure">>;
  readonly places?: readonly string[];
  /** Which way the head turns less; for the recommendation only. */
  readonly head_turn?: "same" | "left-smaller" | "right-smaller" | null;
  /** Where the person is now; for the recommendation only. */
  readonly position?: "chair" | "standing" | "floor" | null;
  /** Time that there is; for the recommendation only. */
  readonly minutes?: number | null;
  readonly details?: Details;
  /** Local time minus UTC, minutes. */
  readonly utc_offset_min?: number | null;
}

/** One short question of the day. */
export interface CheckInQuestion {
  readonly id: string;
  readonly short_key: string;
  readonly text_key: string;
}

/** Today's check-in, if there is one, and its questions. */
export interface CheckInState {
  readonly check_in: CheckIn | null;
  readonly questions: readonly CheckInQuestion[];
}

/** What one check found of one movement. */
export interface CheckMovement {
  readonly part: string;
  readonly name_key: string;
  readonly quantity: string;
  readonly sides: readonly Measured[];
  readonly sentences: readonly Sentence[];
  readonly norm: RangeShown | null;
}

/** What one check found. */
export interface CheckShown {
  readonly movements: readonly CheckMovement[];
  /** When the check was that it is compared with. */
  readonly before_at: string | null;
  /** What makes the two less comparable, what was left out. */
  readonly notes: readonly Sentence[];
}

/** Whether the mobility check is open, and due. */
export interface CheckToday {
  readonly state: "first" | "due" | "later" | "closed";
  readonly due_at: string | null;
  readonly last_at: string | null;
  readonly minutes: number;
  /** Movements that are closed today. */
  readonly left_out: readonly Sentence[];
  /** Why it is closed. */
  readonly reasons: readonly Note[];
}

/** One movement over all checks. */
export interface CheckTrend {
  readonly part: string;
  readonly name_key: string;
  readonly quantity: string;
  readonly sides: Readonly<Record<string, readonly MeasuredPoint[]>>;
  /** Smallest next change that is more than noise, of the noisier side. */
  readonly noise_deg: number | null;
  readonly sentences: readonly Sentence[];
  readonly norm: RangeShown | null;
}

/** What a clinician said. */
export interface ClearanceGiven {
  readonly assessed_on: string;
  readonly gentle_ok: boolean;
  readonly rule_ids: readonly string[];
  readonly note_kind?: string | null;
}

/** Today's permissions and the suggestion. */
export interface DayPlan {
  readonly techniques: readonly TechniqueToday[];
  readonly recommendation: Recommendation | null;
  readonly lock: Lock | null;
  /** Help cards to show first, most urgent first. */
  readonly cards: readonly HelpPointer[];
  /** Why the whole day is closed or smaller. */
  readonly reasons: readonly Note[];
  /** Kind remarks that close nothing. */
  readonly nudges: readonly Note[];
  /** Rows to ask now, before anything opens; send their answers with the check-in. */
  readonly ask: readonly Question[];
  /** Gentle breathing is all for today. */
  readonly breathing_only: boolean;
}

/** What some rows need to know beyond yes and no. Null: not told, which counts as the stricter case. */
export interface Details {
  readonly pain_now?: number | null;
  /** Whether the pain is there all the time. */
  readonly constant?: boolean | null;
  /** Whether posture or movement clearly brings it on or eases it. */
  readonly linked_to_movement?: boolean | null;
  readonly trimester?: number | null;
  /** Where the slipped disc is. */
  readonly disc_region?: "neck" | "mid" | "low" | null;
  /** Rows for which the person's own clinician has agreed to gentle exercise. */
  readonly agreed?: readonly string[];
}

/** How much: one of `hold_s`, `repetitions`, `roll_s` per set. */
export interface Dose {
  readonly sets: number;
  readonly hold_s: number | null;
  readonly repetitions: number | null;
  readonly roll_s: number | null;
  readonly rest_s: number;
}

/** Answers given so far. */
export interface Draft {
  readonly answers: Readonly<Record<string, "yes" | "no" | "unsure">>;
  readonly details: Details;
}

/** Erasing needs the word. */
export interface EraseWish {
  readonly confirm: "erase";
  /** A day of the person: everything of earlier days goes. Null: everything goes. */
  readonly before?: string | null;
}

/** What was erased. */
export interface Erased {
  readonly n_sessions: number;
  readonly n_recordings: number;
  /** Everything that is dated, sessions included. */
  readonly n_entries: number;
  /** What had to stay and why; null when nothing did. */
  readonly kept: Sentence | null;
}

/** Where a claim comes from. */
export interface Evidence {
  readonly id: string;
  readonly source: string | null;
  readonly grade: string | null;
  readonly provenance: string | null;
}

/** Every row of evidence and every source. Asked for as a whole, so that no address tells which rule somebody met. */
export interface EvidenceBook {
  /** By the id of the row. */
  readonly rows: Readonly<Record<string, EvidenceRow>>;
  readonly sources: Readonly<Record<string, Source>>;
}

/** On what one rule or statement rests. */
export interface EvidenceRow {
  /** Keys of `EvidenceBook.sources`. */
  readonly sources: readonly string[];
  readonly grade: string;
  /** The firmest of its sources. */
  readonly provenance: string;
}

/** One answer that matters. */
export interface Finding {
  readonly rule_id: string;
  readonly tier: string;
  readonly key: string;
  readonly params: Readonly<Record<string, string | number>>;
  /** How soon to ask a clinician, for findings that need one. */
  readonly when_key: string | null;
  /** The same in hours; 0 is now. */
  readonly within_h: number | null;
  /** Whether it rests on a `not sure`. */
  readonly unsure: boolean;
  /** Whether a clinician has since said yes to gentle exercise. */
  readonly cleared: boolean;
  /** Help card to show. */
  readonly card: string | null;
}

/** The last session, of which it is not told yet when it was back to usual. */
export interface FollowUp {
  readonly session_id: string;
  readonly exercise_id: string;
  readonly variant: string | null;
  readonly ended_at: string;
}

/** What to do now, for an alarming symptom. */
export interface HelpCard {
  readonly id: string;
  readonly tier: "emergency" | "urgent" | "info";
  readonly call: "emergency" | "clinician" | "none";
  readonly title_key: string;
  readonly why_key: string;
  readonly step_keys: readonly string[];
  /** What to say on the telephone or at the practice. */
  readonly say_key: string | null;
  readonly on_help_page: boolean;
}

/** A help card to show; its texts have the keys `help.<id>.*`. */
export interface HelpPointer {
  readonly id: string;
  readonly tier: string;
  readonly rule_ids: readonly string[];
  readonly params: Readonly<Record<string, string | number>>;
}

/** What an import brought. */
export interface Imported {
  readonly n_new: number;
  readonly n_recordings: number;
  /** What to say about it. */
  readonly notes: readonly Sentence[];
}

/** A session that broke off and can go on. */
export interface Interrupted {
  readonly id: string;
  readonly exercise_id: string;
  readonly variant: string | null;
  readonly mode: "camera" | "demo" | "timer";
  readonly short: boolean;
  readonly started_at: string;
  readonly held_s: Readonly<Record<string, number>>;
  /** Where its clock stands. */
  readonly at_s: number;
}

/** One article with all its texts. */
export interface LearnArticle {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly sections: readonly LearnSection[];
  readonly links: readonly LearnLink[];
}

/** A statement that was found. */
export interface LearnHit {
  readonly article: string;
  readonly article_title: string;
  readonly id: string;
  /** Together they are the statement. */
  readonly parts: readonly LearnPart[];
  /** What is often said instead, if it is about that. */
  readonly belief: readonly LearnPart[];
}

/** What was found, best first. */
export interface LearnHits {
  readonly hits: readonly LearnHit[];
}

/** Where to go on. */
export interface LearnLink {
  readonly name: string;
  readonly text: string;
}

/** A piece of a text. */
export interface LearnPart {
  readonly text: string;
  /** Whether it is a word that was looked for. */
  readonly is_found: boolean;
}

/** What somebody looks for; sent in the body, so that no address or log has it. */
export interface LearnQuery {
  readonly query: string;
}

/** Statements under one heading. */
export interface LearnSection {
  readonly id: string;
  readonly title: string;
  readonly statements: readonly LearnStatement[];
}

/** One thing said, with the rows that it rests on. */
export interface LearnStatement {
  /** Its home; elsewhere it is repeated. */
  readonly article: string;
  readonly id: string;
  readonly text: string;
  /** What is often said instead; the text contradicts it. */
  readonly belief: string | null;
  /** Ids of rows of the evidence; `D` is our own judgement. */
  readonly rows: readonly string[];
  /** Of the least firm row. */
  readonly grade: "A" | "B" | "C" | "D";
  /** The least firm of its rows; `M` also where the result itself is only remembered. */
  readonly provenance: "S" | "S2" | "M" | "D";
  readonly kind: "fact" | "advice" | "unkink";
}

/** Nothing may be started now. */
export interface Lock {
  readonly reasons: readonly Note[];
  /** None: until the questions are answered anew or a clinician has said yes. */
  readonly until: string | null;
  /** What a clinician's clearance has to name, when it is one that opens. */
  readonly lock_ids: readonly string[];
  /** Help card to show. */
  readonly card: string | null;
}

/** What is stroked in one view besides the contour. */
export interface MapLines {
  readonly front: readonly string[];
  readonly back: readonly string[];
}

/** One region in one view; its name has the key `place.<id>`. */
export interface MapRegion {
  readonly id: string;
  readonly view: "front" | "back";
  readonly path: string;
}

/** One measured value with its uncertainty, or why there is none. */
export interface Measured {
  readonly quantity: string;
  readonly side: "right" | "left" | "both";
  readonly value_deg: number | null;
  readonly sd_deg: number | null;
  readonly n: number;
  readonly reason: string | null;
  /** The last time, if there was one. */
  readonly before_deg: number | null;
  /** A change smaller than this is noise. */
  readonly noise_deg: number | null;
  /** Which noise decided that. */
  readonly noise_because: "norm" | "instrument" | "repeats" | "sessions" | "unknown" | null;
  /** The readings that the value is the median of. */
  readonly repeats_deg: readonly number[];
}

/** One point of a trend. */
export interface MeasuredPoint {
  readonly at: string;
  readonly value_deg: number | null;
  readonly sd_deg: number | null;
  readonly session_id: string | null;
}

/** A sentence with the rule that it comes from. */
export interface Note {
  readonly rule_id: string;
  readonly key: string;
  readonly params: Readonly<Record<string, string | number>>;
}

/** Something that a person tells outside of any question. */
export interface NoteGiven {
  readonly kind: "worried" | "low-mood" | "crisis" | "nerve" | "harm" | "fall" | "illness" | "medicine" | "pregnancy" | "surgery" | "cancer" | "S01" | "S02" | "S03" | "S04" | "S05";
  /** In their own words; nothing reads it but the person and their report. */
  readonly text?: string | null;
  readonly session_id?: string | null;
  /** Local time minus UTC, minutes. */
  readonly utc_offset_min?: number | null;
}

/** What one session came to for the person. */
export interface Outcome {
  readonly pain: Sentence | null;
  /** A difference of two single scores that is smaller is noise. */
  readonly pain_noise: number;
  readonly stiffness_before: "no" | "bit" | "very" | null;
  readonly stiffness: Sentence | null;
  /** How this technique went so far. */
  readonly relief: ReliefShown | null;
  /** When this technique was done before. */
  readonly last_at: string | null;
}

/** What the safety rules allow of one technique. */
export interface Permission {
  readonly effect: "ok" | "modify" | "block";
  /** Variants that are allowed when it is `modify`; empty: the technique itself. */
  readonly variants: readonly string[];
  /** Share of the dose, 0 to 1. */
  readonly dose_frac: number;
  /** Share of the range of motion, 0 to 1. */
  readonly range_frac: number;
  /** Longest single hold, seconds. */
  readonly max_hold_s: number | null;
  /** Pain score above which to stop, where it is lower than the general one. */
  readonly pain_limit: number | null;
  /** What to tell the person: limits, or why it is blocked. */
  readonly notes: readonly Note[];
  /** The rules that led to it, each in a sentence. */
  readonly reasons: readonly Note[];
}

/** What is said about it. */
export interface PopAnswer {
  readonly cards: readonly HelpPointer[];
}

/** A pop that the person tells of; logged neutrally. */
export interface PopTold {
  readonly deliberate: boolean;
  readonly region?: string | null;
  readonly session_id?: string | null;
  readonly utc_offset_min?: number | null;
}

/** The last problem after exercise as text, and where it can be sent. */
export interface ProblemTold {
  readonly text: string | null;
  /** An e-mail address or a web page, where the one who runs this has named one. */
  readonly address: string | null;
}

/** What changed. */
export interface Progress {
  readonly n_sessions: number;
  /** The newest. */
  readonly sessions: readonly SessionRow[];
  readonly pain: Trend;
  readonly relief: ReliefsShown;
  readonly activities: ActivitiesShown;
  readonly sleep: SleepShown | null;
  /** How the person sees the change since the beginning. */
  readonly whole: Sentence | null;
  /** Quantity, then side, then points, oldest first. */
  readonly measurements: Readonly<Record<string, Readonly<Record<string, readonly MeasuredPoint[]>>>>;
  /** The mobility checks, movement by movement. */
  readonly mobility: readonly CheckTrend[];
  /** Smallest change of each quantity that is more than noise, degrees. */
  readonly noise_deg: Readonly<Record<string, number>>;
  readonly sentences: readonly Sentence[];
}

/** One question; answered yes, no or not sure. */
export interface Question {
  readonly id: string;
  readonly tier: string;
  /** A few words, to tick in a list. */
  readonly short_key: string;
  /** The whole question. */
  readonly text_key: string;
  /** Ids of the details to ask when it is not answered no. */
  readonly details: readonly string[];
}

/** Where others are: background, never a goal. */
export interface RangeShown {
  readonly low_deg: number;
  readonly high_deg: number;
  readonly text_key: string;
  readonly evidence: Evidence;
}

/** What is suggested today, and why. */
export interface Recommendation {
  readonly exercise_id: string;
  readonly variant: string | null;
  readonly minutes: number;
  readonly short_minutes: number;
  /** `rule_id` is `D` where it is our own judgement alone. */
  readonly reasons: readonly Note[];
  /** Technique ids. */
  readonly alternatives: readonly string[];
}

/** One reason to talk to somebody; its texts are here, so that the page need not carry all of them. */
export interface Referral {
  readonly rule_id: string;
  readonly urgency: "now" | "same-day" | "days" | "weeks" | "routine" | "info";
  readonly whom: "emergency" | "advice-line" | "doctor" | "physio" | "bone-check" | "crisis-line" | "self";
  readonly title: string;
  readonly reason: Sentence;
  /** The reason in words, with the person's own numbers. */
  readonly text: string;
  readonly whom_text: string;
  readonly when_text: string;
  /** Help card. */
  readonly card: string | null;
  readonly raised_at: string;
  /** Whether it is to be shown: neither answered since it was raised, nor put off. */
  readonly is_open: boolean;
  readonly snoozed_until: string | null;
  readonly can_snooze: boolean;
  /** Rows, questions and stop signs behind it. */
  readonly rows: readonly string[];
  /** The newest answer since it was raised. */
  readonly answer: "booked" | "seen" | "later" | null;
  readonly answered_at: string | null;
}

/** What became of which; in the body, so that no address tells of somebody's health. */
export interface ReferralAnswered {
  readonly rule_id: string;
  readonly answer: "booked" | "seen" | "later";
}

/** Every reason to talk to somebody, answered ones too; open ones first, most urgent first. */
export interface Referrals {
  readonly referrals: readonly Referral[];
}

/** What one technique did, as the person told it. */
export interface ReliefShown {
  readonly exercise_id: string;
  readonly name_key: string;
  /** Sessions after which it was told. */
  readonly n: number;
  readonly n_better: number;
  readonly n_same: number;
  readonly n_worse: number;
  /** -1 worse, 0 same, 1 a bit, 2 a lot better. */
  readonly mean: number;
  /** Of its 90 % interval. */
  readonly low: number;
  readonly high: number;
  readonly verdict: "few" | "same" | "better" | "worse";
  readonly sentence: Sentence;
  /** Mean change of pain in a session, points; below 0 is less. */
  readonly pain_change: number | null;
  readonly pain_low: number | null;
  readonly pain_high: number | null;
}

/** All techniques that were tried. */
export interface ReliefsShown {
  readonly techniques: readonly ReliefShown[];
  readonly standing: "nothing" | "few" | "one" | "same" | "most";
  readonly best_id: string | null;
  readonly sentence: Sentence;
  /** How far it looks back. */
  readonly days: number;
}

/** One titled part. */
export interface ReportBlock {
  readonly id: string;
  readonly title: string;
  readonly place: "top" | "left" | "right" | "full";
  readonly picture: ReportPicture | null;
  readonly table: ReportTable | null;
  readonly lines: readonly string[];
  readonly note: string | null;
}

/** What a report is written as. */
export type ReportKind = "pdf" | "html" | "json";

/** The name on the report; empty: none. */
export interface ReportName {
  readonly name: string;
}

/** A drawing and what it shows in words. */
export interface ReportPicture {
  readonly svg: string;
  readonly alt: string;
  readonly width_frac: number;
}

/** The report as it would be saved. */
export interface ReportShown {
  readonly from_day: string;
  readonly to_day: string;
  /** Empty: none. */
  readonly name: string;
  readonly title: string;
  readonly subtitle: string;
  readonly blocks: readonly ReportBlock[];
  readonly use: string;
  readonly versions: string;
}

/** Rows of text; without columns: pairs. */
export interface ReportTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The longer look back: what is due, what it can ask, what is known. */
export interface Review {
  readonly due: readonly ("pain" | "sleep" | "mornings" | "activities" | "change" | "start" | "person" | "posture" | "mobility")[];
  /** All of them, in their order. */
  readonly parts: readonly ReviewPart[];
  readonly activities: readonly Activity[];
  readonly usual: Usual;
  readonly last_at: string | null;
}

/** A longer look back; null: not asked or not answered. */
export interface ReviewAnswers {
  /** Worst of the last 24 hours. */
  readonly pain_worst?: number | null;
  /** Average of the last 24 hours. */
  readonly pain_average?: number | null;
  /** Days with pain among the last 7. */
  readonly pain_days?: number | null;
  /** Nights woken by pain among the last 7. */
  readonly nights_woken?: number | null;
  /** 0 not at all to 10 completely. */
  readonly sleep_disturbance?: number | null;
  /** Mornings stiff for more than half an hour among the last 7. */
  readonly stiff_mornings?: number | null;
  /** Whether the pain is there all the time, eased by no position. */
  readonly is_constant?: boolean | null;
  /** For how long the trouble has been there. */
  readonly since_weeks?: number | null;
  readonly onset_age_years?: number | null;
  /** What brings the trouble on. */
  readonly brings_on?: readonly string[];
  /** -5 very much worse to 5 completely recovered. */
  readonly global_change?: number | null;
  /** 0 cannot do it to 10 as before, by the id of the activity. */
  readonly activities?: Readonly<Record<string, number>>;
  readonly wall_gap_cm?: number | null;
  readonly height_loss_cm?: number | null;
  readonly age_years?: number | null;
  /** Local time minus UTC, minutes. */
  readonly utc_offset_min?: number | null;
}

/** A group of questions and on what asking it rests. */
export interface ReviewPart {
  readonly id: "pain" | "sleep" | "mornings" | "activities" | "change" | "start" | "person" | "posture" | "mobility";
  readonly rule_ids: readonly string[];
}

/** The safety questions and where the person stands with them. */
export interface Screening {
  readonly state: "none" | "draft" | "valid" | "expired" | "locked";
  readonly cards: readonly Card[];
  readonly draft: Draft | null;
  /** Of the last finished round, to start the next from. */
  readonly answers: Readonly<Record<string, "yes" | "no" | "unsure">> | null;
  readonly details: Details | null;
  readonly answered_at: string | null;
  readonly expires_at: string | null;
  readonly assessment: Assessment | null;
}

/** Answers to the safety questions, by rule id. */
export interface ScreeningAnswers {
  readonly answers: Readonly<Record<string, "yes" | "no" | "unsure">>;
  readonly details?: Details;
}

/** A sentence of the catalogue with the values of its placeholders. */
export interface Sentence {
  readonly key: string;
  readonly params: Readonly<Record<string, string | number>>;
}

/** One session with everything that belongs to it. */
export interface SessionDetails {
  readonly session: SessionRow;
  /** The summary as `unkink replay` writes it: sides, holds, faults, cues, tracking, verdicts. */
  readonly summary: Readonly<Record<string, unknown>>;
  /** What was measured, in words, each change with its noise. */
  readonly sentences: readonly Sentence[];
  /** What it came to for the person. */
  readonly outcome: Outcome;
  /** What the camera could not see. */
  readonly unseen_keys: readonly string[];
  readonly quantity_name_key: string | null;
  readonly n_pops: number;
  readonly sets: readonly SetDone[];
  readonly measurements: readonly Measured[];
  /** What a mobility check found; None for a technique. */
  readonly mobility: CheckShown | null;
  readonly events: readonly SessionEvent[];
  readonly has_recording: boolean;
  /** Help card to show, when a stop rule follows. */
  readonly card: string | null;
  /** None for a session that went well. */
  readonly next: WhatNext | null;
}

/** Something that happened in a session. */
export interface SessionEvent {
  readonly t_s: number;
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** One session in a list. */
export interface SessionRow {
  readonly id: string;
  readonly seq: number;
  readonly exercise_id: string;
  readonly variant: string | null;
  readonly mode: "camera" | "demo" | "timer";
  readonly short: boolean;
  readonly status: "running" | "interrupted" | "finished" | "stopped" | "left";
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly duration_s: number;
  readonly held_s: Readonly<Record<string, number>>;
  readonly rolled_s: number;
  readonly repetitions: number;
  readonly pain_before: number | null;
  readonly pain_during: number | null;
  readonly pain_after: number | null;
  readonly stiffness_after: "no" | "bit" | "very" | null;
  readonly relief: "worse" | "same" | "bit" | "lot" | null;
  readonly felt: string | null;
  readonly signal: "green" | "amber" | "red" | "black" | null;
  readonly stop_rule_ids: readonly string[];
}

/** A page of sessions, newest first. */
export interface Sessions {
  readonly sessions: readonly SessionRow[];
  /** Pass it on as `before` to read older ones; None: there are no more. */
  readonly next_before: number | null;
}

/** One set on one side. */
export interface SetDone {
  readonly set_idx: number;
  readonly side: "right" | "left" | "both";
  readonly started_s: number;
  readonly ended_s: number;
  readonly held_s: number;
  readonly rolled_s: number;
  readonly repetitions: number;
  readonly n_faults: number;
}

/** The person's settings. */
export interface Settings {
  readonly emergency_number: string;
  /** Whom to call when it is too much; empty: not chosen. Never built in, as the emergency number. */
  readonly crisis_line: string;
  readonly sound: "voice" | "bell" | "silent";
  readonly voice_name: string | null;
  readonly mirrored: boolean;
  readonly theme: "auto" | "light" | "dark";
  readonly reduced_motion: "auto" | "on" | "off";
  /** Keep the landmarks (never pictures) of sessions on this computer. */
  readonly record_landmarks: boolean;
  readonly big_numerals: boolean;
  /** What is at hand; for the recommendation only. */
  readonly equipment: readonly ("chair" | "wall" | "roller" | "towel")[];
  /** Whether lying down on the floor is possible; for the recommendation only. */
  readonly floor: boolean;
}

/** Settings to change; what is left out stays. */
export interface SettingsChange {
  readonly emergency_number?: string | null;
  readonly crisis_line?: string | null;
  readonly sound?: "voice" | "bell" | "silent" | null;
  /** An empty text: the device's default voice. */
  readonly voice_name?: string | null;
  readonly mirrored?: boolean | null;
  readonly theme?: "auto" | "light" | "dark" | null;
  readonly reduced_motion?: "auto" | "on" | "off" | null;
  readonly record_landmarks?: boolean | null;
  readonly big_numerals?: boolean | null;
  readonly equipment?: readonly ("chair" | "wall" | "roller" | "towel")[] | null;
  readonly floor?: boolean | null;
}

/** What is read first: a few words for the questions that can only apply if it does. */
export interface Sign {
  readonly id: string;
  readonly text_key: string;
  /** Ids of its questions. */
  readonly rows: readonly string[];
  /** Whether ticking it answers its one question; else its questions are asked then. */
  readonly is_row: boolean;
}

/** One reviewer's word on some rows of one version. */
export interface SignatureGiven {
  readonly reviewer: string;
  readonly profession: "physiotherapist" | "doctor";
  /** Day, YYYY-MM-DD. */
  readonly on: string;
  readonly rules_version: string;
  readonly rows: readonly string[];
}

/** Nights woken by pain, of seven. */
export interface SleepShown {
  readonly points: readonly TrendPoint[];
  readonly noise: number | null;
  readonly sentences: readonly Sentence[];
}

/** One entry of the bibliography. */
export interface Source {
  readonly reference: string;
  /** `S` read in a copy, `S2` seen in a summary, `M` from memory, `D` our own judgement. */
  readonly provenance: string;
  /** What of it was really read; may be empty. */
  readonly confirmed: string;
}

/** What runs here. */
export interface Status {
  readonly version: string;
  readonly rules_version: string;
  readonly emergency_number: string;
  readonly mode: "local";
}

/** One technique as the pages show it. */
export interface Technique {
  readonly id: string;
  readonly code: string;
  readonly position: "sitting" | "standing" | "supine";
  readonly facing: "front" | "side";
  readonly equipment: readonly string[];
  readonly minutes: number;
  readonly sides: readonly ("right" | "left" | "both")[];
  readonly name_key: string;
  readonly what_key: string;
  readonly benefit_key: string;
  readonly camera_key: string;
  readonly setup_keys: readonly string[];
  readonly steps_keys: readonly string[];
  readonly dont_keys: readonly string[];
  /** What one camera cannot see. */
  readonly unseen_keys: readonly string[];
  readonly ladder_keys: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly variants: readonly VariantInfo[];
  readonly doses: Readonly<Record<string, Dose>>;
  /** Today's; None while it is not known or not allowed. */
  readonly dose: Dose | null;
  /** Today's; None until the questions are answered. */
  readonly permission: Permission | null;
  /** A danger sign closes all exercise: how it is done is left out. */
  readonly is_shut: boolean;
}

/** What one technique may be today. */
export interface TechniqueToday {
  readonly id: string;
  readonly permission: Permission;
  /** Why it is closed or smaller today, most important first. */
  readonly reasons: readonly Note[];
  /** Whether it can be started now. */
  readonly available: boolean;
  /** When a closed technique opens again by itself. */
  readonly ready_at: string | null;
  /** Whether only the 2-minute version is open. */
  readonly short_only: boolean;
  /** Which of the technique's doses. */
  readonly level: "start" | "middle" | "standard";
  /** What is really done today, not what the technique's file says. */
  readonly dose: Dose | null;
  /** The same of the short version. */
  readonly short_dose: Dose | null;
  /** The variant that would be done. */
  readonly variant: string | null;
  /** Of the whole session, with warm-up and rests. */
  readonly minutes: number;
  readonly short_minutes: number;
  readonly warm_up_s: number;
  /** How much it may be felt, of 10: least and most. */
  readonly effort: readonly [number, number] | null;
  /** Why it is this much today, with the rows that say so. */
  readonly why: readonly Note[];
}

/** Everything that the first page shows. */
export interface Today {
  readonly screening_state: "none" | "draft" | "valid" | "expired" | "locked";
  /** Emergency cards of unfinished answers that would lock; None where none of them would. */
  readonly alarm: readonly string[] | null;
  readonly check_in: CheckIn | null;
  readonly questions: readonly CheckInQuestion[];
  /** None until the safety questions and today's check-in are answered. */
  readonly plan: DayPlan | null;
  readonly trend: Trend;
  readonly sessions_this_week: number;
  readonly interrupted: Interrupted | null;
  /** None until the safety questions and today's check-in are answered. */
  readonly mobility: CheckToday | null;
  /** To be asked first, the day after. */
  readonly follow_up: FollowUp | null;
  /** The last session was more than a week ago. */
  readonly welcome_back: boolean;
  /** Parts of the longer look back to ask now. */
  readonly review_due: readonly ("pain" | "sleep" | "mornings" | "activities" | "change" | "start" | "person" | "posture" | "mobility")[];
  /** Open reasons to talk to somebody, most urgent first. */
  readonly referrals: readonly Referral[];
  readonly usual: Usual;
}

/** Pain over weeks. */
export interface Trend {
  /** What was told; of a long course the middle of each week. */
  readonly pain: readonly TrendPoint[];
  /** The same without its scatter, for drawing. */
  readonly line: readonly TrendPoint[];
  /** Middle of the first week; None: too few days. */
  readonly start: number | null;
  /** A change of a week's middle that is smaller is noise; None: too few days. */
  readonly noise: number | null;
  /** Whose noise that is. */
  readonly noise_sentence: Sentence | null;
  readonly sentence: Sentence | null;
  /** Single answers behind it. */
  readonly n_reports: number;
}

/** Pain at a check-in, 0 to 10. */
export interface TrendPoint {
  readonly at: string;
  readonly value: number;
}

/** A row that needs a clinician's signature and lacks one. */
export interface UnsignedRow {
  readonly id: string;
  /** 1, 2 or 7 of the evidence; empty for a row of grade D elsewhere. */
  readonly section: string;
  readonly grade: string;
  readonly provenance: string;
  readonly lacks: readonly ("physiotherapist" | "doctor")[];
}

/** What of these very rules is not signed. */
export interface UnsignedRows {
  readonly rules_version: string;
  readonly signatures: readonly SignatureGiven[];
  readonly rows: readonly UnsignedRow[];
}

/** A rule that waits for a clinician's signature. */
export interface UnsignedRule {
  readonly id: string;
  /** What it is about, in few words; may be empty. */
  readonly text: string;
  /** Whether it rests on our own judgement alone. */
  readonly is_judgement: boolean;
}

/** What was told once and need not be asked again. */
export interface Usual {
  /** Of the last check-in that named any. */
  readonly places: readonly string[];
  /** As of now. */
  readonly since_weeks: number | null;
  readonly brings_on: readonly string[];
  /** As of now, by the age that was told. */
  readonly age_years: number | null;
}

/** A gentler way of a technique. */
export interface VariantInfo {
  readonly id: string;
  readonly name_key: string;
  readonly what_key: string;
  readonly setup_keys: readonly string[];
  readonly equipment: readonly string[];
}

/** What a session that hurt means for the next ones. */
export interface WhatNext {
  readonly signal: "green" | "amber" | "red" | "black";
  readonly notes: readonly Note[];
  /** When this technique opens again by itself. */
  readonly until: string | null;
  readonly ask: readonly AskAgain[];
}

/** RFC 9457 `application/problem+json`: every error of every route looks like this. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** English; the page shows `key` in its own language. */
  readonly detail: string;
  readonly code: string;
  readonly key: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly error_id: string | null;
  /** The command that repairs it, or an empty text. */
  readonly hint: string;
  /** What is wrong with which field, without the values that were sent. */
  readonly faults: readonly string[];
}

/** Every route: what is sent and what comes back. */
export interface Routes {
  /** Read what runs here. */
  "GET /api/status": { body: null; answer: Status };
  /** Read the settings. */
  "GET /api/settings": { body: null; answer: Settings };
  /** Change settings; what is left out stays. */
  "PUT /api/settings": { body: SettingsChange; answer: Settings };
  /** Read all texts of the language. */
  "GET /api/catalogue": { body: null; answer: Readonly<Record<string, string>> };
  /** List the help cards. */
  "GET /api/rules/help": { body: null; answer: readonly HelpCard[] };
  /** Download everything that is kept, as JSON, as Parquet tables, or both with the recordings. */
  "GET /api/export": { body: null; answer: null };
  /** Bring back what was exported: the file itself is the body; what is here stays as it is. */
  "POST /api/import": { body: null; answer: Imported };
  /** Erase everything that is kept, or what is older than a day of the person. */
  "POST /api/erase": { body: EraseWish; answer: Erased };
  /** Read the safety questions and where the person stands with them. */
  "GET /api/screening": { body: null; answer: Screening };
  /** Answer the safety questions. */
  "POST /api/screening": { body: ScreeningAnswers; answer: Screening };
  /** Keep the answers given so far. */
  "PUT /api/screening/draft": { body: ScreeningAnswers; answer: null };
  /** Forget the answers given so far. */
  "DELETE /api/screening/draft": { body: null; answer: null };
  /** Keep what a clinician said. */
  "POST /api/screening/clearance": { body: ClearanceGiven; answer: Screening };
  /** Read today's check-in and its questions. */
  "GET /api/check-in": { body: null; answer: CheckInState };
  /** Say how the back is today. */
  "POST /api/check-in": { body: CheckInAnswers; answer: Today };
  /** Read what the first page shows. */
  "GET /api/today": { body: null; answer: Today };
  /** Read the outline of a person and its regions. */
  "GET /api/body-map": { body: null; answer: BodyMap };
  /** Read what the longer look asks now, and what is known already. */
  "GET /api/reviews": { body: null; answer: Review };
  /** Look back; what was not answered stays open. */
  "POST /api/reviews": { body: ReviewAnswers; answer: Today };
  /** Say "not now" to the longer look: it comes again in a week. */
  "POST /api/reviews/later": { body: null; answer: Today };
  /** Read the person's own activities. */
  "GET /api/activities": { body: null; answer: Activities };
  /** Name up to three activities of one's own. */
  "PUT /api/activities": { body: Activities; answer: Activities };
  /** Tell something outside of any question. */
  "POST /api/notes": { body: NoteGiven; answer: Today };
  /** List every reason to talk to somebody, answered ones too. */
  "GET /api/referrals": { body: null; answer: Referrals };
  /** Say that it is arranged, that it is done, or to ask again later; what is urgent is not put off. */
  "POST /api/referrals/answer": { body: ReferralAnswered; answer: Referrals };
  /** Save the report of a period (by default the last eight weeks); as a page it is shown, to print it. */
  "GET /api/report": { body: null; answer: null };
  /** Read the report of a period in words, as it would be saved. */
  "GET /api/report/page": { body: null; answer: ReportShown };
  /** Say which name stands on reports; empty: none. */
  "PUT /api/report/name": { body: ReportName; answer: ReportName };
  /** Read the last problem after exercise that was written down, as a text to send by oneself. */
  "GET /api/report/problem": { body: null; answer: ProblemTold };
  /** Save that text. */
  "GET /api/report/problem.txt": { body: null; answer: null };
  /** List the techniques with what is allowed today. */
  "GET /api/techniques": { body: null; answer: readonly Technique[] };
  /** List sessions, newest first. */
  "GET /api/sessions": { body: null; answer: Sessions };
  /** Read one session with everything that belongs to it. */
  "GET /api/sessions/{session_id}": { body: null; answer: SessionDetails };
  /** Delete one session with everything that belongs to it. */
  "DELETE /api/sessions/{session_id}": { body: null; answer: null };
  /** Close a session that broke off; nothing of it is lost. */
  "POST /api/sessions/{session_id}/dismiss": { body: null; answer: null };
  /** Say how it was. */
  "POST /api/sessions/{session_id}/after": { body: AfterAnswers; answer: SessionDetails };
  /** Tell of a pop; it is logged neutrally. */
  "POST /api/pops": { body: PopTold; answer: PopAnswer };
  /** Read what changed, with its noise. */
  "GET /api/progress": { body: null; answer: Progress };
  /** List every row of evidence with its sources, for "why am I seeing this?". */
  "GET /api/evidence": { body: null; answer: EvidenceBook };
  /** List all articles with their texts. */
  "GET /api/learn": { body: null; answer: readonly LearnArticle[] };
  /** Find statements by words, also misspelt ones. */
  "POST /api/learn/search": { body: LearnQuery; answer: LearnHits };
  /** Tell what Unkink is for, how accurate it is, and which rules nobody has signed yet. */
  "GET /api/about": { body: null; answer: About };
  /** List the rows that need a clinician's signature and have none. */
  "GET /api/rules/unsigned": { body: null; answer: UnsignedRows };
}
