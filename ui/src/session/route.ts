/** The address of a session: `/session?exercise=seated-twist&variant=tw-soft&mode=demo&short=1&resume=ID`. Next file: `SessionPage.tsx`. */
import type { ModelName } from "../camera/landmarker";
import type { Mode, SessionWish } from "../generated/messages";
import { MOBILITY_ID } from "./texts";

export interface SessionRoute {
  readonly wish: SessionWish;
  /** Only to compare models; otherwise chosen by measurement. */
  readonly model: ModelName | undefined;
}

const MODES: readonly Mode[] = ["camera", "demo", "timer"];
const FIRST_EXERCISE = "seated-twist";

export function readRoute(query: URLSearchParams): SessionRoute {
  const exercise_id = query.get("exercise") ?? query.get("exercise_id") ?? query.get("technique") ?? FIRST_EXERCISE;
  const wished = MODES.find((name) => name === query.get("mode")) ?? "camera";
  // Without a picture there is nothing to measure.
  const mode = exercise_id === MOBILITY_ID && wished === "timer" ? "camera" : wished;
  const model = query.get("model");
  return {
    wish: {
      exercise_id,
      variant: query.get("variant"),
      mode,
      short: ["1", "true", ""].includes(query.get("short") ?? "no"),
      resume_id: query.get("resume") ?? query.get("resume_id"),
    },
    model: model === "lite" || model === "full" ? model : undefined,
  };
}
