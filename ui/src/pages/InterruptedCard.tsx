/** A session that broke off: go on with it, or close it; what was done is kept either way. */
import { useState } from "preact/hooks";
import { ask } from "../api/client";
import type { Interrupted, Problem } from "../api/types";
import { t } from "../text/catalogue";
import { ProblemCard } from "./Loaded";
import { doneName, formatMoment, sessionHref } from "./names";

export function InterruptedCard({ session, onClosed }: { session: Interrupted; onClosed: () => void }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const close = async () => {
    const answer = await ask("POST", `/api/sessions/${encodeURIComponent(session.id)}/dismiss`);
    if (answer.ok) onClosed();
    else setProblem(answer.problem);
  };
  const { id, exercise_id, variant, mode } = session;
  return (
    <section class="note stack">
      <div>
        <h2>{t("ui.today.interrupted.title", { name: doneName(exercise_id, variant) })}</h2>
        <p>{t("ui.today.interrupted.text", { at: formatMoment(session.started_at) })}</p>
      </div>
      <div class="row">
        <a class="button" href={sessionHref({ exercise: exercise_id, variant, mode, resume: id })}>
          {t("ui.today.interrupted.go-on")}
        </a>
        <button type="button" class="button plain" onClick={close}>
          {t("ui.today.interrupted.close")}
        </button>
      </div>
      {problem ? <ProblemCard problem={problem} /> : null}
    </section>
  );
}
