/** The longer look back: once a week at most, what is due in one short scroll; each answer may stay open. */
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { ask } from "../api/client";
import { useResource } from "../api/resource";
import type { Activities, Problem, Review, ReviewAnswers, Today } from "../api/types";
import { Choice, Scale } from "../design/choices";
import { Why } from "../design/Why";
import { t } from "../text/catalogue";
import { Loaded, ProblemCard } from "./Loaded";
import { checkHref } from "./Mobility";
import { newActivity, type Own, OwnActivities } from "./OwnActivities";
import { type Beginning, NO_BEGINNING, Since, toWeeks } from "./Since";
import "./look_back.css";

const DAYS = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const CHANGE = [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5] as const;

type Told = { -readonly [K in keyof ReviewAnswers]: ReviewAnswers[K] };
type Part = Review["due"][number];
/** What belongs together is asked on one screen. */
const SCREENS: readonly (readonly Part[])[] = [
  ["pain", "sleep", "mornings"],
  ["activities", "change"],
  ["start", "person", "posture", "mobility"],
];
/** What somebody sees who comes without being asked. */
const ALWAYS: readonly Part[] = ["pain", "sleep", "mornings", "activities", "change", "start", "person"];

interface NumberFieldProps {
  readonly legend: string;
  readonly unit: string;
  readonly hint?: string;
  readonly value: string;
  readonly isWrong: boolean;
  readonly onChange: (value: string) => void;
}

function NumberField({ legend, unit, hint, value, isWrong, onChange }: NumberFieldProps) {
  return (
    <label class="field counted">
      <span>{legend}</span>
      <span class="row">
        <input
          inputMode="decimal"
          autocomplete="off"
          maxLength={5}
          placeholder={hint}
          value={value}
          aria-invalid={isWrong}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
        {unit}
      </span>
      {isWrong ? (
        <span class="complaint" role="alert">
          {t("look-back.wrong-number")}
        </span>
      ) : null}
    </label>
  );
}

type NumberName = "age_years" | "onset_age_years" | "wall_gap_cm" | "height_loss_cm";
const LARGEST: Readonly<Record<NumberName, number>> = {
  age_years: 120,
  onset_age_years: 120,
  wall_gap_cm: 60,
  height_loss_cm: 60,
};

/** The number as typed: null where nothing is, NaN where it cannot be one. */
function readNumber(name: NumberName, typed: string | undefined): number | null {
  if (!typed?.trim()) return null;
  const n = Number(typed.replace(",", "."));
  const isWhole = name.endsWith("_years");
  return n >= 0 && n <= LARGEST[name] && (!isWhole || Number.isInteger(n)) ? n : Number.NaN;
}

function Questions({ review, onSaved }: { review: Review; onSaved: () => void }) {
  const [told, setTold] = useState<Told>({});
  const [numbers, setNumbers] = useState<Partial<Record<NumberName, string>>>({});
  const [beginning, setBeginning] = useState<Beginning>({ ...NO_BEGINNING, brings_on: review.usual.brings_on });
  const [own, setOwn] = useState<readonly Own[]>(review.activities.length > 0 ? review.activities : [newActivity()]);
  const [scores, setScores] = useState<Record<string, number>>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const [complaint, setComplaint] = useState<string | null>(null);
  const [step, setStep] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  const isDue = review.due.length > 0;
  const asked: readonly Part[] = isDue
    ? review.due
    : ALWAYS.filter((part) => part !== "person" || review.usual.age_years === null);
  const parts = review.parts.filter(({ id }) => asked.includes(id));
  const screens = SCREENS.map((ids) => parts.filter(({ id }) => ids.includes(id))).filter((some) => some.length > 0);
  const shown = screens[step] ?? [];
  const isLast = step >= screens.length - 1;
  const turnTo = (next: number) => {
    setStep(next);
    setComplaint(null);
    window.scrollTo(0, 0);
    heading.current?.setAttribute("tabindex", "-1");
    heading.current?.focus({ preventScroll: true });
  };
  const put = <K extends keyof Told>(name: K, value: Told[K]) => setTold({ ...told, [name]: value });
  const number = (name: NumberName, legend: string, unit: string, hint?: string) => (
    <NumberField
      legend={t(legend)}
      unit={t(unit)}
      {...(hint ? { hint: t(hint) } : {})}
      value={numbers[name] ?? ""}
      isWrong={Number.isNaN(readNumber(name, numbers[name]) ?? 0)}
      onChange={(value) => setNumbers({ ...numbers, [name]: value })}
    />
  );
  const score = (
    name: "pain_worst" | "pain_average" | "sleep_disturbance",
    legend: string,
    low?: string,
    high?: string,
  ) => (
    <Scale
      legend={t(legend)}
      value={told[name] ?? null}
      onChange={(value) => put(name, value)}
      {...(low && high ? { lowKey: low, highKey: high } : {})}
    />
  );
  const days = (name: "pain_days" | "nights_woken" | "stiff_mornings", legend: string) => (
    <Scale
      legend={t(legend)}
      scores={DAYS}
      lowKey="look-back.days.low"
      highKey="look-back.days.high"
      value={told[name] ?? null}
      onChange={(value) => put(name, value)}
    />
  );

  const send = async (event: Event) => {
    event.preventDefault();
    if (!isLast) return turnTo(step + 1);
    const answers: Told = { ...told };
    for (const name of Object.keys(LARGEST) as NumberName[]) {
      const n = readNumber(name, numbers[name]);
      if (Number.isNaN(n)) return setComplaint("look-back.wrong-number");
      if (n !== null) answers[name] = n;
    }
    const since_weeks = toWeeks(beginning);
    if (since_weeks !== null) answers.since_weeks = since_weeks;
    if (beginning.brings_on.join() !== review.usual.brings_on.join()) {
      answers.brings_on = beginning.brings_on;
      answers.since_weeks ??= review.usual.since_weeks;
    }
    const named = own.filter(({ text }) => text.trim());
    const scored = Object.fromEntries(Object.entries(scores).filter(([id]) => named.some((one) => one.id === id)));
    if (Object.keys(scored).length > 0) answers.activities = scored;
    if (Object.keys(answers).length === 0) return setComplaint("look-back.nothing");
    setComplaint(null);
    if (asked.includes("activities")) {
      const kept = await ask<Activities>("PUT", "/api/activities", { activities: named });
      if (!kept.ok) return setProblem(kept.problem);
    }
    const answer = await ask<Today>("POST", "/api/reviews", {
      ...answers,
      utc_offset_min: -new Date().getTimezoneOffset(),
    });
    if (answer.ok) onSaved();
    else setProblem(answer.problem);
  };

  const bodies: Readonly<Record<Part, () => ComponentChildren>> = {
    pain: () => (
      <>
        {score("pain_average", "look-back.pain.average")}
        {score("pain_worst", "look-back.pain.worst")}
        {days("pain_days", "look-back.pain.days")}
      </>
    ),
    sleep: () => (
      <>
        {days("nights_woken", "look-back.sleep.nights")}
        {score("sleep_disturbance", "look-back.sleep.disturbed", "look-back.sleep.low", "look-back.sleep.high")}
      </>
    ),
    mornings: () => (
      <>
        {days("stiff_mornings", "look-back.mornings.stiff")}
        <Choice
          legend={t("look-back.mornings.constant")}
          value={told.is_constant === undefined || told.is_constant === null ? null : told.is_constant ? "yes" : "no"}
          onChange={(value) => put("is_constant", value === "yes")}
          options={(["no", "yes"] as const).map((one) => [one, t(`look-back.mornings.constant.${one}`)] as const)}
        />
      </>
    ),
    activities: () => <OwnActivities own={own} scores={scores} onOwn={setOwn} onScores={setScores} />,
    change: () => (
      <Scale
        legend={t("look-back.change.question")}
        scores={CHANGE}
        lowKey="look-back.change.low"
        highKey="look-back.change.high"
        value={told.global_change ?? null}
        onChange={(value) => put("global_change", value)}
      />
    ),
    start: () => <Since value={beginning} onChange={setBeginning} />,
    person: () => (
      <>
        {number("age_years", "look-back.person.age", "look-back.years")}
        {number("onset_age_years", "look-back.person.onset", "look-back.years")}
      </>
    ),
    posture: () => (
      <>
        <p class="quiet">{t("look-back.posture.text")}</p>
        {number("wall_gap_cm", "look-back.posture.wall", "look-back.centimetres", "look-back.posture.wall.hint")}
        {number("height_loss_cm", "look-back.posture.height", "look-back.centimetres", "look-back.posture.height.hint")}
      </>
    ),
    mobility: () => (
      <>
        <p>{t("look-back.mobility.text")}</p>
        <p>
          <a href={checkHref}>{t("look-back.mobility.go")}</a>
        </p>
      </>
    ),
  };

  return (
    <form class="look-back" onSubmit={send} noValidate>
      <div class="stack tight">
        {screens.length > 1 ? (
          <p class="quiet small">{t("look-back.step", { at: step + 1, n: screens.length })}</p>
        ) : null}
        <h1 ref={heading}>{t("look-back.title")}</h1>
        <p class="quiet">{t(isDue ? "look-back.text" : "look-back.none-due")}</p>
      </div>
      {shown.map(({ id }) => (
        <section key={id} class="ruled stack wide" data-part={id}>
          <h2>{t(`look-back.${id}.title`)}</h2>
          {bodies[id]()}
        </section>
      ))}
      <Why ids={[...new Set(shown.flatMap(({ rule_ids }) => rule_ids))]} />
      {problem ? <ProblemCard problem={problem} /> : null}
      {complaint ? (
        <p class="complaint" role="alert">
          {t(complaint)}
        </p>
      ) : null}
      <div class="row actions">
        <button type="submit" class="button main">
          {t(isLast ? "look-back.save" : "look-back.go-on")}
        </button>
        {step > 0 ? (
          <button type="button" class="button" onClick={() => turnTo(step - 1)}>
            {t("look-back.back")}
          </button>
        ) : null}
      </div>
    </form>
  );
}

export function LookBackPage(_: { id: string }) {
  const { resource, reload } = useResource<Review>("/api/reviews");
  const [isSaved, setSaved] = useState(false);
  return (
    <Loaded resource={resource} onRetry={reload} title={t("look-back.title")}>
      {(review) => (
        <div class="page narrow">
          {isSaved ? (
            <section class="stack">
              <h1 tabIndex={-1} ref={(it) => it?.focus()}>
                {t("look-back.done.title")}
              </h1>
              <p>{t("look-back.done.text")}</p>
              <p class="row">
                <a class="button main" href="/">
                  {t("look-back.done.today")}
                </a>
                <a class="button plain" href="/progress">
                  {t("look-back.done.progress")}
                </a>
              </p>
            </section>
          ) : (
            <Questions
              review={review}
              onSaved={() => {
                setSaved(true);
                window.scrollTo(0, 0);
              }}
            />
          )}
        </div>
      )}
    </Loaded>
  );
}
