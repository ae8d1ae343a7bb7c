/** Keys of the session. In: a key press and where the session is. Out: what it means. Pure. Next file: `controller.ts`. */
import { isPaused, isStopped, type View } from "./view";

export type Intent =
  | "start"
  | "pause"
  | "resume"
  | "next"
  | "sound"
  | "breath-tone"
  | "pain"
  | "ask-end"
  | "end"
  | "stay"
  | "pop"
  | "mirror"
  | "fullscreen"
  | "leave"
  | "summary";

export interface Press {
  readonly key: string;
  readonly ctrlKey?: boolean;
  readonly altKey?: boolean;
  readonly metaKey?: boolean;
  readonly repeat?: boolean;
}

const LETTERS: Readonly<Record<string, Intent>> = {
  v: "sound",
  b: "breath-tone",
  h: "pain",
  p: "pop",
  m: "mirror",
  f: "fullscreen",
};

/** What a key means now, or null when it is the browser's own. `isOnControl`: the focus is on something that takes Enter and Space itself. */
export function readKey(press: Press, view: View, isOnControl: boolean): Intent | null {
  if (press.ctrlKey || press.altKey || press.metaKey || press.repeat) return null;
  // Sheets keep their own keys.
  if (view.dialog === "pain") return null;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (view.dialog === "end") return key === "Escape" ? "stay" : key === "Enter" && !isOnControl ? "end" : null;
  if (isStopped(view)) return key === "Enter" && !isOnControl ? "summary" : null;
  const letter = LETTERS[key];
  if (letter === "pop" && view.stage !== "live") return null;
  if (letter) return letter;
  if (key === "Escape") return view.stage === "setup" ? "leave" : view.stage === "live" ? "ask-end" : "leave";
  if (isOnControl) return null;
  return readAction(key, view);
}

function readAction(key: string, view: View): Intent | null {
  if (view.stage === "setup") return key === "Enter" ? "start" : null;
  if (view.stage === "over") return key === "Enter" || key === "ArrowRight" ? "summary" : null;
  if (view.stage !== "live") return null;
  const isForward = key === "Enter" || key === "ArrowRight" || key === "PageDown";
  if (key === " ") return isPaused(view) ? "resume" : "pause";
  if (isForward) return isPaused(view) ? "resume" : "next";
  return null;
}
