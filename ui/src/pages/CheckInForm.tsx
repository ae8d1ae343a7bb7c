/** The five taps before a day's session: pain, stiffness, and whether anything is new. */
import { useRef, useState } from "preact/hooks";
import { ask } from "../api/client";
import type { CheckIn, Problem, Stiffness, Today } from "../api/types";
import { Choice, Scale, Several, type TickAnswer, Ticks } from "../design/choices";
import { t } from "../text/catalogue";
import { ProblemCard } from "./Loaded";

const PLACES = ["between-blades", "left-blade", "right-blade", "neck", "low-back"] as const;
const POSITIONS = ["chair", "standing", "floor"] as const;
const HEAD_TURNS = ["same", "left-smaller", "right-smaller"] as const;

interface More {
  readonly position: CheckIn["position"];
  readonly head_turn: CheckIn["head_turn"];
  readonly places: readonly string[];
}

/** Not asked of anyone, open to all: it makes the suggestion fit better. */
function MoreQuestions({ more, onChange }: { more: More; onChange: (more: More) => void }) {
  return (
    <details class="more">
      <summary>{t("ui.today.more")}</summary>
      <div class="stack wide">
        <Choice
          legend={t("ui.today.position")}
          value={more.position}
          onChange={(position) => onChange({ ...more, position })}
          options={POSITIONS.map((one) => [one, t(`ui.today.position.${one}`)] as const)}
        />
        <Several
          legend={t("ui.today.places")}
          values={more.places}
          onChange={(places) => onChange({ ...more, places })}
          options={PLACES.map((one) => [one, t(`ui.today.places.${one}`)] as const)}
        />
        <Choice
          legend={t("ui.today.head")}
          value={more.head_turn}
          onChange={(head_turn) => onChange({ ...more, head_turn })}
          options={HEAD_TURNS.map((one) => [one, t(`ui.today.head.${one}`)] as const)}
        />
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
  const [more, setMore] = useState<More>({ position: null, head_turn: null, places: [] });
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
    const all = Object.fromEntries(today.questions.map(({ id }) => [id, answers[id] ?? "no"]));
    const answer = await ask<Today>("POST", "/api/check-in", {
      pain_now: pain,
      stiffness,
      ...more,
      answers: all,
      utc_offset_min: -new Date().getTimezoneOffset(),
    });
    setBusy(false);
    if (answer.ok) onDone(answer.value);
    else setProblem(answer.problem);
  };

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
      <div class="stack">
        <div>
          <h2>{t("ui.today.new.title")}</h2>
          <p class="quiet">{t("ui.today.new.text")}</p>
        </div>
        <Ticks
          label={t("ui.today.new.title")}
          rows={today.questions.map(({ id, text_key }) => ({ id, title: t(text_key) }))}
          answers={answers}
          onAnswer={(id, answer) => setAnswers({ ...answers, [id]: answer })}
        />
      </div>
      <MoreQuestions more={more} onChange={setMore} />
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
