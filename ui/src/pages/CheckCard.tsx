/** One card of the Check: tick what applies; what belongs to a ticked row is asked under it. */
import { useEffect, useRef } from "preact/hooks";
import type { AnswerWord, Card, Details, Question } from "../api/types";
import { Ticks } from "../design/choices";
import { t } from "../text/catalogue";
import { DetailQuestion, isDetailGiven } from "./DetailQuestion";

type Answers = Readonly<Record<string, AnswerWord>>;

/** Details that a ticked row asks for and that are not given yet. */
export function missingDetails(questions: readonly Question[], answers: Answers, details: Details): readonly string[] {
  return questions.flatMap(({ id, details: asked }) =>
    (answers[id] ?? "no") === "no" ? [] : asked.filter((detail) => !isDetailGiven(detail, id, details)),
  );
}

interface QuestionTicksProps {
  readonly label: string;
  readonly questions: readonly Question[];
  readonly answers: Answers;
  readonly details: Details;
  readonly isIncomplete: boolean;
  readonly isFolded?: boolean;
  readonly onAnswer: (id: string, answer: AnswerWord) => void;
  readonly onDetails: (details: Details) => void;
}

/** Rows of the safety questions with what each asks further; also for what the day's check-in asks on. */
export function QuestionTicks({
  label,
  questions,
  answers,
  details,
  isIncomplete,
  isFolded,
  onAnswer,
  onDetails,
}: QuestionTicksProps) {
  return (
    <Ticks
      label={label}
      rows={questions.map(({ id, short_key, text_key }) => ({ id, title: t(short_key), text: t(text_key) }))}
      answers={answers}
      isFolded={isFolded ?? false}
      onAnswer={onAnswer}
      details={(id) => {
        const asked = questions.find((question) => question.id === id)?.details ?? [];
        if (asked.length === 0) return null;
        return asked.map((detail) => (
          <div key={detail} class="stack tight">
            <DetailQuestion detail={detail} ruleId={id} details={details} onChange={onDetails} />
            {isIncomplete && !isDetailGiven(detail, id, details) ? (
              <p class="complaint" role="alert">
                {t("ui.check.detail-missing")}
              </p>
            ) : null}
          </div>
        ));
      }}
    />
  );
}

interface CheckCardProps extends Omit<QuestionTicksProps, "label" | "questions"> {
  readonly card: Card;
  readonly onFold: (isFolded: boolean) => void;
}

export function CheckCard({ card, onFold, ...rest }: CheckCardProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // A new card: the reader starts at its heading, the next key is in its rows.
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <div class="stack">
      <div class="stack tight">
        <h1 ref={heading} tabIndex={-1}>
          {t(card.title_key)}
        </h1>
        <p class="quiet">
          {card.intro_key ? `${t(card.intro_key)} ` : null}
          <button type="button" class="button plain" onClick={() => onFold(!rest.isFolded)}>
            {t(rest.isFolded ? "ui.check.unfold" : "ui.check.fold")}
          </button>
        </p>
      </div>
      <QuestionTicks label={t(card.title_key)} questions={card.questions} {...rest} />
    </div>
  );
}
