/** The mark: one line, kinked on the left, smooth to the right. The same line waits, shows progress and fills an empty place. */
import { useId } from "preact/hooks";
import "./mark.css";

const MARK = "M3 14 L12 5 L18 21 L25 7 L31 18 C36 24 42 8 52 12 S70 17 89 13";
const LONG = "M4 22 L14 8 L21 34 L30 10 L38 32 L46 16 C56 2 66 38 84 27 S120 14 150 20 S230 26 300 21 S380 19 396 20";

export function Mark() {
  return (
    <svg class="mark" width="84" height="24" viewBox="0 0 92 26" aria-hidden="true">
      <path d={MARK} />
    </svg>
  );
}

/** The long line, drawn as far as `share` (0 to 1); what is done becomes smooth. */
export function ProgressLine({ share, label }: { share: number; label: string }) {
  const clip = useId().replace(/:/g, "");
  const now = Math.max(0, Math.min(1, share));
  return (
    <svg
      class="line-progress"
      viewBox="0 0 400 42"
      preserveAspectRatio="none"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(now * 100)}
    >
      <defs>
        <clipPath id={clip}>
          <rect
            class="line-progress-window"
            x="0"
            y="0"
            width="400"
            height="42"
            style={{ transform: `scaleX(${now})` }}
          />
        </clipPath>
      </defs>
      <path class="rest" d={LONG} />
      <path class="done" d={LONG} clip-path={`url(#${clip})`} />
    </svg>
  );
}

/** While something is on its way. */
export function Waiting({ label }: { label: string }) {
  return (
    <div class="line-place" role="status">
      <svg class="line-waiting" viewBox="0 0 400 42" aria-hidden="true">
        <path class="rest" d={LONG} />
        <path class="done" d={LONG} pathLength={100} />
      </svg>
      <p class="quiet">{label}</p>
    </div>
  );
}

/** Where there is nothing yet. */
export function EmptyLine() {
  return (
    <svg class="line-empty" viewBox="0 0 400 42" aria-hidden="true">
      <path class="done" d={LONG} />
    </svg>
  );
}
