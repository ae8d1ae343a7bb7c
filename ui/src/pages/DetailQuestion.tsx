/** What some rows need to know beyond yes and no. */
import type { Details } from "../api/types";
import { Choice, Scale } from "../design/choices";
import { t } from "../text/catalogue";

interface DetailProps {
  readonly detail: string;
  readonly ruleId: string;
  readonly details: Details;
  readonly onChange: (details: Details) => void;
}

type Flag = "constant" | "linked_to_movement";

function isFlag(detail: string): detail is Flag {
  return detail === "constant" || detail === "linked_to_movement";
}

/** Whether the detail was told; `agreed` counts as told when the person said yes or no, kept as the row or its absence. */
export function isDetailGiven(detail: string, _ruleId: string, details: Details): boolean {
  if (detail === "pain_now") return typeof details.pain_now === "number";
  if (isFlag(detail)) return typeof details[detail] === "boolean";
  if (detail === "trimester") return typeof details.trimester === "number";
  if (detail === "disc_region") return typeof details.disc_region === "string";
  // Not told is a no here: the stricter case.
  return true;
}

export function DetailQuestion({ detail, ruleId, details, onChange }: DetailProps) {
  if (detail === "pain_now") {
    return (
      <Scale
        legend={t("screening.detail.pain_now")}
        value={details.pain_now ?? null}
        onChange={(pain_now) => onChange({ ...details, pain_now })}
      />
    );
  }
  if (isFlag(detail)) {
    const value = details[detail];
    return (
      <Choice
        legend={t(`screening.detail.${detail}`)}
        value={value === true ? "yes" : value === false ? "no" : null}
        onChange={(word: "yes" | "no") => onChange({ ...details, [detail]: word === "yes" })}
        options={[
          ["yes", t("ui.yes")],
          ["no", t("ui.no")],
        ]}
      />
    );
  }
  if (detail === "trimester") {
    return (
      <Choice
        legend={t("screening.detail.trimester")}
        value={details.trimester ? String(details.trimester) : null}
        onChange={(trimester) => onChange({ ...details, trimester: Number(trimester) })}
        options={["1", "2", "3"].map((n) => [n, t(`ui.detail.trimester.${n}`)] as const)}
      />
    );
  }
  if (detail === "disc_region") {
    return (
      <Choice
        legend={t("screening.detail.disc_region")}
        value={details.disc_region ?? null}
        onChange={(disc_region) => onChange({ ...details, disc_region })}
        options={(["neck", "mid", "low"] as const).map(
          (region) => [region, t(`screening.detail.disc_region.${region}`)] as const,
        )}
      />
    );
  }
  const agreed = details.agreed ?? [];
  return (
    <Choice
      legend={t("screening.detail.agreed")}
      value={agreed.includes(ruleId) ? "yes" : "no"}
      onChange={(word: "yes" | "no") =>
        onChange({
          ...details,
          agreed:
            word === "yes" ? [...agreed.filter((id) => id !== ruleId), ruleId] : agreed.filter((id) => id !== ruleId),
        })
      }
      options={[
        ["yes", t("ui.yes")],
        ["no", t("ui.detail.agreed.no")],
      ]}
    />
  );
}
