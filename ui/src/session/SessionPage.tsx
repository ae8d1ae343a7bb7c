/**
 * The session's page: reads the address, listens to keys, lays out stage, column and bar. What happens is in `controller.ts`, what is shown
 * in `view.ts`. The root carries the state as data attributes, for tests and for anyone who wants to look.
 */
import { useEffect, useMemo } from "preact/hooks";
import { HelpButton } from "../app/HelpButton";
import { query } from "../app/router";
import { isHelpOpen, isMotionReduced } from "../app/state";
import { Waiting } from "../design/Mark";
import { t } from "../text/catalogue";
import { Line, PainButton, Tools } from "./Bar";
import { StageCard, StopActions, StopCard, StoreTrouble } from "./Cards";
import { PrivateChip, TrackingChip } from "./Chip";
import { Column } from "./Column";
import { useClosed } from "./closed";
import { SessionController } from "./controller";
import { EndSheet } from "./EndSheet";
import { Silhouette } from "./Figure";
import { readKey } from "./keys";
import { PainSheet } from "./PainSheet";
import { readRoute } from "./route";
import { Setup, SetupPictures } from "./Setup";
import { Stage } from "./Stage";
import { positionOf } from "./texts";
import { isStopped, type View } from "./view";
import "./session.css";

/** Whether the focus is on something that takes Enter and Space itself. */
function isOnControl(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("button, a, input, select, textarea, summary, video[controls]") !== null
  );
}

function useKeys(session: SessionController, isClosed: boolean): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isHelpOpen.value || event.defaultPrevented) return;
      const intent = readKey(event, session.view.value, isOnControl(event.target));
      if (!intent || (isClosed && intent === "start")) return;
      event.preventDefault();
      session.act(intent);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [session, isClosed]);
}

function attributesOf(session: SessionController): Record<string, string | number | boolean | undefined> {
  const { state, welcome, cue, ...view } = session.view.value;
  const engine = session.engine.value;
  return {
    "data-stage": view.stage,
    "data-mode": view.mode,
    "data-connection": view.connection,
    "data-session-id": welcome?.session_id,
    "data-resumed": welcome?.resumed,
    "data-phase": state?.phase,
    "data-side": state?.side,
    "data-part": state?.part ?? undefined,
    "data-set": state ? state.set_idx + 1 : undefined,
    "data-held-s": state?.held_s.toFixed(2),
    "data-held-right-s": state?.total_held_s.right?.toFixed(2),
    "data-held-left-s": state?.total_held_s.left?.toFixed(2),
    "data-held-both-s": state?.total_held_s.both?.toFixed(2),
    "data-reps": state?.repetitions,
    "data-tracking": state?.tracking.status,
    "data-tracking-reason": state?.tracking.reason ?? undefined,
    "data-paused": state?.paused ?? undefined,
    "data-in-form": state?.in_form,
    "data-angle-deg": state?.angle_deg?.toFixed(1),
    "data-cue": cue?.key,
    "data-cue-t-s": cue?.t_s.toFixed(2),
    "data-verdict": view.verdict?.kind,
    "data-camera-problem": view.camera ?? undefined,
    "data-problem": view.problem?.code,
    "data-model": engine?.model,
    "data-delegate": engine?.delegate,
    "data-engine": engine?.where,
    "data-took-ms": Number.isFinite(session.feed.took_ms) ? session.feed.took_ms.toFixed(1) : undefined,
    "data-fps": Number.isFinite(session.fps.value) ? session.fps.value.toFixed(1) : undefined,
  };
}

/** Whether somebody has yet to find the right place before the camera. */
function isFinding({ stage, state }: View): boolean {
  if (stage === "opening") return true;
  if (stage !== "live" || !state || state.tracking.reason === "two-people") return false;
  const isBefore = state.phase === "get-ready" || state.phase === "calibrate";
  return isBefore ? state.tracking.status !== "seen" : state.paused === "lost" || state.paused === "left";
}

export function SessionPage() {
  const session = useMemo(() => new SessionController(readRoute(query.value)), []);
  useEffect(() => session.mount(), [session]);
  const view = session.view.value;
  const isBefore = view.stage === "setup" || (view.stage === "opening" && view.mode === "timer");
  const isStop = isStopped(view);
  const { exercise_id, resume_id } = session.wish;
  const asked = useClosed(exercise_id, view.mode, Boolean(resume_id));
  const closed = isBefore ? asked : null;
  useKeys(session, closed !== null);
  return (
    <main
      class="session"
      data-before={isBefore}
      data-motion={isMotionReduced.value ? "reduced" : "full"}
      {...attributesOf(session)}
    >
      <p class="unseen">{t("session.keys")}</p>
      <Stage session={session} isCovered={isStop}>
        {isBefore ? (
          <SetupPictures session={session} />
        ) : (
          <>
            {view.mode === "timer" ? <SetupPictures session={session} /> : null}
            {view.mode === "camera" && isFinding(view) ? (
              <Silhouette position={positionOf(session.wish.exercise_id)} />
            ) : null}
            <div class="chips">
              <TrackingChip session={session} />
              <PrivateChip session={session} />
            </div>
            <StoreTrouble session={session} />
          </>
        )}
        {isStop ? null : <StageCard session={session} />}
      </Stage>
      <aside class="session-side" inert={isStop}>
        <div class="session-help">
          <HelpButton />
        </div>
        {isBefore ? (
          <Setup session={session} closed={closed} />
        ) : view.stage === "opening" ? (
          <div class="column">
            <Waiting label={t("ui.waiting")} />
          </div>
        ) : (
          <Column session={session} />
        )}
      </aside>
      {isStop ? (
        <div class="session-stop">
          <StopCard session={session} />
        </div>
      ) : null}
      <div class="session-bar">
        {isStop ? (
          <StopActions session={session} />
        ) : (
          <>
            <Line session={session} />
            <Tools session={session} />
          </>
        )}
        <PainButton session={session} />
      </div>
      <PainSheet session={session} />
      <EndSheet session={session} />
    </main>
  );
}
