/** What to do now, why, and what else there is. */
import { useState } from "preact/hooks";
import type { DayPlan, Dose, Note, TechniqueToday } from "../api/types";
import { MovingPicture } from "../design/MovingPicture";
import { Why } from "../design/Why";
import { say, t, tn } from "../text/catalogue";
import { doneName, sessionHref } from "./names";

export function describeDose(dose: Dose | null): string {
  if (!dose) return "";
  if (dose.hold_s !== null) return tn("ui.dose.hold", dose.sets, { hold_s: dose.hold_s });
  if (dose.repetitions !== null) return tn("ui.dose.repetitions", dose.sets, { repetitions: dose.repetitions });
  if (dose.roll_s !== null) return tn("ui.dose.roll", dose.sets, { roll_s: dose.roll_s });
  return "";
}

function idsOf(notes: readonly Note[]): readonly string[] {
  return notes.map(({ rule_id }) => rule_id);
}

function Other({ technique }: { technique: TechniqueToday }) {
  const { id, permission, dose, variant } = technique;
  const isBlocked = permission.effect === "block" || !technique.available;
  const name = doneName(id, variant);
  return (
    <li class="other">
      <MovingPicture id={variant ?? id} />
      <div>
        <h3>{name}</h3>
        <p class="quiet small">{isBlocked ? t("ui.today.not-today") : describeDose(dose)}</p>
        {isBlocked
          ? technique.reasons.slice(0, 2).map((reason) => (
              <p class="small" key={reason.rule_id + reason.key}>
                {say(reason)}
              </p>
            ))
          : null}
        {isBlocked ? <Why ids={idsOf(technique.reasons.slice(0, 2))} /> : null}
      </div>
      {isBlocked ? (
        <div class="row">
          <a class="button" href={`/techniques/${id}`} aria-label={t("ui.today.look-at", { name })}>
            {t("ui.today.look")}
          </a>
        </div>
      ) : (
        <div class="row">
          <a
            class="button"
            href={sessionHref({ exercise: id, variant, mode: "camera" })}
            aria-label={t("ui.today.start-this", { name })}
          >
            {t("ui.today.start")}
          </a>
        </div>
      )}
    </li>
  );
}

export function Suggestion({ plan }: { plan: DayPlan }) {
  const [isChoosing, setChoosing] = useState(false);
  const { recommendation, techniques, nudges, reasons: why } = plan;
  const others = techniques.filter(({ id }) => id !== recommendation?.exercise_id);
  if (!recommendation) {
    return (
      <section class="stack">
        <div class="note stack tight">
          <h2>{t(plan.breathing_only ? "ui.today.rest.breathe" : "ui.today.rest.title")}</h2>
          {[...why, ...nudges].map((note) => (
            <p key={note.rule_id + note.key}>{say(note)}</p>
          ))}
          <Why ids={idsOf([...why, ...nudges])} />
          {plan.breathing_only ? <p>{t("ui.today.rest.how")}</p> : null}
        </div>
        {techniques.length > 0 ? (
          <details class="more">
            <summary>{t("ui.today.all")}</summary>
            <ul class="others">
              {techniques.map((technique) => (
                <Other key={technique.id} technique={technique} />
              ))}
            </ul>
          </details>
        ) : null}
      </section>
    );
  }
  const { exercise_id: exercise, variant, minutes, reasons } = recommendation;
  const planned = techniques.find(({ id }) => id === exercise);
  const notes = planned?.permission.notes ?? [];
  // Where the whole is as short as the short version there is nothing to choose.
  const isShorter = !planned || planned.short_minutes < planned.minutes;
  return (
    <>
      <section class="card suggestion">
        <div>
          <p class="quiet">{tn("ui.today.suggested", Math.ceil(minutes))}</p>
          <h2 class="title">{doneName(exercise, variant)}</h2>
          <p class="quiet">{describeDose(planned?.dose ?? null)}</p>
          <ul class="reasons">
            {reasons.map((reason) => (
              <li key={reason.key}>{say(reason)}</li>
            ))}
          </ul>
          <Why ids={idsOf(reasons)} />
          <div class="row actions">
            <a class="button main" href={sessionHref({ exercise, variant, mode: "camera" })}>
              {t("ui.today.start")}
            </a>
            {isShorter ? (
              <a class="button" href={sessionHref({ exercise, variant, mode: "camera", isShort: true })}>
                {t("ui.today.short")}
              </a>
            ) : null}
            <button
              type="button"
              class="button plain"
              aria-expanded={isChoosing}
              onClick={() => setChoosing(!isChoosing)}
            >
              {t("ui.today.choose")}
            </button>
          </div>
        </div>
        <MovingPicture id={variant ?? exercise} />
      </section>
      {isChoosing ? (
        <section class="stack">
          <h2>{t("ui.today.others")}</h2>
          <ul class="others">
            {others.map((technique) => (
              <Other key={technique.id} technique={technique} />
            ))}
          </ul>
        </section>
      ) : null}
      {notes.length + nudges.length > 0 ? (
        <section class="note stack tight">
          <h2>{t("ui.today.notes")}</h2>
          {[...notes, ...nudges].map((note) => (
            <p key={note.rule_id + note.key}>{say(note)}</p>
          ))}
          <Why ids={idsOf([...notes, ...nudges])} />
        </section>
      ) : null}
    </>
  );
}
