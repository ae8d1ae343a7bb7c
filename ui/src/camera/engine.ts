/**
 * The pose engine as the session uses it. In: a video. Out: landmarks, and now and then how many persons there are. It is loaded and warmed
 * up before the camera opens, so that the camera's light means that it looks. Next file: `pump.ts`.
 */
import { type Choice, isTooSlow, LEAST_FPS, RateMeter, readChoice, rememberChoice } from "./choice";
import type { EngineWish, ModelName } from "./landmarker";
import type { Landmarks } from "./protocol";
import { askSeat, PageSeat, type Seat, WorkerSeat } from "./seat";
import warmUpPicture from "./warm_up.jpg";

const N_WARM = 7;
const COUNT_EVERY_MS = 4000;
/** After a second person was seen: look again soon, for one glance may be wrong. */
const COUNT_AGAIN_MS = 1000;
/** How long the rate must be low before the lighter model takes over. */
const SLOW_FOR_MS = 2500;

export interface EngineInfo extends Choice {
  readonly where: Seat["where"];
  /** Median time of one picture in the warm-up. */
  readonly frame_ms: number;
}

async function warmUp(seat: Seat): Promise<number> {
  const blob = await (await fetch(warmUpPicture)).blob();
  const pictures = await Promise.all(Array.from({ length: N_WARM }, () => createImageBitmap(blob)));
  const blank = await createImageBitmap(new ImageData(64, 48));
  const { frame_ms } = await askSeat(seat, { op: "warm", pictures, blank }, "warmed", [...pictures, blank]);
  return frame_ms;
}

async function openSeat(seat: Seat, wish: EngineWish): Promise<number> {
  try {
    await askSeat(seat, { op: "open", wish }, "opened");
    return await warmUp(seat);
  } catch (fault) {
    seat.close();
    throw fault;
  }
}

/** A place for the engine: a worker, or the page where workers cannot draw; and whether it has graphics hardware. */
async function findSeat(places: readonly Seat["where"][]): Promise<readonly [Seat, boolean]> {
  let last: unknown;
  for (const where of places) {
    const seat = where === "worker" ? new WorkerSeat() : new PageSeat();
    try {
      const { hasGraphics } = await askSeat(seat, { op: "probe" }, "probed");
      return [seat, hasGraphics];
    } catch (fault) {
      seat.close();
      last = fault;
    }
  }
  throw last;
}

export interface EngineOptions {
  /** Asked for in the address, to compare; otherwise by measurement. */
  readonly model?: ModelName | undefined;
}

export class PoseEngine {
  onLandmarks: (found: Landmarks) => void = () => {};
  onPersons: (n_persons: number) => void = () => {};
  onChange: (info: EngineInfo) => void = () => {};

  #seat: Seat;
  #info: EngineInfo;
  #counter: Seat | null = null;
  #counts: number[] = [];
  #next_count_ms = 0;
  readonly #offered = new RateMeter();
  readonly #found = new RateMeter();
  #took_ms = Number.NaN;
  #slow_since_ms: number | null = null;
  #isChanging = false;
  #isClosed = false;
  readonly #isModelFixed: boolean;

  private constructor(seat: Seat, info: EngineInfo, isModelFixed: boolean) {
    this.#seat = seat;
    this.#info = info;
    this.#isModelFixed = isModelFixed;
    this.#listen();
  }

  static async open(options: EngineOptions = {}): Promise<PoseEngine> {
    let places: readonly Seat["where"][] = ["worker", "page"];
    let choice: Choice = readChoice(Date.now()) ?? { model: "full", delegate: "GPU" };
    if (options.model) choice = { ...choice, model: options.model };
    for (;;) {
      const [seat, hasGraphics] = await findSeat(places);
      if (!hasGraphics) choice = { ...choice, delegate: "CPU" };
      let frame_ms: number;
      try {
        frame_ms = await openSeat(seat, { task: "track", ...choice });
      } catch (fault) {
        if (choice.delegate === "GPU") choice = { ...choice, delegate: "CPU" };
        else if (seat.where === "worker") places = ["page"];
        else throw fault;
        continue;
      }
      const slow = isTooSlow(choice, frame_ms);
      if (slow === "delegate" || (slow === "model" && !options.model)) {
        seat.close();
        choice = slow === "delegate" ? { ...choice, delegate: "CPU" } : { ...choice, model: "lite" };
        continue;
      }
      if (!options.model) rememberChoice(choice, Date.now());
      const engine = new PoseEngine(seat, { ...choice, where: seat.where, frame_ms }, options.model !== undefined);
      // Before the camera opens: compiling it later would take the processor from the person.
      await engine.#openCounter();
      return engine;
    }
  }

  get info(): EngineInfo {
    return this.#info;
  }

  /** Pictures a second that were looked at, lately. */
  get fps(): number {
    return this.#found.read();
  }

  /** Time that one picture takes, lately. */
  get took_ms(): number {
    return this.#took_ms;
  }

  offer(video: HTMLVideoElement, t_s: number, now_ms: number): void {
    if (this.#isClosed) return;
    this.#offered.mark(now_ms);
    this.#seat.offer(video, t_s, now_ms);
    if (this.#counter && now_ms >= this.#next_count_ms) {
      this.#next_count_ms = now_ms + COUNT_EVERY_MS;
      this.#counter.offer(video, t_s, now_ms);
    }
    this.#watchRate(now_ms);
  }

  /** Forget the rate after a pause in which no pictures came. */
  rest(): void {
    this.#offered.clear();
    this.#found.clear();
    this.#slow_since_ms = null;
  }

  close(): void {
    this.#isClosed = true;
    this.#seat.close();
    this.#counter?.close();
  }

  #listen(): void {
    this.#seat.listen = (message) => {
      if (message.op !== "landmarks") return;
      this.#found.mark(performance.now());
      this.#took_ms = Number.isNaN(this.#took_ms) ? message.took_ms : 0.95 * this.#took_ms + 0.05 * message.took_ms;
      this.onLandmarks(message);
    };
  }

  async #openCounter(): Promise<void> {
    if (this.#info.where !== "worker") return;
    const counter = new WorkerSeat();
    try {
      await openSeat(counter, { task: "count", model: "lite", delegate: "CPU" });
    } catch {
      return;
    }
    if (this.#isClosed) {
      counter.close();
      return;
    }
    counter.listen = (message) => {
      if (message.op === "count") this.#takeCount(message.n_persons);
    };
    this.#counter = counter;
  }

  #takeCount(n_persons: number): void {
    this.#counts = [...this.#counts, n_persons].slice(-2);
    if (n_persons > 1 && this.#counts[0] !== n_persons) this.#next_count_ms = performance.now() + COUNT_AGAIN_MS;
    this.onPersons(Math.min(...this.#counts));
  }

  #watchRate(now_ms: number): void {
    if (this.#info.model === "lite" || this.#isModelFixed || this.#isChanging) return;
    const isSlow = this.#found.read() < LEAST_FPS && this.#offered.read() > LEAST_FPS + 2;
    if (!isSlow) this.#slow_since_ms = null;
    else this.#slow_since_ms ??= now_ms;
    if (this.#slow_since_ms !== null && now_ms - this.#slow_since_ms > SLOW_FOR_MS) void this.#goLight();
  }

  /** Change to the light model; the other one goes on until it is warm. */
  async #goLight(): Promise<void> {
    this.#isChanging = true;
    const choice: Choice = { model: "lite", delegate: this.#info.delegate };
    try {
      const [seat] = await findSeat([this.#info.where]);
      const frame_ms = await openSeat(seat, { task: "track", ...choice });
      if (this.#isClosed) {
        seat.close();
        return;
      }
      this.#seat.close();
      this.#seat = seat;
      this.#info = { ...choice, where: seat.where, frame_ms };
      this.#listen();
      this.rest();
      rememberChoice(choice, Date.now());
      this.onChange(this.#info);
    } catch {
      // The heavier model goes on: slow is better than nothing.
    } finally {
      this.#isChanging = false;
    }
  }
}
