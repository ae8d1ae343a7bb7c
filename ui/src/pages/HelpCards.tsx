/** Help cards: what it can be, what to do, what to say. All from the bundle, so that they need no server. */
import { HELP, type HelpCardRule } from "virtual:safety-cards";
import { emergencyNumber, settings } from "../app/state";
import { Why } from "../design/Why";
import { type Params, t } from "../text/catalogue";
import { CallNow } from "./EmergencyScreen";
import "./help.css";

/** The emergency number as a word in a sentence, also while it is not set. */
export function numberParams(): Params {
  const number = emergencyNumber.value || t("ui.emergency.number-word");
  return { emergency_number: number, crisis_line: settings.value.crisis_line || t("telling.crisis-line.word") };
}

interface HelpStepsProps {
  readonly card: HelpCardRule;
  readonly params?: Params | undefined;
  /** The rules that called for it; otherwise all that may. */
  readonly ruleIds?: readonly string[] | undefined;
}

export function HelpSteps({ card, params, ruleIds }: HelpStepsProps) {
  const all = { ...numberParams(), ...params };
  const steps = Array.from({ length: card.nSteps }, (_, i) => `help.${card.id}.do.${i + 1}`);
  return (
    <div class="stack tight">
      <p>{t(`help.${card.id}.why`, all)}</p>
      <ol class="list">
        {steps.map((key) => (
          <li key={key}>{t(key, all)}</li>
        ))}
      </ol>
      {card.hasSay ? (
        <p class="to-say">
          <b>{t("ui.help.say")}</b> {t(`help.${card.id}.say`, all)}
        </p>
      ) : null}
      <Why ids={ruleIds ?? card.rows} />
    </div>
  );
}

/** Several cards at once: the number once, then what each of them is about. */
export function EmergencyNote({ ids }: { ids: readonly string[] }) {
  const cards = HELP.filter(({ id }) => ids.includes(id));
  const [only] = cards;
  if (!only) return null;
  if (cards.length === 1) return <HelpCardNote id={only.id} />;
  return (
    <section class="note help stack" role="alert">
      <h2>{t("ui.emergency.title")}</h2>
      <CallNow />
      <div class="help-cards">
        {cards.map((card) => (
          <details key={card.id} class="help-card">
            <summary>{t(`help.${card.id}.title`, numberParams())}</summary>
            <HelpSteps card={card} />
          </details>
        ))}
      </div>
    </section>
  );
}

/** One card inside a page, called for by a rule. */
export function HelpCardNote({
  id,
  params,
  ruleIds,
}: {
  id: string;
  params?: Params;
  ruleIds?: readonly string[] | undefined;
}) {
  const card = HELP.find((one) => one.id === id);
  if (!card) return null;
  return (
    <section
      class={card.tier === "emergency" ? "note help stack" : card.tier === "urgent" ? "note warm stack" : "note stack"}
      role="alert"
    >
      <h2>{t(`help.${card.id}.title`, numberParams())}</h2>
      {card.tier === "emergency" ? <CallNow /> : null}
      <HelpSteps card={card} params={params} ruleIds={ruleIds} />
    </section>
  );
}
