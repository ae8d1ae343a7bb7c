/** The breath on the mark's line: a dot that rises and falls, and the word. Without motion: the word and a level bar. */
import { useEffect, useRef } from "preact/hooks";
import { isMotionReduced } from "../app/state";
import type { Breath } from "../generated/messages";
import { t } from "../text/catalogue";
import { computeBreath, LINE_HEIGHT, LINE_WIDTH, linePath, linePoint, resolveBreath } from "./pacer";
import "./breath.css";

interface BreathLineProps {
  readonly breath: Breath;
  /** Session time now. */
  readonly now: () => number;
  readonly isStill: boolean;
}

const REST = linePath(null);
/** A slow dot needs few pictures; the processor belongs to the person's. Without motion the bar changes in steps. */
const MOVING_MS = 60;
const STEP_MS = 500;

export function BreathLine({ breath, now, isStill }: BreathLineProps) {
  const done = useRef<SVGPathElement>(null);
  const dot = useRef<SVGCircleElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const isReduced = isMotionReduced.value;

  useEffect(() => {
    if (breath.phase === "none") return undefined;
    const draw = () => {
      const { phase, share } = resolveBreath(breath, now());
      if (phase === "none") return;
      done.current?.setAttribute("d", linePath({ phase, share }));
      const { x, y } = linePoint(phase, share);
      dot.current?.setAttribute("cx", String(x));
      dot.current?.setAttribute("cy", String(y));
      if (bar.current) bar.current.style.setProperty("--level", computeBreath(breath, now()).level.toFixed(2));
    };
    draw();
    if (isStill) return undefined;
    const timer = setInterval(draw, isReduced ? STEP_MS : MOVING_MS);
    return () => clearInterval(timer);
  }, [breath.phase, breath.started_s, breath.duration_s, isStill, isReduced, now]);

  return (
    <div class="breath" data-breath={breath.phase}>
      {isReduced ? (
        <div class="breath-bar" ref={bar} aria-hidden="true">
          <span />
        </div>
      ) : (
        <svg viewBox={`0 0 ${LINE_WIDTH} ${LINE_HEIGHT}`} aria-hidden="true">
          <path class="rest" d={REST} />
          <path class="done" ref={done} d={REST} />
          <circle ref={dot} r="10" cx="12" cy="47" />
        </svg>
      )}
      <p>{t(`session.breath.${breath.phase === "none" ? "easy" : breath.phase}`)}</p>
    </div>
  );
}
