/** The ring and its numeral: seconds in form, repetitions, or a rest. Without motion it is a bar. */
import { isMotionReduced } from "../app/state";
import { dashOf, partsOf, RING_LENGTH } from "./ring";

interface RingProps {
  readonly numeral: string;
  readonly caption: string;
  readonly share: number;
  /** Number of parts, for repetitions. */
  readonly parts: number | null;
  readonly n_done: number;
  readonly isWaiting: boolean;
  readonly label: string;
}

const CIRCLE = { cx: 100, cy: 100, r: 88, pathLength: RING_LENGTH };

export function Ring({ numeral, caption, share, parts, n_done, isWaiting, label }: RingProps) {
  const hasParts = parts !== null && parts > 0;
  const track = hasParts ? { "stroke-dasharray": partsOf(parts, parts) } : {};
  const done = hasParts ? partsOf(parts, n_done) : dashOf(share);
  return (
    <div class={isWaiting ? "ring is-waiting" : "ring"} role="img" aria-label={label}>
      {isMotionReduced.value ? null : (
        <svg viewBox="0 0 200 200" aria-hidden="true">
          <circle class="track" {...CIRCLE} {...track} transform="rotate(-90 100 100)" />
          {share > 0 ? (
            <circle class="done" {...CIRCLE} stroke-dasharray={done} transform="rotate(-90 100 100)" />
          ) : null}
        </svg>
      )}
      <div class="ring-words" aria-hidden="true">
        <span class="ring-numeral">{numeral}</span>
        <span class="ring-caption">{caption}</span>
      </div>
      {isMotionReduced.value ? (
        <div class="ring-bar" aria-hidden="true">
          {hasParts
            ? Array.from({ length: parts }, (_, i) => <span key={i} class={i < n_done ? "full" : ""} />)
            : [<span key="0" class="whole" style={{ "--share": share.toFixed(3) }} />]}
        </div>
      ) : null}
    </div>
  );
}
