/** One card of the Check: tick the signs that apply; a ticked one asks its questions, and what belongs to each. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { AnswerWord, Card, Details, Question, Sign } from "../api/types";
import { Ticks } from "../design/choices";
import { t } from "../text/catalogue";
import { DetailQuestion, isDetailGiven } from "./DetailQuestion";
import { type Answers, isNone, isSettled, placeOf, type Ticked, tick, tickNone } from "./signs";

/** Details that a ticked row asks for and that are not given yet. */
export function missingDetails(questions: readonly Question[], answers: Answers, details: Details): readonly string[] {
  return questions.flatMap(({ id, details: asked }) =>
    (answers[id] ?? "no") === "no" ? [] : asked.filter((detail) => !isDetailGiven(detail, id, details)),
  );
}

/** What was told of rows that are ticked now: a detail of a row that was taken back, or ticked the last time, tells nothing any more. */
export function keepAsked(questions: readonly Question[], answers: Answers, details: Details): Details {
  const ticked = questions.filter(({ id }) => (answers[id] ?? "no") !== "no");
  const asked = new Set(ticked.flatMap(({ details }) => details));
  const kept = Object.fromEntries(Object.entries(details).filter(([detail]) => asked.has(detail))) as Details;
  if (!kept.agreed) return kept;
  const agreed = kept.agreed.filter((row) =>
    ticked.some(({ id, details }) => id === row && details.includes("agreed")),
  );
  return { ...kept, agreed };
}

interface DetailsProps {
  readonly details: Details;
  readonly isIncomplete: boolean;
  readonly onDetails: (details: Details) => void;
}

/** What a ticked question asks further. */
function moreOf(question: Question | undefined, { details, isIncomplete, onDetails }: DetailsProps): ComponentChildren {
  if (!question || question.details.length === 0) return null;
  return question.details.map((detail) => (
    <div key={detail} class="stack tight">
      <DetailQuestion detail={detail} ruleId={question.id} details={details} onChange={onDetails} />
      {isIncomplete && !isDetailGiven(detail, question.id, details) ? (
        <p class="complaint" role="alert">
          {t("ui.check.detail-missing")}
        </p>
      ) : null}
    </div>
  ));
}

interface QuestionTicksProps extends DetailsProps {
  readonly label: string;
  readonly questions: readonly Question[];
  readonly answers: Answers;
  readonly onAnswer: (id: string, answer: AnswerWord) => void;
}

/** Rows of the safety questions with what each asks further; also for what the day's check-in asks on. */
export function QuestionTicks({ label, questions, answers, onAnswer, ...rest }: QuestionTicksProps) {
  return (
    <Ticks
      label={label}
      rows={questions.map(({ id, short_key, text_key }) => ({ id, title: t(short_key), text: t(text_key) }))}
      answers={answers}
      onAnswer={onAnswer}
      details={(id) =>
        moreOf(
          questions.find((question) => question.id === id),
          rest,
        )
      }
    />
  );
}

interface CheckCardProps extends DetailsProps {
  readonly card: Card;
  readonly ticked: Ticked;
  readonly isFolded: boolean;
  readonly onTicked: (ticked: Ticked) => void;
  readonly onFold: (isFolded: boolean) => void;
}

export function CheckCard({ card, ticked, isFolded, onTicked, onFold, ...rest }: CheckCardProps) {
  const top = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  // A new card: the reader starts at its heading, the next key is in its rows.
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const { isIncomplete } = rest;
  useEffect(() => {
    if (isIncomplete) top.current?.querySelector(".complaint")?.scrollIntoView({ block: "center" });
  }, [isIncomplete]);

  const questionsOf = (sign: Sign) => sign.rows.flatMap((row) => card.questions.filter(({ id }) => id === row));
  const whole = (sign: Sign) =>
    questionsOf(sign)
      .map(({ text_key }) => t(text_key))
      .join(" ");
  const asked = (sign: Sign) => (
    <div class="stack tight">
      <p>{t("ui.check.which")}</p>
      <Ticks
        label={t(sign.text_key)}
        rows={questionsOf(sign).map(({ id, text_key }) => ({ id, title: t(text_key) }))}
        answers={Object.fromEntries(sign.rows.map((row) => [row, ticked[placeOf(sign, row)] ?? "no"]))}
        onAnswer={(row, answer) => onTicked(tick(ticked, sign, row, answer))}
        details={(row) =>
          moreOf(
            card.questions.find(({ id }) => id === row),
            rest,
          )
        }
      />
      <label class="tick-none">
        <input
          type="checkbox"
          class="check-box"
          checked={isNone(sign, ticked)}
          onChange={(event) => onTicked(tickNone(ticked, sign, event.currentTarget.checked))}
        />
        {t("screening.none")}
      </label>
      {isIncomplete && !isSettled(sign, ticked) ? (
        <p class="complaint" role="alert">
          {t("ui.check.which-missing")}
        </p>
      ) : null}
    </div>
  );
  return (
    <div class="stack" ref={top}>
      <div class="stack tight">
        <h1 ref={heading} tabIndex={-1}>
          {t(card.title_key)}
        </h1>
        <p class="quiet">
          {card.intro_key ? `${t(card.intro_key)} ` : null}
          <button type="button" class="button plain" onClick={() => onFold(!isFolded)}>
            {t(isFolded ? "ui.check.unfold" : "ui.check.fold")}
          </button>
        </p>
      </div>
      <Ticks
        label={t(card.title_key)}
        rows={card.signs.map((sign) => {
          // the questions of an opened sign stand below it, each by itself
          const isOpened = !sign.is_row && (ticked[sign.id] ?? "no") !== "no";
          return { id: sign.id, title: t(sign.text_key), text: isOpened ? undefined : whole(sign) };
        })}
        answers={ticked}
        isFolded={isFolded}
        onAnswer={(id, answer) => onTicked({ ...ticked, [id]: answer })}
        details={(id) => {
          const sign = card.signs.find((one) => one.id === id);
          if (!sign) return null;
          return sign.is_row ? moreOf(questionsOf(sign)[0], rest) : asked(sign);
        }}
      />
    </div>
  );
}
