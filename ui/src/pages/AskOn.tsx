/** What the check-in asks on, such as after a fall or a new medicine: a few rows, then today's suggestion. */
import { useState } from "preact/hooks";
import { ask } from "../api/client";
import type { AnswerWord, CheckIn, DayPlan, Details, Problem, Today } from "../api/types";
import { t } from "../text/catalogue";
import { missingDetails, QuestionTicks } from "./CheckCard";
import { ProblemCard } from "./Loaded";

interface AskOnProps {
  readonly plan: DayPlan;
  readonly checkIn: CheckIn;
  readonly onDone: (today: Today) => void;
}

export function AskOn({ plan, checkIn, onDone }: AskOnProps) {
  const [answers, setAnswers] = useState<Record<string, AnswerWord>>({});
  const [details, setDetails] = useState<Details>(checkIn.details);
  const [isIncomplete, setIncomplete] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const isAny = Object.values(answers).some((answer) => answer !== "no");
  const send = async (event: Event) => {
    event.preventDefault();
    if (missingDetails(plan.ask, answers, details).length > 0) {
      setIncomplete(true);
      return;
    }
    const told = Object.fromEntries(plan.ask.map(({ id }) => [id, answers[id] ?? "no"]));
    const { pain_now, stiffness, places, head_turn, position, minutes } = checkIn;
    const answer = await ask<Today>("POST", "/api/check-in", {
      pain_now,
      stiffness,
      places,
      head_turn,
      position,
      minutes,
      answers: { ...checkIn.answers, ...told },
      details,
      utc_offset_min: -new Date().getTimezoneOffset(),
    });
    if (answer.ok) onDone(answer.value);
    else setProblem(answer.problem);
  };
  return (
    <form class="stack" onSubmit={send}>
      <div>
        <h2>{t("ui.today.ask.title")}</h2>
        <p class="quiet">{t("ui.today.ask.text")}</p>
      </div>
      <QuestionTicks
        label={t("ui.today.ask.title")}
        questions={plan.ask}
        answers={answers}
        details={details}
        isIncomplete={isIncomplete}
        onAnswer={(id, answer) => setAnswers({ ...answers, [id]: answer })}
        onDetails={setDetails}
      />
      {problem ? <ProblemCard problem={problem} /> : null}
      <p>
        <button type="submit" class="button main">
          {t(isAny ? "ui.today.new.go" : "ui.today.new.none")}
        </button>
      </p>
    </form>
  );
}
