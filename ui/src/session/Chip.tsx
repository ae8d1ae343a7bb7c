/** The tracking chip, always there: whether you are seen, why not, what to move. Words and a shape, never red. */
import { t } from "../text/catalogue";
import type { SessionController } from "./controller";

const SHAPES = {
  seen: "M7 12.5 l3.5 3.5 L17 9",
  partly: "M7 12 H17",
  lost: "M12 7 V13 M12 16.4 V16.6",
  waiting: "M8 12 h0.1 M12 12 h0.1 M16 12 h0.1",
} as const;

export function TrackingChip({ session }: { session: SessionController }) {
  const { state, mode, camera, connection } = session.view.value;
  if (mode === "timer") return <p class="chip">{t("session.chip.timer")}</p>;
  const isBlind = camera !== null || connection === "lost";
  const isWaiting =
    isBlind || !state || (state.tracking.status === "lost" && (session.engine.value === null || state.t_s < 1));
  const status = isWaiting ? "waiting" : state.tracking.status;
  const reason = isWaiting || status === "seen" ? null : state.tracking.reason;
  return (
    <p class="chip" data-status={status}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="12" cy="12" r="9.5" />
        <path d={SHAPES[status]} />
      </svg>
      <span>{reason ? t(`tracking.${reason}`) : t(`session.chip.${status}`)}</span>
    </p>
  );
}

export function PrivateChip({ session }: { session: SessionController }) {
  const { mode } = session.view.value;
  if (mode === "timer") return null;
  return <p class="chip private">{t(mode === "demo" ? "session.chip.demo" : "session.chip.private")}</p>;
}
