/** The column beside the stage: which side, the ring, what comes next, the breath. Next file: `SessionPage.tsx`. */
import { BreathLine } from "../breath/BreathLine";
import type { Side, StateMessage } from "../generated/messages";
import { say, t } from "../text/catalogue";
import type { SessionController } from "./controller";
import { Ring } from "./Ring";
import { type Counter, chooseCounter, computeShare, isPaused, type View } from "./view";

/** The side by place, word and shape: right is solid and stands on the right, left is hatched and stands on the left. */
export function SideWord({ side }: { side: Side }) {
  return (
    <p class="side-word" data-side={side}>
      <svg viewBox="0 0 44 28" aria-hidden="true">
        <path class="edge" d="M4 14 L16 4 V10 H40 V18 H16 V24 Z" />
        <path class="hatch" d="M14 8 V20 M20 10 V18 M26 10 V18 M32 10 V18 M38 10 V18" />
      </svg>
      <span>{t(`session.side.${side}`)}</span>
    </p>
  );
}

interface RingWords {
  readonly numeral: string;
  readonly caption: string;
  readonly share: number;
  readonly parts: number | null;
}

function wordsOf(view: View, state: StateMessage, counter: Counter): RingWords {
  const isTimer = view.mode === "timer";
  if (state.phase === "rest" && state.countdown_s !== null) {
    const rest_s = view.welcome?.plan.rest_s ?? 0;
    const share = computeShare(state.countdown_s, rest_s);
    return { numeral: String(state.countdown_s), caption: t("session.ring.rest"), share, parts: null };
  }
  if (counter.kind === "none") return { numeral: "", caption: "", share: 0, parts: null };
  const { n, target, share } = counter;
  const numeral = String(n);
  if (counter.kind === "repetitions") {
    const caption = target === null ? t("session.ring.repetitions.open") : t("session.ring.repetitions", { target });
    return { numeral, caption, share, parts: target };
  }
  const timer = isTimer ? ".timer" : "";
  if (target === null) return { numeral, caption: t("session.ring.seconds.open"), share, parts: null };
  const key = n > target ? "session.ring.seconds.reached" : "session.ring.seconds";
  return { numeral, caption: t(`${key}${timer}`, { target: Math.round(target) }), share, parts: null };
}

/** What the safety rules want said before the start. */
function Notes({ view }: { view: View }) {
  const notes = view.welcome?.notes ?? [];
  if (notes.length === 0) return null;
  return (
    <div class="note column-notes">
      {notes.map((note) => (
        <p key={note.key}>{say(note)}</p>
      ))}
    </div>
  );
}

export function Column({ session }: { session: SessionController }) {
  const view = session.view.value;
  const { state } = view;
  if (!state) return <div class="column" />;
  const counter = chooseCounter(view);
  const words = wordsOf(view, state, counter);
  const numbers = { set: state.set_idx + 1, n_sets: state.n_sets };
  const set = state.part
    ? t("mobility.step", { ...numbers, part: `mobility.part.${state.part}` })
    : t("session.set", numbers);
  const next = state.next ? say(state.next) : "";
  const isStill = isPaused(view) || view.connection === "lost";
  const isBefore = state.phase === "get-ready" || state.phase === "calibrate";
  return (
    <div class="column">
      <SideWord side={state.side} />
      <Ring
        {...words}
        n_done={counter.kind === "none" ? 0 : counter.n}
        isWaiting={isStill || isBefore}
        label={`${words.numeral} ${words.caption}`}
      />
      <p class="column-next">
        {set}
        {next ? ` · ${next}` : ""}
      </p>
      {isBefore ? <Notes view={view} /> : null}
      <BreathLine breath={state.breath} now={session.now} isStill={isStill} />
    </div>
  );
}
