/** The five taps before a day's session: pain, stiffness, and whether anything is new. */
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { ask } from "../api/client";
import type { CheckIn, Problem, Stiffness, Today } from "../api/types";
import { Choice, Scale, type TickAnswer, Ticks } from "../design/choices";
import { t } from "../text/catalogue";
import { ProblemCard } from "./Loaded";
import { Places } from "./Places";
import { type Beginning, describeWeeks, NO_BEGINNING, Since, toWeeks } from "./Since";

const POSITIONS = ["chair", "standing", "floor"] as const;
const HEAD_TURNS = ["same", "left-smaller", "right-smaller"] as const;

interface More {
  readonly position: CheckIn["position"];
  readonly head_turn: CheckIn["head_turn"];
}

interface MoreProps {
  readonly more: More;
  readonly onChange: (more: More) => void;
  /** What is not asked by itself: on the first day the place and the stiffness, later the beginning. */
  readonly children: ComponentChildren;
  readonly first: ComponentChildren;
}

/** Not asked of anyone, open to all: it makes the suggestion fit better. */
function MoreQuestions({ more, onChange, first, children }: MoreProps) {
  return (
    <details class="more">
      <summary>{t("ui.today.more")}</summary>
      <div class="stack wide">
        {first}
        <Choice
          legend={t("ui.today.position")}
          value={more.position}
          onChange={(position) => onChange({ ...more, position })}
          options={POSITIONS.map((one) => [one, t(`ui.today.position.${one}`)] as const)}
        />
        <Choice
          legend={t("ui.today.head")}
          value={more.head_turn}
          onChange={(head_turn) => onChange({ ...more, head_turn })}
          options={HEAD_TURNS.map((one) => [one, t(`ui.today.head.${one}`)] as const)}
        />
        {children}
      </div>
    </details>
  );
}

interface CheckInFormProps {
  readonly today: Today;
  readonly onDone: (next: Today) => void;
  readonly onCancel: (() => void) | undefined;
}

export function CheckInForm({ today, onDone, onCancel }: CheckInFormProps) {
  const [pain, setPain] = useState<number | null>(null);
  const [stiffness, setStiffness] = useState<Stiffness | null>(null);
  const [answers, setAnswers] = useState<Record<string, TickAnswer>>({});
  const { usual } = today;
  const [places, setPlaces] = useState<readonly string[]>(today.check_in?.places ?? usual.places);
  const [more, setMore] = useState<More>({
    position: today.check_in?.position ?? null,
    head_turn: today.check_in?.head_turn ?? null,
  });
  const [beginning, setBeginning] = useState<Beginning>({ ...NO_BEGINNING, brings_on: usual.brings_on });
  const [isBeginningOpen, setBeginningOpen] = useState(usual.since_weeks === null);
  // The first day is for the first exercise. It is asked by itself the second time; else it waits where the rest does.
  const isFirst = today.trend.pain.length === 0;
  const isAskedNow = usual.since_weeks === null && today.trend.pain.length === 1;
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isPainMissing, setPainMissing] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const isAny = Object.values(answers).some((answer) => answer !== "no");

  const send = async (event: Event) => {
    event.preventDefault();
    if (isBusy) return;
    if (pain === null) {
      setPainMissing(true);
      form.current?.querySelector<HTMLInputElement>(".scale input")?.focus();
      return;
    }
    setBusy(true);
    const utc_offset_min = -new Date().getTimezoneOffset();
    const since_weeks = toWeeks(beginning) ?? usual.since_weeks;
    const isBeginningNew = beginning.count !== "" || beginning.brings_on.join() !== usual.brings_on.join();
    if (isBeginningNew) {
      const { brings_on } = beginning;
      const kept = await ask<Today>("POST", "/api/reviews", { since_weeks, brings_on, utc_offset_min });
      if (!kept.ok) {
        setBusy(false);
        setProblem(kept.problem);
        return;
      }
      setBeginning({ ...beginning, count: "" });
    }
    const all = Object.fromEntries(today.questions.map(({ id }) => [id, answers[id] ?? "no"]));
    const answer = await ask<Today>("POST", "/api/check-in", {
      pain_now: pain,
      stiffness,
      places,
      ...more,
      answers: all,
      utc_offset_min,
    });
    setBusy(false);
    if (answer.ok) onDone(answer.value);
    else setProblem(answer.problem);
  };

  const feeling = (
    <>
      <Choice
        isBeside
        legend={t("ui.today.stiff.question")}
        value={stiffness}
        onChange={setStiffness}
        options={[
          ["no", t("ui.stiff.no")],
          ["bit", t("ui.stiff.bit")],
          ["very", t("ui.stiff.very")],
        ]}
      />
      <Places values={places} usual={usual.places} onChange={setPlaces} />
    </>
  );
  return (
    <form class="how-now" ref={form} onSubmit={send} noValidate>
      <div class="stack tight">
        <Scale
          legend={t("ui.today.question")}
          isTitle
          value={pain}
          onChange={(value) => {
            setPain(value);
            setPainMissing(false);
          }}
        />
        {isPainMissing ? (
          <p class="complaint" role="alert">
            {t("ui.today.pain-missing")}
          </p>
        ) : null}
      </div>
      {isFirst ? null : feeling}
      {isAskedNow ? (
        <div class="stack">
          <div>
            <h2>{t("check-in.once.title")}</h2>
            <p class="quiet">{t("check-in.once.text")}</p>
          </div>
          <Since value={beginning} onChange={setBeginning} />
        </div>
      ) : null}
      <MoreQuestions more={more} onChange={setMore} first={isFirst ? feeling : null}>
        {isAskedNow ? null : isBeginningOpen ? (
          <Since value={beginning} onChange={setBeginning} />
        ) : (
          <p>
            {t("check-in.since.known", { time: describeWeeks(usual.since_weeks ?? 0) })}{" "}
            <button type="button" class="button plain" onClick={() => setBeginningOpen(true)}>
              {t("check-in.since.change")}
            </button>
          </p>
        )}
      </MoreQuestions>
      {/* Right above its answer: "none" is said of these and of nothing else. */}
      <div class="stack">
        <h2>{t("ui.today.new.title")}</h2>
        <Ticks
          label={t("ui.today.new.title")}
          rows={today.questions.map(({ id, short_key, text_key }) => ({ id, title: t(short_key), text: t(text_key) }))}
          answers={answers}
          isFolded
          onAnswer={(id, answer) => setAnswers({ ...answers, [id]: answer })}
        />
      </div>
      {problem ? <ProblemCard problem={problem} /> : null}
      <div class="row actions">
        <button type="submit" class="button main" aria-disabled={isBusy}>
          {t(isAny ? "ui.today.new.go" : "ui.today.new.none")}
        </button>
        {onCancel ? (
          <button type="button" class="button plain" onClick={onCancel}>
            {t("ui.cancel")}
          </button>
        ) : null}
      </div>
    </form>
  );
}
