/**
 * Where a pose engine sits: in a worker, or, where the browser cannot draw there, in the page. In: messages and pictures. Out: answers.
 * Next file: `engine.ts`.
 */
import type { FromWorker, ToWorker } from "./protocol";
import type { Tracker } from "./tracker";

export interface Seat {
  readonly where: "worker" | "page";
  listen: (message: FromWorker) => void;
  send(message: ToWorker, transfer?: Transferable[]): void;
  /** Offer the picture that the video shows now. */
  offer(video: HTMLVideoElement, t_s: number, at_ms: number): void;
  close(): void;
}

const CLOSE_WITHIN_MS = 2000;

/** How pictures travel to a worker. `VideoFrame` copies nothing; `ImageBitmap` works everywhere. */
type Carriage = "video-frame" | "bitmap";

export class WorkerSeat implements Seat {
  readonly where = "worker";
  listen: (message: FromWorker) => void = () => {};
  #carriage: Carriage = typeof VideoFrame === "undefined" ? "bitmap" : "video-frame";
  #isCopying = false;
  #isClosed = false;
  readonly #worker: Worker;

  constructor() {
    this.#worker = new Worker(new URL("./pose.worker.ts", import.meta.url), { type: "module", name: "unkink-pose" });
    this.#worker.onmessage = (event: MessageEvent<FromWorker>) => this.#take(event.data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.listen({ op: "failed", during: "load", text: event.message || "worker" });
    };
  }

  #take(message: FromWorker): void {
    // Some browsers have VideoFrame but cannot hand it to the engine: then a bitmap, from now on.
    if (message.op === "failed" && message.during === "frame" && this.#carriage === "video-frame") {
      this.#carriage = "bitmap";
      return;
    }
    this.listen(message);
  }

  send(message: ToWorker, transfer: Transferable[] = []): void {
    if (!this.#isClosed) this.#worker.postMessage(message, transfer);
  }

  offer(video: HTMLVideoElement, t_s: number, at_ms: number): void {
    if (this.#carriage === "bitmap") {
      void this.#offerBitmap(video, t_s, at_ms);
      return;
    }
    if (this.#isClosed) return;
    try {
      const picture = new VideoFrame(video, { timestamp: Math.round(at_ms * 1000) });
      this.send({ op: "frame", picture, t_s, at_ms }, [picture]);
    } catch {
      this.#carriage = "bitmap";
    }
  }

  async #offerBitmap(video: HTMLVideoElement, t_s: number, at_ms: number): Promise<void> {
    if (this.#isCopying) return;
    this.#isCopying = true;
    try {
      const picture = await createImageBitmap(video);
      if (this.#isClosed) {
        picture.close();
        return;
      }
      this.send({ op: "frame", picture, t_s, at_ms }, [picture]);
    } catch {
      // The video had no picture at this moment: the next one will do.
    } finally {
      this.#isCopying = false;
    }
  }

  close(): void {
    if (this.#isClosed) return;
    // The worker gives back the pictures that are on their way, then ends; if it cannot, it is ended.
    this.#worker.postMessage({ op: "close" } satisfies ToWorker);
    this.#isClosed = true;
    setTimeout(() => this.#worker.terminate(), CLOSE_WITHIN_MS);
  }
}

export class PageSeat implements Seat {
  readonly where = "page";
  listen: (message: FromWorker) => void = () => {};
  #tracker: Tracker | null = null;
  #isClosed = false;
  /** Only browsers that need it load the engine into the page. */
  readonly #opened = import("./tracker").then(({ Tracker }) => new Tracker((message) => this.listen(message), false));

  send(message: ToWorker): void {
    if (message.op !== "frame" && message.op !== "close") void this.#pass(message);
  }

  async #pass(message: Exclude<ToWorker, { op: "frame" | "close" }>): Promise<void> {
    try {
      this.#tracker = await this.#opened;
      if (!this.#isClosed) await this.#tracker.take(message);
    } catch (fault) {
      this.listen({ op: "failed", during: "load", text: String(fault) });
    }
  }

  offer(video: HTMLVideoElement, t_s: number, at_ms: number): void {
    if (!this.#isClosed) this.#tracker?.look(video, t_s, at_ms);
  }

  close(): void {
    this.#isClosed = true;
    this.#tracker?.close();
  }
}

const PATIENCE_MS = 60_000;

/** Wait for the one answer that a message has; a failure or silence throws. */
export function askSeat<Op extends FromWorker["op"]>(
  seat: Seat,
  message: ToWorker,
  op: Op,
  transfer: Transferable[] = [],
): Promise<Extract<FromWorker, { op: Op }>> {
  return new Promise((resolve, reject) => {
    const silence = setTimeout(() => reject(new Error(`no ${op}`)), PATIENCE_MS);
    seat.listen = (answer) => {
      clearTimeout(silence);
      if (answer.op === op) resolve(answer as Extract<FromWorker, { op: Op }>);
      else if (answer.op === "failed") reject(new Error(answer.text));
    };
    seat.send(message, transfer);
  });
}
