/**
 * Reasons to talk to somebody, each with whom and how soon; and the way to tell of a worry or of something new. In: what the
 * server found. Out: what became of it. Fetched only when there is one, or when somebody has something to tell.
 */
import { HELP } from "virtual:safety-cards";
import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../api/client";
import type { Referrals as Found, NoteGiven, Problem, Referral, Today } from "../api/types";
import { Why } from "../design/Why";
import { t, tn } from "../text/catalogue";
import { CallNow } from "./EmergencyScreen";
import { HelpSteps } from "./HelpCards";
import { ProblemCard } from "./Loaded";
import "./referrals.css";

/** What is for now or today is always shown; of the rest one, and the others stand behind one line. */
const SHOWN = 1;

type Word = "booked" | "seen" | "later";

function toneOf({ urgency, card }: Referral): string {
  const isEmergency = HELP.find(({ id }) => id === card)?.tier === "emergency";
  if (urgency === "now" && isEmergency) return "note help";
  return urgency === "now" || urgency === "same-day" ? "note warm" : "note";
}

function ReferralCard({ one, onWord }: { one: Referral; onWord: (word: Word) => void }) {
  const card = HELP.find(({ id }) => id === one.card);
  const isNow = one.urgency === "now" && card?.tier === "emergency";
  return (
    <section class={`${toneOf(one)} stack referral`} aria-label={one.title}>
      <div class="stack tight">
        <h2>{one.title}</h2>
        <p>{one.text}</p>
        <p class="whom">
          <b>{one.when_text}</b> <span>{one.whom_text}</span>
        </p>
      </div>
      {isNow ? <CallNow /> : null}
      {card ? (
        <details class="help-card" open={isNow}>
          <summary>{t("telling.what-to-do")}</summary>
          <HelpSteps card={card} />
        </details>
      ) : null}
      <div class="row actions">
        <button type="button" class="button" onClick={() => onWord("booked")}>
          {t("telling.booked")}
        </button>
        <button type="button" class="button" onClick={() => onWord("seen")}>
          {t("telling.seen")}
        </button>
        {one.can_snooze ? (
          <button type="button" class="button plain" onClick={() => onWord("later")}>
            {t("telling.later")}
          </button>
        ) : null}
        {one.whom === "self" ? null : (
          <a class="button plain" href="/report">
            {t("reporting.take")}
          </a>
        )}
      </div>
      <Why ids={[one.rule_id, ...one.rows]} />
    </section>
  );
}

/** `onDone`: what opens or closes today may have changed with the answer. */
export function Referrals({ open, onDone }: { open: readonly Referral[]; onDone: () => void }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const tell = async (one: Referral, word: Word) => {
    const answer = await ask<Found>("POST", "/api/referrals/answer", { rule_id: one.rule_id, answer: word });
    if (answer.ok) onDone();
    else setProblem(answer.problem);
  };
  const n = Math.max(SHOWN, open.filter(({ can_snooze }) => !can_snooze).length);
  const [first, rest] = [open.slice(0, n), open.slice(n)];
  const show = (one: Referral) => <ReferralCard key={one.rule_id} one={one} onWord={(word) => void tell(one, word)} />;
  return (
    <div class="stack">
      {first.map(show)}
      {rest.length > 0 ? (
        <details class="more more-referrals">
          <summary>{tn("telling.more", rest.length)}</summary>
          <div class="stack">{rest.map(show)}</div>
        </details>
      ) : null}
      {problem ? <ProblemCard problem={problem} /> : null}
    </div>
  );
}

type Kind = NoteGiven["kind"];
const WORRIES: readonly Kind[] = ["worried", "low-mood", "crisis"];
const NEWS: readonly Kind[] = ["nerve", "fall", "illness", "medicine", "pregnancy", "surgery", "cancer"];
/** The card that needs no answer of the server to be there. */
const CARDS: Partial<Record<Kind, string>> = { crisis: "crisis", nerve: "nerves" };

export function Telling({ onTold, onClose }: { onTold: (today: Today) => void; onClose: () => void }) {
  const [told, setTold] = useState<Kind | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const tell = async (kind: Kind) => {
    setTold(kind);
    const answer = await ask<Today>("POST", "/api/notes", { kind });
    if (!answer.ok) {
      setProblem(answer.problem);
      return;
    }
    onTold(answer.value);
    if (!CARDS[kind]) window.scrollTo(0, 0);
  };
  const card = HELP.find(({ id }) => told !== null && id === CARDS[told]);
  const title = useRef<HTMLHeadingElement>(null);
  // It opens below what was read, and in the place of the button that had the focus.
  useEffect(() => {
    title.current?.focus({ preventScroll: true });
    title.current?.parentElement?.scrollIntoView({ block: "nearest" });
  }, [card]);
  if (card) {
    return (
      <section class="note help stack telling" role="alert">
        <h2 ref={title} tabIndex={-1}>
          {t(`help.${card.id}.title`)}
        </h2>
        <CallNow />
        <HelpSteps card={card} />
        {problem ? <ProblemCard problem={problem} /> : null}
        <p>
          <button type="button" class="button" onClick={onClose}>
            {t("ui.close")}
          </button>
        </p>
      </section>
    );
  }
  return (
    <section class="card stack telling" aria-labelledby="telling-title">
      <h2 id="telling-title" ref={title} tabIndex={-1}>
        {t("telling.title")}
      </h2>
      {(["worries", "news"] as const).map((group) => (
        <fieldset key={group} class="stack tight">
          <legend>{t(`telling.${group}`)}</legend>
          <div class="row actions">
            {(group === "worries" ? WORRIES : NEWS).map((kind) => (
              <button key={kind} type="button" class="button" onClick={() => void tell(kind)}>
                {t(`telling.kind.${kind}`)}
              </button>
            ))}
          </div>
        </fieldset>
      ))}
      {problem ? <ProblemCard problem={problem} /> : null}
      <p class="row">
        <button type="button" class="button plain" onClick={onClose}>
          {t("telling.back")}
        </button>
        <span class="quiet small">{t("telling.kept")}</span>
      </p>
    </section>
  );
}
