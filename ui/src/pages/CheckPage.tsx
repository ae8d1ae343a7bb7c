/** The Check: the safety questions in grouped cards, resumable, and what the answers mean. */
import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../api/client";
import { useResource } from "../api/resource";
import type { AnswerWord, Card, Details, Problem, Screening } from "../api/types";
import { navigate } from "../app/router";
import { settings } from "../app/state";
import { ProgressLine } from "../design/Mark";
import { t } from "../text/catalogue";
import { CheckCard, missingDetails } from "./CheckCard";
import { CheckResult } from "./CheckResult";
import { EmergencyNumber } from "./EmergencyNumber";
import { EmergencyScreen } from "./EmergencyScreen";
import { Loaded, ProblemCard } from "./Loaded";
import "./check.css";

type Answers = Record<string, AnswerWord>;

/** The first card that still has an unanswered question; all answered: the last. */
function firstOpen(cards: readonly Card[], answers: Answers): number {
  const open = cards.findIndex((card) => card.questions.some(({ id }) => answers[id] === undefined));
  return open === -1 ? Math.max(0, cards.length - 1) : open;
}

/** A newcomer says first which number to call; later it is in Settings. */
function isNumberKnown({ state, draft }: Screening): boolean {
  return settings.value.emergency_number !== "" && (state !== "none" || draft !== null);
}

/** The first card on which something was ticked. */
function firstTold(cards: readonly Card[], answers: Answers): number {
  return Math.max(
    0,
    cards.findIndex(({ questions }) => questions.some(({ id }) => (answers[id] ?? "no") !== "no")),
  );
}

/** Ticked or unsure rows whose answer closes everything until a clinician has spoken. */
function locksIn(cards: readonly Card[], answers: Answers): boolean {
  return cards.some(({ questions }) =>
    questions.some(({ id, tier }) => (tier === "urgent" || tier === "emergency") && (answers[id] ?? "no") !== "no"),
  );
}

interface ReviewProps {
  readonly cards: readonly Card[];
  readonly answers: Answers;
  readonly problem: Problem | null;
  readonly isBusy: boolean;
  readonly onChange: () => void;
  readonly onConfirm: () => void;
}

/** Before something is closed: what was told, once more. */
function Review({ cards, answers, problem, isBusy, onChange, onConfirm }: ReviewProps) {
  const told = cards.flatMap(({ questions }) => questions.filter(({ id }) => (answers[id] ?? "no") !== "no"));
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <div class="stack wide">
      <ProgressLine share={1} label={t("ui.check.progress", { at: cards.length, n: cards.length })} />
      <div class="stack tight">
        <h1 ref={heading} tabIndex={-1}>
          {t("screening.review.title")}
        </h1>
        <p class="quiet">{t("screening.review.intro")}</p>
      </div>
      <ul class="result">
        {told.map(({ id, short_key, text_key }) => (
          <li key={id}>
            <b>{t(short_key)}</b>
            {answers[id] === "unsure" ? <span class="badge modify">{t("ui.tick.unsure")}</span> : <span />}
            <p class="small quiet">{t(text_key)}</p>
          </li>
        ))}
      </ul>
      {problem ? <ProblemCard problem={problem} /> : null}
      <div class="row actions">
        <button type="button" class="button main" aria-disabled={isBusy} onClick={onConfirm}>
          {t("ui.check.review.yes")}
        </button>
        <button type="button" class="button" onClick={onChange}>
          {t("ui.check.review.no")}
        </button>
      </div>
    </div>
  );
}

function NumberStep({ onDone }: { onDone: () => void }) {
  return (
    <form
      class="check"
      onSubmit={(event) => {
        event.preventDefault();
        onDone();
      }}
    >
      <div class="stack">
        <h1>{t("ui.check.number.title")}</h1>
        <EmergencyNumber isLegendUnseen />
        <p class="quiet">{t("ui.check.intro")}</p>
      </div>
      <div class="check-bottom">
        <button type="submit" class="button main">
          {t("ui.check.next")}
        </button>
      </div>
    </form>
  );
}

interface QuestionsProps {
  readonly screening: Screening;
  readonly onDone: (screening: Screening) => void;
}

function Questions({ screening, onDone }: QuestionsProps) {
  const { cards, draft } = screening;
  const [answers, setAnswers] = useState<Answers>({ ...(draft?.answers ?? {}) });
  const [details, setDetails] = useState<Details>(draft?.details ?? screening.details ?? {});
  const [at, setAt] = useState(isNumberKnown(screening) ? firstOpen(cards, answers) : -1);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [alarm, setAlarm] = useState<readonly string[]>([]);
  const [isIncomplete, setIncomplete] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [isFolded, setFolded] = useState(true);
  const card = cards[at];

  const finish = async (all: Answers) => {
    setBusy(true);
    const answer = await ask<Screening>("POST", "/api/screening", { answers: all, details });
    setBusy(false);
    if (answer.ok) onDone(answer.value);
    else setProblem(answer.problem);
  };

  const isReview = at === cards.length;
  if (isReview) {
    return (
      <Review
        cards={cards}
        answers={answers}
        problem={problem}
        isBusy={isBusy}
        onChange={() => setAt(firstTold(cards, answers))}
        onConfirm={() => void finish(answers)}
      />
    );
  }
  if (!card) return <NumberStep onDone={() => setAt(firstOpen(cards, answers))} />;

  // A card not reached in this round starts from what was said the last time.
  const shown = (id: string): AnswerWord => answers[id] ?? screening.answers?.[id] ?? "no";
  const onCard = Object.fromEntries(card.questions.map(({ id }) => [id, shown(id)]));
  const isAny = Object.values(onCard).some((answer) => answer !== "no");

  const goOn = async (isAlarmSeen: boolean) => {
    if (isBusy) return;
    if (missingDetails(card.questions, onCard, details).length > 0) {
      setIncomplete(true);
      return;
    }
    setIncomplete(false);
    const all = { ...answers, ...onCard };
    setAnswers(all);
    const alarming = card.questions.filter(({ id, tier }) => tier === "emergency" && onCard[id] !== "no");
    if (alarming.length > 0 && !isAlarmSeen) {
      setAlarm(alarming.map(({ id }) => id));
      void ask("PUT", "/api/screening/draft", { answers: all, details });
      return;
    }
    setAlarm([]);
    if (at === cards.length - 1 && !locksIn(cards, all)) {
      await finish(all);
      return;
    }
    setAt(at + 1);
    window.scrollTo(0, 0);
    const saved = await ask("PUT", "/api/screening/draft", { answers: all, details });
    setProblem(saved.ok ? null : saved.problem);
  };

  return (
    <>
      {alarm.length > 0 ? (
        <EmergencyScreen ruleIds={alarm} onMistake={() => setAlarm([])} onGoOn={() => void goOn(true)} />
      ) : null}
      <form
        class="check"
        onSubmit={(event) => {
          event.preventDefault();
          void goOn(false);
        }}
      >
        <div class="check-top">
          <ProgressLine share={at / cards.length} label={t("ui.check.progress", { at: at + 1, n: cards.length })} />
          <p class="quiet small" aria-hidden="true">
            {t("ui.check.progress", { at: at + 1, n: cards.length })}
          </p>
        </div>
        <CheckCard
          key={card.id}
          card={card}
          answers={onCard}
          details={details}
          isIncomplete={isIncomplete}
          isFolded={isFolded}
          onFold={setFolded}
          onAnswer={(id, answer) => setAnswers({ ...answers, ...onCard, [id]: answer })}
          onDetails={setDetails}
        />
        {problem ? <ProblemCard problem={problem} /> : null}
        <div class="check-bottom">
          <button type="button" class="button" onClick={() => (at === 0 ? navigate("/") : setAt(at - 1))}>
            {t("ui.check.back")}
          </button>
          <button type="submit" class="button main" aria-disabled={isBusy}>
            {t(isAny ? "ui.check.next" : "ui.check.none")}
          </button>
          <span class="quiet small hint">{t("ui.check.keys")}</span>
        </div>
      </form>
    </>
  );
}

function CheckContent({ screening, put }: { screening: Screening; put: (value: Screening) => void }) {
  const isDecided = screening.state === "locked" || screening.state === "valid";
  const [isAsking, setAsking] = useState(
    !(isDecided && (location.hash === "#cleared" || screening.state === "locked")),
  );
  return (
    <div class="page narrow">
      {isAsking || !screening.assessment ? (
        <Questions
          screening={screening}
          onDone={(next) => {
            put(next);
            setAsking(false);
            window.scrollTo(0, 0);
          }}
        />
      ) : (
        <CheckResult screening={screening} onAgain={() => setAsking(true)} onChanged={put} />
      )}
    </div>
  );
}

export function CheckPage(_: { id: string }) {
  const { resource, reload, put } = useResource<Screening>("/api/screening");
  return (
    <Loaded resource={resource} onRetry={reload} title={t("ui.place.check")}>
      {(screening) => <CheckContent screening={screening} put={put} />}
    </Loaded>
  );
}
