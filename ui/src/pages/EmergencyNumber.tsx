/** Which number to call in an emergency: suggestions by country, but the person's own word counts. */
import { useState } from "preact/hooks";
import { changeSettings, settings } from "../app/state";
import { Choice } from "../design/choices";
import { t } from "../text/catalogue";

const SUGGESTED = ["112", "999", "911", "000"] as const;

interface EmergencyNumberProps {
  readonly legend?: string;
  readonly isLegendUnseen?: boolean;
}

export function EmergencyNumber({ legend, isLegendUnseen }: EmergencyNumberProps) {
  const saved = settings.value.emergency_number;
  const [typed, setTyped] = useState(SUGGESTED.some((number) => number === saved) ? "" : saved);
  const keep = (number: string) => {
    const clean = number.replace(/[^0-9+*# ]/g, "").trim();
    if (clean.length >= 2 && clean.length <= 20) void changeSettings({ emergency_number: clean });
  };
  return (
    <>
      <Choice
        legend={legend ?? t("ui.number.legend")}
        isLegendUnseen={isLegendUnseen ?? false}
        isWide
        value={typed ? null : saved}
        onChange={(number: string) => {
          setTyped("");
          keep(number);
        }}
        options={SUGGESTED.map((number) => [number, `${number} ${t(`ui.number.${number}`)}`] as const)}
      />
      <label class="row">
        <span>{t("ui.number.other")}</span>
        <input
          class="number"
          type="tel"
          inputMode="tel"
          autocomplete="off"
          maxLength={20}
          value={typed}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            keep(event.currentTarget.value);
          }}
        />
      </label>
    </>
  );
}
