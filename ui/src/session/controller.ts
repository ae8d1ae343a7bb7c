/**
 * The session as it runs in the page: puts clock, connection, picture, voice and view together. In: what the person wants (`act`). Out: the
 * signals that the screen draws. Next file: `SessionPage.tsx`.
 */
import { effect, signal } from "@preact/signals";
import { ask } from "../api/client";
import { navigate } from "../app/router";
import { isHelpOpen, settings } from "../app/state";
import type { EngineInfo } from "../camera/engine";
import type { Landmarks } from "../camera/protocol";
import type { FromPage, Mode, PainKind, TapAction, ToPage, VerdictMessage } from "../generated/messages";
import { LANGUAGE, say } from "../text/catalogue";
import { SoundDesk } from "../voice/sound";
import { openSynth, Speaker } from "../voice/speech";
import { Tones } from "../voice/tones";
import { SessionClock } from "./clock";
import { PictureFeed } from "./feed";
import type { Intent } from "./keys";
import { Reports } from "./reports";
import type { SessionRoute } from "./route";
import { type Connection, LiveSocket } from "./socket";
import { applyTool } from "./tools";
import { computeCueTime, EMPTY_VIEW, isPaused, isRunning, isStopped, reduceMessage, soundsOf, type View } from "./view";

const TICK_MS = 250;
const SUMMARY_MS = 3000;
/** The last words stay before the summary comes. */
const FINISH_MS = 4000;
const NO_SERVER_AFTER = 4;

/** Pauses that end only when the person says so: the demonstration person waits too. */
const WAITS_FOR_PERSON = new Set(["user", "pain", "hidden", "time-jump"]);

export type OpeningStep = "engine" | "server" | "camera" | "demo";

export class SessionController {
  readonly view;
  readonly engine = signal<EngineInfo | null>(null);
  readonly fps = signal(Number.NaN);
  readonly step = signal<OpeningStep>("engine");
  readonly hasBreathTone = signal(false);
  readonly clock = new SessionClock();
  readonly feed: PictureFeed;
  readonly sound: SoundDesk;
  /** Called with each new set of points, for the drawing. */
  onPoints: (found: Landmarks) => void = () => {};

  readonly #tones = new Tones();
  readonly #speaker = new Speaker(openSynth(), LANGUAGE, () => settings.value.voice_name);
  readonly #socket: LiveSocket;
  readonly #ends: (() => void)[] = [];
  #tick: ReturnType<typeof setInterval> | undefined;
  #later = new Set<ReturnType<typeof setTimeout>>();
  #welcome: ((isWelcome: boolean) => void) | null = null;
  readonly #reports = new Reports({
    send: (message) => this.#send(message),
    stamp: () => this.clock.stamp(),
    after: (wait_ms, run) => this.#after(wait_ms, run),
    heard_ms: () => this.#heard_ms,
    isStopped: () => isStopped(this.view.value),
    stop: (verdict) => this.#stopHere(verdict),
    tellLate: async (symptom) => {
      const path = `/api/sessions/${encodeURIComponent(this.view.value.welcome?.session_id ?? "")}/after`;
      return (await ask("POST", path, { symptom })).ok;
    },
  });
  #n_lost = 0;
  #heard_ms = 0;
  #wakeLock: WakeLockSentinel | null = null;

  constructor(private readonly route: SessionRoute) {
    this.view = signal<View>({ ...EMPTY_VIEW, mode: route.wish.mode ?? "camera" });
    this.feed = new PictureFeed(
      {
        onLandmarks: (found, n_persons) => this.#takeLandmarks(found, n_persons),
        onEngine: (info) => (this.engine.value = info),
        onLost: () => this.#noticeCamera("camera-lost"),
        onBack: () => this.#noticeCamera("camera-back"),
      },
      this.clock,
      { model: route.model },
    );
    this.sound = new SoundDesk(
      this.#speaker,
      this.#tones,
      () => settings.value.sound,
      () => this.hasBreathTone.value,
    );
    this.#socket = new LiveSocket(
      { onMessage: (message) => this.#take(message), onConnection: (connection) => this.#connect(connection) },
      () => ({ model: this.engine.value?.model ?? "", delegate: this.engine.value?.delegate ?? "" }),
    );
  }

  get wish(): SessionRoute["wish"] {
    return this.route.wish;
  }

  /** Session time now, for drawings that move by themselves. */
  readonly now = () => this.clock.now();

  hasVoice(): boolean {
    return this.#speaker.hasVoice;
  }

  /** Begin to listen; returns how to stop. */
  mount(): () => void {
    if (this.view.value.mode !== "timer") void this.feed.prepare();
    const onVisible = () => this.#noticeVisible();
    document.addEventListener("visibilitychange", onVisible);
    this.#ends.push(
      () => document.removeEventListener("visibilitychange", onVisible),
      effect(() => {
        if (isHelpOpen.value && isRunning(this.view.peek())) this.#tap("pause");
      }),
    );
    return () => this.#close();
  }

  /** Leaving without a word puts the session aside: Today offers to go on with it. */
  #close(): void {
    for (const end of this.#ends) end();
    this.#rest();
    this.#socket.close();
    this.feed.close();
    if (this.view.value.summary_id === null) this.sound.stop();
    this.#tones.close();
  }

  /** No more ticks, no picture; the words stay. */
  #rest(): void {
    clearInterval(this.#tick);
    for (const timer of this.#later) clearTimeout(timer);
    this.#later.clear();
    this.feed.stop();
    void this.#wakeLock?.release().catch(() => {});
    this.#wakeLock = null;
  }

  #set(change: Partial<View>): void {
    this.view.value = { ...this.view.value, ...change };
  }

  #after(wait_ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#later.delete(timer);
      run();
    }, wait_ms);
    this.#later.add(timer);
  }

  // ------------------------------------------------------------------------------------------ start

  async start(wished: Mode = this.view.value.mode): Promise<void> {
    if (this.view.value.stage === "opening" || this.view.value.stage === "live") return;
    this.#tones.wake();
    this.#set({ ...EMPTY_VIEW, stage: "opening", mode: wished });
    if (!(await this.#makeReady(wished))) return;
    this.step.value = "server";
    if (!(await this.#meetServer(wished))) return;
    // A session that goes on keeps its own mode, whatever was wished for here.
    const { mode } = this.view.value;
    if (mode !== wished && !(await this.#makeReady(mode))) {
      this.#socket.close();
      return;
    }
    this.step.value = mode === "demo" ? "demo" : "camera";
    const t_s = this.view.value.welcome?.t_s ?? 0;
    const problem = await this.feed.open(mode, () => this.clock.start(t_s));
    if (problem) {
      this.#send({ op: "bye", t_s: this.clock.stamp(), reason: `camera-${problem}` });
      this.#socket.close();
      this.feed.stop();
      this.#set({ stage: "setup", camera: problem, welcome: null });
      return;
    }
    if (!this.#isOpening()) return;
    this.#set({ stage: "live", camera: null });
    this.#tick = setInterval(() => this.#beat(), TICK_MS);
    this.#beat();
    void this.#keepAwake();
  }

  async #makeReady(mode: Mode): Promise<boolean> {
    this.step.value = mode === "timer" ? "server" : "engine";
    const problem = await this.feed.ready(mode, this.view.value.welcome?.exercise_id ?? this.route.wish.exercise_id);
    if (problem) this.#set({ stage: "setup", camera: problem, welcome: null });
    return problem === null;
  }

  /** The server may have ended it meanwhile. */
  #isOpening(): boolean {
    return this.view.value.stage === "opening";
  }

  #meetServer(mode: Mode): Promise<boolean> {
    return new Promise((resolve) => {
      this.#welcome = resolve;
      this.#n_lost = 0;
      this.#socket.open({ ...this.route.wish, mode });
    });
  }

  /** Go on here with the session of another tab. */
  takeOver(): void {
    const { problem, welcome } = this.view.value;
    const running = problem?.params.session_id ?? welcome?.session_id;
    this.route.wish.resume_id = running ? String(running) : null;
    this.route.wish.take_over = true;
    void this.start();
  }

  async #keepAwake(): Promise<void> {
    try {
      this.#wakeLock = await navigator.wakeLock.request("screen");
    } catch {
      // Then the screen may sleep; the session pauses when it does.
    }
  }

  // ----------------------------------------------------------------------------------------- server

  #send(message: FromPage): boolean {
    return this.#socket.send(message);
  }

  #tap(action: TapAction): boolean {
    return this.#send({ op: "tap", t_s: this.clock.stamp(), action });
  }

  #connect(connection: Connection): void {
    // While it is looked for, "connecting" would only flicker.
    if (connection === "connecting" && this.view.value.connection === "lost") return;
    this.#set({ connection });
    if (connection === "open") this.#n_lost = 0;
    if (connection !== "lost") return;
    this.sound.stop();
    this.feed.hold(true);
    if (++this.#n_lost >= NO_SERVER_AFTER || this.view.value.stage === "opening") void this.#askWhy();
  }

  /** The connection fails again and again: has this page no key? */
  async #askWhy(): Promise<void> {
    const answer = await ask("GET", "/api/status");
    if (answer.ok || answer.problem.status !== 401) return;
    this.#socket.close();
    this.#welcome?.(false);
    const { code, error_id } = answer.problem;
    const problem = { op: "problem", code, key: "ui.server.no-key.text", params: {}, error_id, fatal: true } as const;
    this.#set({ stage: "setup", problem });
  }

  #take(message: ToPage): void {
    this.#heard_ms = performance.now();
    const before = this.view.value;
    const after = reduceMessage(before, message, say);
    this.view.value = after;
    for (const sound of soundsOf(before, after, message)) {
      if (sound.kind === "tone") this.sound.play(sound.tone);
      else this.sound.say(say(sound.line), sound.urgency);
    }
    if (message.op === "welcome") this.#takeWelcome(message.t_s);
    if (message.op === "state") this.#takeState(before, after);
    if (message.op === "verdict") this.#reports.hear(message);
    if (message.op === "problem" && message.fatal) this.#takeFatal();
    if (isStopped(after) && !isStopped(before)) this.#rest();
    if (message.op === "summary") this.#takeSummary(after);
  }

  #takeWelcome(t_s: number): void {
    const resolve = this.#welcome;
    this.#welcome = null;
    if (resolve) {
      resolve(true);
      return;
    }
    this.clock.start(t_s);
    this.#reports.settle();
  }

  #takeState(before: View, after: View): void {
    const { state } = after;
    if (!state) return;
    this.feed.hold(state.paused !== null && WAITS_FOR_PERSON.has(state.paused));
    if (state.part && after.mode === "demo") this.feed.follow(state.part);
    const was = before.state?.breath;
    const { phase, started_s, duration_s } = state.breath;
    if ((phase === "in" || phase === "out") && (was?.phase !== phase || was.started_s !== started_s)) {
      this.sound.breathe(phase, duration_s);
    }
  }

  #takeFatal(): void {
    this.#reports.close();
    this.#welcome?.(false);
    this.#welcome = null;
    this.#rest();
    // What could not be gone on with is not asked for again.
    this.route.wish.resume_id = null;
    this.route.wish.take_over = false;
    this.#set({ stage: "setup" });
  }

  #takeSummary(after: View): void {
    this.#reports.close();
    this.#rest();
    if (isStopped(after)) return;
    const isFinished = after.state?.phase === "finished";
    this.#after(isFinished ? FINISH_MS : 0, () => this.act("summary"));
  }

  // ------------------------------------------------------------------------------------ time, picture

  #beat(): void {
    if (this.view.value.mode !== "timer") this.fps.value = this.feed.fps;
    const gone_s = document.visibilityState === "visible" ? this.clock.checkJump(TICK_MS / 1000) : 0;
    if (gone_s > 0) {
      this.#send({ op: "notice", t_s: this.clock.stamp(), what: "time-jump" });
      this.feed.rest();
    }
    this.#send({ op: "tick", t_s: this.clock.stamp() });
  }

  #takeLandmarks(found: Landmarks, n_persons: number | null): void {
    const stage = this.view.value.stage;
    if (stage !== "live" && stage !== "opening") return;
    this.#send({
      op: "frame",
      t_s: this.clock.stampFrame(found.t_s),
      image: found.image ? new Uint8Array(found.image.buffer) : null,
      world: found.world ? new Uint8Array(found.world.buffer) : null,
      width_px: found.width_px,
      height_px: found.height_px,
      brightness_frac: found.brightness_frac,
      n_persons: found.image ? n_persons : 0,
    });
    this.onPoints(found);
  }

  #noticeVisible(): void {
    if (this.view.value.stage !== "live") return;
    const what = document.visibilityState === "visible" ? "visible" : "hidden";
    this.#send({ op: "notice", t_s: this.clock.stamp(), what });
    this.feed.rest();
    if (what === "visible") void this.#keepAwake();
  }

  #noticeCamera(what: "camera-lost" | "camera-back"): void {
    if (what === "camera-lost") this.clock.forgetLag();
    this.#send({ op: "notice", t_s: this.clock.stamp(), what });
    this.#set({ camera: what === "camera-lost" ? "lost" : null });
  }

  /** Try again after a trouble with the camera. */
  async retryCamera(): Promise<void> {
    if (this.view.value.stage !== "live") {
      await this.start();
      return;
    }
    const problem = await this.feed.reopen();
    if (problem) this.#set({ camera: problem });
  }

  /** Go another way: what was done so far is kept as its own session. */
  async change(mode: Mode): Promise<void> {
    if (this.view.value.stage === "live") {
      this.#send({ op: "bye", t_s: this.clock.stamp(), reason: `to-${mode}` });
      this.#socket.close();
      this.#rest();
      this.route.wish.resume_id = null;
      this.#set({ ...EMPTY_VIEW, mode });
      await this.start(mode);
      return;
    }
    this.#set({ mode, camera: null });
    if (mode !== "timer") void this.feed.prepare();
  }

  lookForServer(): void {
    this.#socket.retryNow();
  }

  // ----------------------------------------------------------------------------------------- person

  act(intent: Intent): void {
    this.#tones.wake();
    const view = this.view.value;
    if (applyTool(intent, this.sound, this.hasBreathTone)) return;
    switch (intent) {
      case "start":
        void this.start();
        return;
      case "pause":
      case "resume":
        this.#tap(intent);
        return;
      case "next":
        this.#tap(view.mode === "timer" && view.state?.phase !== "rest" ? "done" : "next");
        return;
      case "pop":
        if (this.#tap("pop")) this.#notePop();
        return;
      case "pain":
        if (view.stage === "live" && !isPaused(view)) this.#tap("pause");
        this.sound.stop();
        this.#set({ dialog: "pain" });
        return;
      case "ask-end":
        if (!isPaused(view)) this.#tap("pause");
        this.#set({ dialog: "end" });
        return;
      case "stay":
        this.#set({ dialog: "none" });
        return;
      case "end":
        this.#end();
        return;
      case "leave":
        this.#tapStopIfLive();
        navigate("/");
        return;
      case "summary":
        navigate(view.summary_id ? `/summary/${encodeURIComponent(view.summary_id)}` : "/", { replace: true });
        return;
    }
  }

  /** Always the same words: a pop is no aim. */
  #notePop(): void {
    const line = { key: "session.pop", params: {} };
    const t_s = this.view.value.state?.t_s ?? 0;
    this.#set({ cue: { ...line, urgency: "prompt", t_s, until_s: t_s + computeCueTime(say(line)) } });
    this.sound.say(say(line), "prompt");
  }

  #tapStopIfLive(): void {
    if (this.view.value.stage === "live") this.#tap("stop");
  }

  #end(): void {
    this.#set({ dialog: "none" });
    const isSent = this.#tap("stop");
    // The server answers with the summary; without it there is still a way out.
    this.#after(isSent ? SUMMARY_MS : 0, () => this.act("summary"));
  }

  reportPain(score: number, kind: PainKind): void {
    this.#set({ dialog: "none" });
    this.#reports.pain(score, kind);
  }

  reportSign(rule_id: string): void {
    this.#set({ dialog: "none" });
    this.#reports.sign(rule_id);
  }

  /** A stop that this page decided. */
  #stopHere(verdict: VerdictMessage): void {
    this.#tapStopIfLive();
    this.#set({ verdict, isOwnVerdict: true, stage: "over", dialog: "none" });
    this.sound.say(say(verdict.reasons[0]!), "safety");
    this.#rest();
  }
}
