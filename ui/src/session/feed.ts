/**
 * The picture of a session, from opening to closing: engine, camera or demonstration, pump. In: a video element and a mode. Out: landmarks
 * with session times, and notices when the camera goes and comes. Next file: `controller.ts`.
 */
import { type EngineInfo, type EngineOptions, PoseEngine } from "../camera/engine";
import type { Landmarks } from "../camera/protocol";
import { FramePump, MediaClock, type PumpClock } from "../camera/pump";
import { type CameraProblem, closePicture, loadDemonstration, openCamera, playCamera } from "../camera/source";
import type { Mode } from "../generated/messages";
import { findPlace } from "./demonstration";

export interface FeedEvents {
  onLandmarks(found: Landmarks, n_persons: number | null): void;
  onEngine(info: EngineInfo): void;
  onLost(): void;
  onBack(): void;
}

/** A count of persons older than this says nothing any more. */
const COUNT_FRESH_MS = 10_000;

export class PictureFeed {
  #engine: PoseEngine | null = null;
  #loading: Promise<PoseEngine | null> | null = null;
  #pump: FramePump | null = null;
  #stream: MediaStream | null = null;
  #persons: { readonly n: number; readonly at_ms: number } | null = null;
  #isClosed = false;
  video: HTMLVideoElement | null = null;

  constructor(
    private readonly events: FeedEvents,
    private readonly clock: PumpClock,
    private readonly options: EngineOptions,
  ) {}

  get fps(): number {
    return this.#engine?.fps ?? Number.NaN;
  }

  get took_ms(): number {
    return this.#engine?.took_ms ?? Number.NaN;
  }

  get info(): EngineInfo | null {
    return this.#engine?.info ?? null;
  }

  /** Load and warm up the engine; called early, and again by `open`. */
  prepare(): Promise<PoseEngine | null> {
    this.#loading ??= PoseEngine.open(this.options).then(
      (engine) => {
        if (this.#isClosed) {
          engine.close();
          return null;
        }
        this.#engine = engine;
        engine.onLandmarks = (found) => this.events.onLandmarks(found, this.#readPersons());
        engine.onPersons = (n) => {
          this.#persons = { n, at_ms: performance.now() };
        };
        engine.onChange = this.events.onEngine;
        this.events.onEngine(engine.info);
        return engine;
      },
      () => {
        this.#loading = null;
        return null;
      },
    );
    return this.#loading;
  }

  #readPersons(): number | null {
    const found = this.#persons;
    return found && performance.now() - found.at_ms < COUNT_FRESH_MS ? found.n : null;
  }

  /** Everything that can be done before the session exists: the engine, the demonstration's film, a look whether there is a camera. */
  async ready(mode: Mode, exercise_id: string): Promise<CameraProblem | null> {
    if (mode === "timer") return null;
    if (mode === "camera" && (!isSecureContext || !navigator.mediaDevices?.getUserMedia)) return "insecure";
    if (!(await this.prepare()) || !this.video) return "engine";
    if (mode === "camera") return await findRefusal();
    const loaded = await loadDemonstration(this.video, exercise_id);
    return loaded.ok ? null : loaded.problem;
  }

  /** Open the picture; the pump runs before it, so that the very first frame is seen. `onLight` is called when the camera is on. */
  async open(mode: Mode, onLight: () => void): Promise<CameraProblem | null> {
    const video = this.video;
    if (mode === "timer" || !video) {
      onLight();
      return null;
    }
    if (mode === "camera") {
      const opened = await openCamera();
      if (!opened.ok) return opened.problem;
      if (this.#isClosed) {
        for (const track of opened.value.getTracks()) track.stop();
        return "lost";
      }
      this.#stream = opened.value;
      this.#watch(opened.value);
    }
    onLight();
    this.#startPump(video);
    try {
      if (this.#stream) await playCamera(video, this.#stream);
      else await video.play();
    } catch {
      return this.#isClosed ? "lost" : mode === "demo" ? "demo" : "failed";
    }
    return null;
  }

  #startPump(video: HTMLVideoElement): void {
    this.#pump?.stop();
    this.#pump = new FramePump(video, new MediaClock(this.clock), (t_s, now_ms) => {
      this.#engine?.offer(video, t_s, now_ms);
    });
    this.#pump.start();
  }

  #watch(stream: MediaStream): void {
    for (const track of stream.getVideoTracks()) track.onended = () => this.#lose();
  }

  #lose(): void {
    if (this.#isClosed || !this.#stream) return;
    this.#stop();
    this.events.onLost();
    navigator.mediaDevices.addEventListener("devicechange", this.#lookAgain);
  }

  readonly #lookAgain = () => void this.reopen();

  /** After the camera was lost: try to get it back. */
  async reopen(): Promise<CameraProblem | null> {
    if (this.#stream || this.#isClosed) return null;
    const problem = await this.open("camera", () => {});
    if (problem) return problem;
    navigator.mediaDevices.removeEventListener("devicechange", this.#lookAgain);
    this.events.onBack();
    return null;
  }

  /** The demonstration person waits while the session does. */
  hold(isHeld: boolean): void {
    const video = this.video;
    if (!video || this.#stream || !this.#pump) return;
    if (isHeld && !video.paused) video.pause();
    if (!isHeld && video.paused) void video.play().catch(() => {});
  }

  /** The demonstration person does the part that the check is at. */
  follow(part: string): void {
    const video = this.video;
    if (!video || this.#stream || !this.#pump || video.seeking) return;
    const place_s = findPlace(part, video.currentTime);
    if (place_s !== null) video.currentTime = place_s;
  }

  /** Pictures stopped for a while, because the page was hidden: that says nothing about the engine's speed. */
  rest(): void {
    this.#engine?.rest();
  }

  #stop(): void {
    this.#pump?.stop();
    this.#pump = null;
    for (const track of this.#stream?.getTracks() ?? []) track.onended = null;
    this.#stream = null;
    if (this.video) closePicture(this.video);
  }

  /** The camera's light goes out; the engine stays for another try. */
  stop(): void {
    this.#stop();
    navigator.mediaDevices?.removeEventListener("devicechange", this.#lookAgain);
  }

  close(): void {
    this.#isClosed = true;
    this.stop();
    this.#engine?.close();
    this.#engine = null;
  }
}

/** What is already known to stand in the way, without asking the person anything. */
async function findRefusal(): Promise<CameraProblem | null> {
  try {
    const permission = await navigator.permissions.query({ name: "camera" as PermissionName });
    if (permission.state === "denied") return "refused";
  } catch {
    // Not every browser can say so.
  }
  try {
    const devices = await navigator.mediaDevices.enumerateDevices();
    if (!devices.some((device) => device.kind === "videoinput")) return "none";
  } catch {
    // Then `getUserMedia` will tell.
  }
  return null;
}
