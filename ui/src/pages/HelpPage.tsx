/** "I need help now": bundled, so that it is there without a server, an account or a network. */
import { HELP } from "virtual:safety-cards";
import { emergencyNumber } from "../app/state";
import { Icon } from "../design/Icon";
import { t } from "../text/catalogue";
import { EmergencyNumber } from "./EmergencyNumber";
import { CallNow } from "./EmergencyScreen";
import { HelpSteps, numberParams } from "./HelpCards";

function Cards({ tier }: { tier: "emergency" | "other" }) {
  const cards = HELP.filter(
    (card) => card.isOnHelpPage && card.id !== "emergency" && (card.tier === "emergency") === (tier === "emergency"),
  );
  return (
    <div class="help-cards">
      {cards.map((card) => (
        <details key={card.id} class="help-card" name="help-card">
          <summary>{t(`help.${card.id}.title`, numberParams())}</summary>
          <HelpSteps card={card} />
        </details>
      ))}
    </div>
  );
}

/** `onClose`: shown as a sheet over another page. */
export function HelpContent({ onClose }: { onClose?: () => void }) {
  const general = HELP.find(({ id }) => id === "emergency");
  return (
    <div class="stack wide">
      <div class="help-top">
        <h1 id="help-title">{t("ui.help.title")}</h1>
        {onClose ? (
          <button type="button" class="button" onClick={onClose}>
            <Icon name="cross" size={20} />
            {t("ui.close")}
          </button>
        ) : null}
      </div>
      <section class="note help stack">
        <CallNow />
        {general ? <HelpSteps card={general} /> : null}
      </section>
      {emergencyNumber.value ? null : <EmergencyNumber />}
      <section class="stack tight">
        <h2>{t("ui.help.now")}</h2>
        <Cards tier="emergency" />
      </section>
      <section class="stack tight">
        <h2>{t("ui.help.soon")}</h2>
        <Cards tier="other" />
      </section>
      <p class="quiet small">{t("ui.help.offline")}</p>
    </div>
  );
}

export function HelpPage(_: { id: string }) {
  return (
    <div class="page narrow">
      <HelpContent />
    </div>
  );
}
