/** "Something felt wrong": the stop signs, each with what to do; told to the diary when it answers. */
import { HELP, STOPS } from "virtual:safety-cards";
import { useState } from "preact/hooks";
import { ask } from "../api/client";
import type { SessionDetails } from "../api/types";
import { Icon } from "../design/Icon";
import { Sheet } from "../design/Sheet";
import { t } from "../text/catalogue";
import { HelpCardNote } from "./HelpCards";

interface WrongSheetProps {
  readonly sessionId: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onTold: (details: SessionDetails) => void;
}

export function WrongSheet({ sessionId, isOpen, onClose, onTold }: WrongSheetProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const tell = async (symptom: string) => {
    // The advice comes first and needs nobody; the diary hears of it when it can.
    setChosen(symptom);
    const answer = await ask<SessionDetails>("POST", `/api/sessions/${encodeURIComponent(sessionId)}/after`, {
      symptom,
    });
    if (answer.ok) onTold(answer.value);
  };
  const card = STOPS.find(({ id }) => id === chosen)?.card;
  return (
    <Sheet isOpen={isOpen} onClose={onClose} labelledBy="wrong-title">
      <div class="stack">
        <div class="help-top">
          <h2 id="wrong-title">{t("ui.wrong.title")}</h2>
          <button type="button" class="button" onClick={onClose}>
            <Icon name="cross" size={20} />
            {t("ui.close")}
          </button>
        </div>
        {card && HELP.some(({ id }) => id === card) ? (
          <HelpCardNote id={card} />
        ) : (
          <div class="stack tight">
            {STOPS.map(({ id }) => (
              <button type="button" key={id} class="button" onClick={() => void tell(id)}>
                {t(`safety.symptom.${id}`)}
              </button>
            ))}
          </div>
        )}
      </div>
    </Sheet>
  );
}
