/**
 * The pose engine in a worker, so that the page stays smooth. Newest picture wins: while one is looked at, only the latest of those
 * that arrive is kept, all others are closed unseen. Next file: `engine.ts`.
 */
import type { FromWorker, ToWorker } from "./protocol";
import { Tracker } from "./tracker";

type Frame = Extract<ToWorker, { op: "frame" }>;

const tracker = new Tracker((message: FromWorker, transfer: Transferable[] = []) => {
  self.postMessage(message, { transfer });
}, true);

let pending: Frame | null = null;
let isScheduled = false;
const turn = new MessageChannel();

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  // Through the queue of messages: pictures that arrived meanwhile come first, and the newest replaces the others.
  turn.port2.postMessage(null);
}

turn.port1.onmessage = () => {
  isScheduled = false;
  const frame = pending;
  pending = null;
  if (!frame) return;
  try {
    tracker.look(frame.picture, frame.t_s, frame.at_ms);
  } finally {
    frame.picture.close();
  }
};

self.onmessage = (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  if (message.op === "close") {
    pending?.picture.close();
    pending = null;
    self.close();
    return;
  }
  if (message.op !== "frame") {
    void tracker.take(message);
    return;
  }
  pending?.picture.close();
  pending = message;
  schedule();
};
