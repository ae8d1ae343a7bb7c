/** The day after: when was it as usual again? Asked once, first, and easily passed over. */
import { useState } from "preact/hooks";
import { ask } from "../api/client";
import type { AfterAnswers, Problem, SessionDetails, Today } from "../api/types";
import { Why } from "../design/Why";
import { t } from "../text/catalogue";
import { ProblemCard } from "./Loaded";
import { doneName, formatMoment } from "./names";

type Settled = NonNullable<AfterAnswers["settled"]>;
const ANSWERS: readonly Settled[] = ["by-morning", "by-24h", "later"];

interface FollowUpProps {
  readonly last: NonNullable<Today["follow_up"]>;
  /** Told, or passed over. */
  readonly onDone: () => void;
}

export function FollowUp({ last, onDone }: FollowUpProps) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const tell = async (settled: Settled) => {
    const path = `/api/sessions/${encodeURIComponent(last.session_id)}/after`;
    const answer = await ask<SessionDetails>("POST", path, { settled });
    if (answer.ok) onDone();
    else setProblem(answer.problem);
  };
  const title = { name: doneName(last.exercise_id, last.variant), at: formatMoment(last.ended_at) };
  return (
    <section class="note stack follow-up" aria-labelledby="follow-up-title">
      <div>
        <p class="quiet small">{t("follow.title", title)}</p>
        <h2 id="follow-up-title">{t("follow.question")}</h2>
      </div>
      <div class="row actions">
        {ANSWERS.map((settled) => (
          <button type="button" key={settled} class="button" onClick={() => void tell(settled)}>
            {t(`ui.settled.${settled}`)}
          </button>
        ))}
        <button type="button" class="button plain" onClick={() => onDone()}>
          {t("follow.skip")}
        </button>
      </div>
      <Why ids={["P05", "L02"]} />
      {problem ? <ProblemCard problem={problem} /> : null}
    </section>
  );
}
