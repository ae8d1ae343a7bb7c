/** After a session that hurt: what it means, when this one opens again, and two questions to be safe. A yes stops everything and shows what to do. */
import { useState } from "preact/hooks";
import { ask } from "../api/client";
import type { Problem, SessionDetails } from "../api/types";
import { Why } from "../design/Why";
import { say, t } from "../text/catalogue";
import { ProblemCard } from "./Loaded";
import { formatMoment } from "./names";

interface WhatNextProps {
  readonly sessionId: string;
  readonly next: NonNullable<SessionDetails["next"]>;
  readonly onTold: (details: SessionDetails) => void;
}

export function WhatNext({ sessionId, next, onTold }: WhatNextProps) {
  const [fine, setFine] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const tell = async (symptom: string) => {
    const path = `/api/sessions/${encodeURIComponent(sessionId)}/after`;
    const answer = await ask<SessionDetails>("POST", path, { symptom });
    if (answer.ok) onTold(answer.value);
    else setProblem(answer.problem);
  };
  const open = next.ask.filter(({ id }) => !fine.includes(id));
  return (
    <section class="note stack what-next" aria-labelledby="what-next-title">
      <div class="stack tight">
        <h2 id="what-next-title">{t("next.title")}</h2>
        {next.notes.map((note) => (
          <p key={note.key}>{say(note)}</p>
        ))}
        <Why ids={next.notes.map(({ rule_id }) => rule_id)} />
        {next.until ? <p>{t("next.until", { at: formatMoment(next.until) })}</p> : null}
      </div>
      {next.ask.length > 0 ? (
        <div class="stack tight" aria-live="polite">
          {open.length > 0 ? <h3>{t("next.ask")}</h3> : <p>{t("next.fine")}</p>}
          {open.map(({ id, text_key, symptom }) => (
            <fieldset key={id} class="stack tight">
              <legend>{t(text_key)}</legend>
              <div class="row">
                <button type="button" class="button" onClick={() => void tell(symptom)}>
                  {t("next.yes")}
                </button>
                <button type="button" class="button" onClick={() => setFine([...fine, id])}>
                  {t("next.no")}
                </button>
              </div>
            </fieldset>
          ))}
        </div>
      ) : null}
      {problem ? <ProblemCard problem={problem} /> : null}
    </section>
  );
}
