/** Ways to answer: 0 to 10, a few words, rows to tick. Native controls underneath, so that keys and readers work. */
import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import { t } from "../text/catalogue";
import "./choices.css";

interface ScaleProps {
  readonly legend: string;
  readonly value: number | null;
  readonly onChange: (value: number) => void;
  readonly lowKey?: string;
  readonly highKey?: string;
  readonly isTitle?: boolean;
  readonly isLegendUnseen?: boolean;
  /** Other numbers than 0 to 10. */
  readonly scores?: readonly number[];
}

const SCORES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

/** A scale that goes below nought says above it too which way it goes. */
const signed = (score: number, low: number) => (low < 0 && score > 0 ? `+${score}` : score < 0 ? `−${-score}` : score);

/** Eleven numbers; arrows move, space chooses. */
export function Scale(props: ScaleProps) {
  const { legend, value, onChange, lowKey, highKey, isTitle, isLegendUnseen, scores = SCORES } = props;
  const name = useId();
  const low = scores[0];
  const high = scores.at(-1);
  return (
    <fieldset class="question">
      <legend class={isTitle ? "title" : isLegendUnseen ? "unseen" : undefined}>
        {isTitle ? <h1>{legend}</h1> : legend}
      </legend>
      <div class={scores === SCORES ? "scale" : `scale of-${scores.length}`}>
        {scores.map((score) => (
          <label key={score}>
            <input
              type="radio"
              name={name}
              value={score}
              checked={value === score}
              onChange={() => onChange(score)}
              aria-label={
                score === low
                  ? `${low}, ${t(lowKey ?? "ui.scale.low")}`
                  : score === high
                    ? `${high}, ${t(highKey ?? "ui.scale.high")}`
                    : undefined
              }
            />
            <span aria-hidden={score === low || score === high ? true : undefined}>{signed(score, low ?? 0)}</span>
          </label>
        ))}
      </div>
      <div class="scale-ends" aria-hidden="true">
        <span>{t(lowKey ?? "ui.scale.low")}</span>
        <span>{t(highKey ?? "ui.scale.high")}</span>
      </div>
    </fieldset>
  );
}

interface ChoiceProps<T extends string> {
  readonly legend: string;
  readonly value: T | null;
  readonly options: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
  readonly isWide?: boolean;
  /** The question beside its answers, where there is room. */
  readonly isBeside?: boolean;
  readonly isLegendUnseen?: boolean;
}

export function Choice<T extends string>(props: ChoiceProps<T>) {
  const { legend, value, options, onChange, isWide, isBeside, isLegendUnseen } = props;
  const name = useId();
  return (
    <fieldset class={isBeside ? "question beside" : "question"}>
      <legend class={isLegendUnseen ? "unseen" : undefined}>{legend}</legend>
      <div class={isWide ? "choice wide" : "choice"}>
        {options.map(([option, text]) => (
          <label key={option}>
            <input
              type="radio"
              name={name}
              value={option}
              checked={value === option}
              onChange={() => onChange(option)}
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface SeveralProps {
  readonly legend: string;
  readonly values: readonly string[];
  readonly options: readonly (readonly [string, string])[];
  readonly onChange: (values: readonly string[]) => void;
  readonly isLegendUnseen?: boolean;
}

/** As `Choice`, but any number of them. */
export function Several({ legend, values, options, onChange, isLegendUnseen }: SeveralProps) {
  return (
    <fieldset class="question">
      <legend class={isLegendUnseen ? "unseen" : undefined}>{legend}</legend>
      <div class="choice">
        {options.map(([option, text]) => (
          <label key={option}>
            <input
              type="checkbox"
              checked={values.includes(option)}
              onChange={(event) =>
                onChange(event.currentTarget.checked ? [...values, option] : values.filter((value) => value !== option))
              }
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export type TickAnswer = "yes" | "unsure" | "no";

interface TickRow {
  readonly id: string;
  readonly title: string;
  readonly text?: string | undefined;
}

interface TicksProps {
  readonly rows: readonly TickRow[];
  readonly answers: Readonly<Record<string, TickAnswer | undefined>>;
  readonly onAnswer: (id: string, answer: TickAnswer) => void;
  readonly label: string;
  /** The texts wait until a row is ticked; the titles alone are read. */
  readonly isFolded?: boolean;
  /** What is asked below a row once it is ticked. */
  readonly details?: (id: string) => ComponentChildren;
}

/** "Tick any that apply": up and down move between the rows, space ticks, "not sure" is an answer. */
export function Ticks({ rows, answers, onAnswer, label, isFolded, details }: TicksProps) {
  const list = useRef<HTMLUListElement>(null);
  const base = useId();
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const target = event.target as HTMLElement;
    if (!target.matches('input[type="checkbox"], .unsure')) return;
    const selector = target.matches("button") ? ".unsure" : 'input[type="checkbox"]';
    const all = [...(list.current?.querySelectorAll<HTMLElement>(selector) ?? [])];
    const next = all[all.indexOf(target) + (event.key === "ArrowDown" ? 1 : -1)];
    event.preventDefault();
    next?.focus();
  };
  return (
    <ul class="ticks" ref={list} onKeyDown={onKey} aria-label={label}>
      {rows.map(({ id, title, text: whole }) => {
        const answer = answers[id] ?? "no";
        const text = isFolded && answer === "no" ? null : whole;
        const more = answer === "no" ? null : details?.(id);
        return (
          <li key={id} class={`tick is-${answer}`} data-rule={id}>
            <label>
              <input
                type="checkbox"
                checked={answer === "yes"}
                onChange={(event) => onAnswer(id, event.currentTarget.checked ? "yes" : "no")}
                aria-describedby={text ? `${base}-${id}` : undefined}
                aria-label={title}
              />
              <span>
                <b>{title}</b>
                {text ? <span id={`${base}-${id}`}>{text}</span> : null}
              </span>
            </label>
            <button
              type="button"
              class="unsure"
              aria-pressed={answer === "unsure"}
              aria-label={t("ui.tick.unsure-about", { title })}
              onClick={() => onAnswer(id, answer === "unsure" ? "no" : "unsure")}
            >
              {t("ui.tick.unsure")}
            </button>
            {more ? <div class="tick-details">{more}</div> : null}
          </li>
        );
      })}
    </ul>
  );
}
