/** Before the start: what to prepare, where the camera stands, how to begin. The engine warms up meanwhile. Next file: `SessionPage.tsx`. */
import { useEffect, useState } from "preact/hooks";
import { listCameras, rememberCamera } from "../camera/source";
import { MovingPicture } from "../design/MovingPicture";
import { Why } from "../design/Why";
import type { Mode } from "../generated/messages";
import { say, t } from "../text/catalogue";
import type { Closed } from "./closed";
import type { SessionController } from "./controller";
import { CameraDrawing } from "./Figure";
import { MOBILITY_ID, nameKeyOf, positionOf, setupKeysOf, whatKeyOf } from "./texts";

const OTHERS: Readonly<Record<Mode, readonly Mode[]>> = {
  camera: ["demo", "timer"],
  demo: ["camera", "timer"],
  timer: ["camera", "demo"],
};

/** Other ways to do it; what is measured needs a picture. */
function waysOf(mode: Mode, exercise_id: string): readonly Mode[] {
  return exercise_id === MOBILITY_ID ? OTHERS[mode].filter((other) => other !== "timer") : OTHERS[mode];
}

export function SetupPictures({ session }: { session: SessionController }) {
  const { exercise_id, variant } = session.wish;
  const { mode } = session.view.value;
  return (
    <div class="setup-pictures" data-mode={mode}>
      <MovingPicture id={variant ?? exercise_id} />
      {mode === "camera" ? <CameraDrawing position={positionOf(exercise_id)} /> : null}
    </div>
  );
}

function CameraChoice() {
  const [cameras, setCameras] = useState<readonly MediaDeviceInfo[]>([]);
  useEffect(() => void listCameras().then(setCameras), []);
  const named = cameras.filter((camera) => camera.label);
  if (named.length < 2) return null;
  return (
    <label class="row">
      <span>{t("session.setup.which-camera")}</span>
      <select onChange={(event) => rememberCamera(event.currentTarget.value)}>
        {named.map((camera) => (
          <option key={camera.deviceId} value={camera.deviceId}>
            {camera.label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What to have ready, where the camera stands, and what goes for today. */
function Prepare({ session }: { session: SessionController }) {
  const { exercise_id, variant } = session.wish;
  const { mode, welcome } = session.view.value;
  return (
    <>
      <ul>
        {setupKeysOf(exercise_id, variant).map((key) => (
          <li key={key}>{t(key)}</li>
        ))}
        {mode === "camera" ? <li>{t(`exercise.${exercise_id}.camera`)}</li> : null}
      </ul>
      {exercise_id === MOBILITY_ID ? (
        <p>{t("mobility.setup.comfort")}</p>
      ) : mode === "camera" ? (
        <details class="more">
          <summary>{t("ui.today.more")}</summary>
          <p>
            <a href={`/session?exercise=${MOBILITY_ID}&mode=camera`}>{t("mobility.offer.before")}</a>
          </p>
        </details>
      ) : null}
      <p class="small quiet">{t(`session.setup.mode.${mode}`)}</p>
      {welcome?.notes.map((note) => (
        <p class="note" key={note.key}>
          {say(note)}
        </p>
      ))}
      {mode === "camera" ? <CameraChoice /> : null}
    </>
  );
}

/** Not today, and why; in the place of the start. */
function NotToday({ closed }: { closed: Closed }) {
  return (
    <section class="note stack tight" role="status">
      <h2>{t("ui.locked.today")}</h2>
      {closed.sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <Why ids={closed.rule_ids} />
      <a class="button main" href="/">
        {t("session.stop.today")}
      </a>
    </section>
  );
}

export function Setup({ session, closed }: { session: SessionController; closed: Closed | null }) {
  const { exercise_id, variant } = session.wish;
  const { mode, stage } = session.view.value;
  const isOpening = stage === "opening";
  const ways = waysOf(mode, exercise_id).filter((other) => closed === null || (other === "demo" && !closed.isShut));
  return (
    <div class="setup">
      <div class="setup-words">
        <h1 tabIndex={-1}>{t(nameKeyOf(exercise_id, variant))}</h1>
        <p class="quiet">{t(whatKeyOf(exercise_id, variant))}</p>
        {closed ? null : <Prepare session={session} />}
      </div>
      <div class="setup-ways">
        {closed ? (
          <NotToday closed={closed} />
        ) : (
          <button
            type="button"
            class="button main"
            aria-disabled={isOpening}
            aria-keyshortcuts="Enter"
            onClick={() => session.act("start")}
          >
            {isOpening ? t("ui.waiting") : t(`session.setup.start.${mode}`)}
            {isOpening ? null : <kbd>Enter</kbd>}
          </button>
        )}
        <div class="row">
          {ways.map((other) => (
            <button key={other} type="button" class="button plain" onClick={() => void session.change(other)}>
              {t(`session.setup.to.${other}`)}
            </button>
          ))}
        </div>
      </div>
    </div>
  );
}
