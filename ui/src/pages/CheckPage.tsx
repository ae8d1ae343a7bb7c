/** The Check: the safety questions in grouped cards, resumable, and what the answers mean. */
import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../api/client";
import { useResource } from "../api/resource";
import type { Card, Details, Problem, Question, Screening } from "../api/types";
import { navigate } from "../app/router";
import { isAllClear, settings } from "../app/state";
import { ProgressLine } from "../design/Mark";
import { t } from "../text/catalogue";
import { CheckCard, keepAsked, missingDetails } from "./CheckCard";
import { CheckResult } from "./CheckResult";
import { EmergencyNumber } from "./EmergencyNumber";
import { EmergencyScreen } from "./EmergencyScreen";
import { Loaded, ProblemCard } from "./Loaded";
import { type Answers, answersOn, answersUpTo, firstOpen, isSettled, type Ticked, tickedFrom } from "./signs";
import "./check.css";

/** The first card on which something was ticked. */
function firstTold(cards: readonly Card[], ticked: Ticked): number {
  return Math.max(
    0,
    cards.findIndex(({ signs }) => signs.some(({ id }) => (ticked[id] ?? "no") !== "no")),
  );
}

/** What was answered with yes or not sure, each question once. */
function toldIn(cards: readonly Card[], answers: Answers): readonly Question[] {
  const asked = new Map(
    cards.flatMap(({ questions }) => questions.map((question) => [question.id, question] as const)),
  );
  return [...asked.values()].filter(({ id }) => (answers[id] ?? "no") !== "no");
}

/** Whether an answer closes everything until a clinician has spoken. */
function locksIn(cards: readonly Card[], answers: Answers): boolean {
  return toldIn(cards, answers).some(({ tier }) => tier === "urgent" || tier === "emergency");
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
  const told = toldIn(cards, answers);
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

/** The server answers with every detail, also with those that were not told. */
function toldOf(details: Details | undefined): Details {
  return Object.fromEntries(Object.entries(details ?? {}).filter(([, value]) => value !== null)) as Details;
}

interface QuestionsProps {
  readonly screening: Screening;
  readonly onDone: (screening: Screening) => void;
}

function Questions({ screening, onDone }: QuestionsProps) {
  const { cards, draft } = screening;
  const given = draft?.answers ?? {};
  // A card not reached in this round starts from what was said the last time.
  const [ticked, setTicked] = useState<Ticked>(() => tickedFrom(cards, { ...screening.answers, ...given }));
  const [details, setDetails] = useState<Details>({ ...screening.details, ...toldOf(draft?.details) });
  // Who did not say on the first page which number to call says it here; later it is in Settings.
  const isNumberKnown = settings.value.emergency_number !== "";
  const [at, setAt] = useState(isNumberKnown ? firstOpen(cards, given) : -1);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [alarm, setAlarm] = useState<readonly string[]>([]);
  const [isIncomplete, setIncomplete] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [isFolded, setFolded] = useState(true);
  const card = cards[at];
  const asked = (all: Answers) =>
    keepAsked(
      cards.flatMap(({ questions }) => questions),
      all,
      details,
    );

  const finish = async (all: Answers) => {
    setBusy(true);
    const answer = await ask<Screening>("POST", "/api/screening", { answers: all, details: asked(all) });
    setBusy(false);
    if (answer.ok) onDone(answer.value);
    else setProblem(answer.problem);
  };

  const isReview = at === cards.length;
  if (isReview) {
    return (
      <Review
        cards={cards}
        answers={answersUpTo(cards, at, ticked)}
        problem={problem}
        isBusy={isBusy}
        onChange={() => setAt(firstTold(cards, ticked))}
        onConfirm={() => void finish(answersUpTo(cards, at, ticked))}
      />
    );
  }
  if (!card) return <NumberStep onDone={() => setAt(firstOpen(cards, given))} />;

  const onCard = answersOn(card, ticked);
  const isAny = card.signs.some(({ id }) => (ticked[id] ?? "no") !== "no");

  const goOn = async (isAlarmSeen: boolean) => {
    if (isBusy) return;
    const isSigns = card.signs.every((sign) => isSettled(sign, ticked));
    if (!isSigns || missingDetails(card.questions, onCard, details).length > 0) {
      setIncomplete(true);
      return;
    }
    setIncomplete(false);
    const all = answersUpTo(cards, at, ticked);
    const alarming = card.questions.filter(({ id, tier }) => tier === "emergency" && onCard[id] !== "no");
    if (alarming.length > 0 && !isAlarmSeen) {
      setAlarm(alarming.map(({ id }) => id));
      void ask("PUT", "/api/screening/draft", { answers: all, details: asked(all) });
      return;
    }
    setAlarm([]);
    if (at === cards.length - 1 && !locksIn(cards, all)) {
      await finish(all);
      return;
    }
    setAt(at + 1);
    window.scrollTo(0, 0);
    const saved = await ask("PUT", "/api/screening/draft", { answers: all, details: asked(all) });
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
        <ProgressLine share={at / cards.length} label={t("ui.check.progress", { at: at + 1, n: cards.length })} />
        <CheckCard
          key={card.id}
          card={card}
          ticked={ticked}
          details={details}
          isIncomplete={isIncomplete}
          isFolded={isFolded}
          onFold={setFolded}
          onTicked={setTicked}
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
            isAllClear.value = next.state === "valid" && next.assessment?.tier === "clear";
            if (isAllClear.value) {
              // Nothing to read but a sentence: Today says it.
              navigate("/");
              return;
            }
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
