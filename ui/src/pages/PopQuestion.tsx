/** Pops, told and noted without any weight. */
import { useState } from "preact/hooks";
import { ask } from "../api/client";
import type { PopAnswer, Problem, SessionRow } from "../api/types";
import { Why } from "../design/Why";
import { t, tn } from "../text/catalogue";
import { HelpCardNote } from "./HelpCards";
import { ProblemCard } from "./Loaded";

export function PopQuestion({ session, nPops }: { session: SessionRow; nPops: number }) {
  const [told, setTold] = useState<PopAnswer | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const n = nPops + (told ? 1 : 0);

  const tell = async (deliberate: boolean) => {
    const answer = await ask<PopAnswer>("POST", "/api/pops", {
      deliberate,
      session_id: session.id,
      utc_offset_min: -new Date().getTimezoneOffset(),
    });
    if (answer.ok) {
      setTold(answer.value);
      setAsking(false);
    } else setProblem(answer.problem);
  };

  return (
    <section class="note stack tight" aria-live="polite">
      {n > 0 ? (
        <p>
          <b>{tn("ui.pop.noted", n)}</b> {t("ui.pop.neutral")}
        </p>
      ) : (
        <div class="row">
          <p>{t("ui.pop.question")}</p>
          {isAsking ? null : (
            <button type="button" class="button plain" onClick={() => setAsking(true)}>
              {t("ui.pop.tell")}
            </button>
          )}
        </div>
      )}
      {n > 0 ? <Why ids={["K15", "K10", "Z03"]} /> : null}
      {isAsking ? (
        <div class="row">
          <button type="button" class="button" onClick={() => void tell(false)}>
            {t("ui.pop.happened")}
          </button>
          <button type="button" class="button" onClick={() => void tell(true)}>
            {t("ui.pop.deliberate")}
          </button>
        </div>
      ) : null}
      {told?.cards.map((card) => (
        <HelpCardNote key={card.id} id={card.id} params={card.params} ruleIds={card.rule_ids} />
      ))}
      {problem ? <ProblemCard problem={problem} /> : null}
    </section>
  );
}
