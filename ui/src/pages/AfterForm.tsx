/** "And now?": each answer is kept as it is given; nothing has to be sent. */
import { useState } from "preact/hooks";
import { ask } from "../api/client";
import type { AfterAnswers, Problem, SessionDetails } from "../api/types";
import { Choice, Scale } from "../design/choices";
import { t } from "../text/catalogue";
import { ProblemCard } from "./Loaded";

/** So long after a session it makes sense to ask how it lasted. */
const SETTLED_AFTER_MS = 8 * 3_600_000;

type Settled = NonNullable<AfterAnswers["settled"]>;

interface AfterFormProps {
  readonly details: SessionDetails;
  readonly onSaved: (details: SessionDetails) => void;
}

export function AfterForm({ details, onSaved }: AfterFormProps) {
  const { session } = details;
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSaved, setSaved] = useState(false);
  const [settled, setSettled] = useState<Settled | null>(null);
  const isLater = Date.now() - Date.parse(session.started_at) > SETTLED_AFTER_MS;

  const save = async (answers: AfterAnswers) => {
    const answer = await ask<SessionDetails>("POST", `/api/sessions/${encodeURIComponent(session.id)}/after`, answers);
    setProblem(answer.ok ? null : answer.problem);
    setSaved(answer.ok);
    if (answer.ok) onSaved(answer.value);
  };

  return (
    <section class="stack wide" aria-labelledby="after-title">
      <div class="stack tight">
        <h2 id="after-title">{t("ui.after.title")}</h2>
        <Scale
          legend={t("ui.after.pain")}
          isLegendUnseen
          value={session.pain_after}
          onChange={(pain_after) => void save({ pain_after })}
        />
      </div>
      {session.pain_after === null ? null : (
        <div class="pair">
          <Choice
            legend={t("ui.after.stiff")}
            value={session.stiffness_after}
            onChange={(stiffness_after) => void save({ stiffness_after })}
            options={[
              ["no", t("ui.stiff.no")],
              ["bit", t("ui.stiff.bit")],
              ["very", t("ui.stiff.very")],
            ]}
          />
          <Choice
            legend={t("ui.after.relief")}
            value={session.relief}
            onChange={(relief) => void save({ relief })}
            options={[
              ["lot", t("ui.relief.lot")],
              ["bit", t("ui.relief.bit")],
              ["same", t("ui.relief.same")],
              ["worse", t("ui.relief.worse")],
            ]}
          />
          <Choice
            legend={t("ui.after.felt")}
            value={session.felt}
            onChange={(felt) => void save({ felt })}
            options={[
              ["nothing", t("ui.felt.nothing")],
              ["mild", t("ui.felt.mild")],
              ["strong", t("ui.felt.strong")],
            ]}
          />
          {isLater ? (
            <Choice
              legend={t("ui.after.settled")}
              value={settled}
              onChange={(when) => {
                setSettled(when);
                void save({ settled: when });
              }}
              options={[
                ["by-morning", t("ui.settled.by-morning")],
                ["by-24h", t("ui.settled.by-24h")],
                ["later", t("ui.settled.later")],
              ]}
            />
          ) : null}
        </div>
      )}
      <p class="quiet small saved" role="status">
        {isSaved ? t("ui.after.saved") : ""}
      </p>
      {problem ? <ProblemCard problem={problem} /> : null}
    </section>
  );
}
