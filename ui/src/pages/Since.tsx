/** How long it has been there and what brings it on: asked once, then changed on wish. */
import { Choice, Several } from "../design/choices";
import { t, tn } from "../text/catalogue";

const UNITS = ["days", "weeks", "months", "years"] as const;
type Unit = (typeof UNITS)[number];
const WEEKS: Readonly<Record<Unit, number>> = { days: 1 / 7, weeks: 1, months: 30.4375 / 7, years: 365.25 / 7 };
const CAUSES = ["sitting", "screen", "standing", "lifting", "driving", "stress", "sleep", "sport", "unclear"] as const;

export interface Beginning {
  readonly count: string;
  readonly unit: Unit;
  readonly brings_on: readonly string[];
}

export const NO_BEGINNING: Beginning = { count: "", unit: "weeks", brings_on: [] };

/** In weeks; null: not told, or not a number. */
export function toWeeks({ count, unit }: Beginning): number | null {
  const n = Number(count.replace(",", "."));
  return count.trim() === "" || !Number.isFinite(n) || n < 0 ? null : n * WEEKS[unit];
}

/** "about 6 weeks": the largest unit of which there are at least two. */
export function describeWeeks(weeks: number): string {
  const unit = [...UNITS].reverse().find((one) => weeks / WEEKS[one] >= 1.95) ?? "days";
  return tn(`check-in.since.${unit}`, Math.max(1, Math.round(weeks / WEEKS[unit])));
}

interface SinceProps {
  readonly value: Beginning;
  readonly onChange: (value: Beginning) => void;
}

export function Since({ value, onChange }: SinceProps) {
  return (
    <div class="stack wide">
      <div class="since">
        <label class="field">
          <span>{t("check-in.since.question")}</span>
          <input
            inputMode="decimal"
            autocomplete="off"
            maxLength={5}
            placeholder={t("check-in.since.number")}
            value={value.count}
            onInput={(event) => onChange({ ...value, count: event.currentTarget.value })}
          />
        </label>
        <Choice
          legend={t("check-in.since.unit")}
          isLegendUnseen
          value={value.unit}
          onChange={(unit) => onChange({ ...value, unit })}
          options={UNITS.map((unit) => [unit, t(`check-in.since.${unit}`)] as const)}
        />
      </div>
      <Several
        legend={t("check-in.causes.question")}
        values={value.brings_on}
        onChange={(brings_on) => onChange({ ...value, brings_on })}
        options={CAUSES.map((cause) => [cause, t(`check-in.causes.${cause}`)] as const)}
      />
    </div>
  );
}
