/** The whole window for one thing: call this number. Needs no server. */
import { ROW_CARDS } from "virtual:safety-cards";
import { useEffect, useRef } from "preact/hooks";
import { emergencyNumber } from "../app/state";
import { Icon } from "../design/Icon";
import { Why } from "../design/Why";
import { has, t } from "../text/catalogue";

/** The number, large, as a link that calls where the device can. */
export function CallNow() {
  const number = emergencyNumber.value;
  return (
    <p class="call">
      <span>{t(number ? "ui.emergency.call" : "ui.emergency.call-local")}</span>
      {number ? (
        <a class="big" href={`tel:${number.replace(/\s/g, "")}`}>
          <Icon name="phone" size={44} />
          {number}
        </a>
      ) : (
        <b class="lead">{t("ui.emergency.numbers")}</b>
      )}
    </p>
  );
}

interface EmergencyScreenProps {
  readonly ruleIds: readonly string[];
  readonly onMistake: () => void;
  readonly onGoOn: () => void;
}

export function EmergencyScreen({ ruleIds, onMistake, onGoOn }: EmergencyScreenProps) {
  const screen = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    screen.current?.showModal();
    heading.current?.focus();
  }, []);
  const told = ruleIds.map((id) => `screening.${id}.told`).filter(has);
  const says = [...new Set(ruleIds.map((id) => ROW_CARDS[id]))].map((card) => `help.${card}.say`).filter(has);
  return (
    // Escape does not close it: one of the buttons has to be meant.
    <dialog
      ref={screen}
      class="emergency"
      role="alertdialog"
      aria-labelledby="emergency-title"
      onCancel={(event) => event.preventDefault()}
    >
      <div>
        <h1 id="emergency-title" ref={heading} tabIndex={-1}>
          {t("ui.emergency.title")}
        </h1>
        <CallNow />
        {told.length > 0 ? (
          <div class="note help stack tight">
            {told.map((key) => (
              <p key={key}>{t(key)}</p>
            ))}
          </div>
        ) : null}
        {says.map((key) => (
          <p key={key} class="to-say">
            <b>{t("ui.help.say")}</b> {t(key)}
          </p>
        ))}
        <Why ids={ruleIds} />
        <p>{t("ui.emergency.meanwhile")}</p>
        <div class="row actions">
          <button type="button" class="button" onClick={onMistake}>
            {t("ui.emergency.mistake")}
          </button>
          <button type="button" class="button plain" onClick={onGoOn}>
            {t("ui.emergency.go-on")}
          </button>
        </div>
      </div>
    </dialog>
  );
}
