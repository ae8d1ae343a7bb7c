/** A session can be taken out of the diary; asked twice, because it does not come back. */
import { useState } from "preact/hooks";
import { ask } from "../api/client";
import type { Problem } from "../api/types";
import { navigate } from "../app/router";
import { t } from "../text/catalogue";
import { ProblemCard } from "./Loaded";

export function DeleteSession({ id }: { id: string }) {
  const [isSure, setSure] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const remove = async () => {
    const answer = await ask("DELETE", `/api/sessions/${encodeURIComponent(id)}`);
    if (answer.ok) navigate("/progress", { replace: true });
    else setProblem(answer.problem);
  };
  return (
    <details class="more">
      <summary>{t("ui.delete.title")}</summary>
      <div class="stack tight">
        <p class="quiet">{t("ui.delete.text")}</p>
        <p>
          {isSure ? (
            <button type="button" class="button help" onClick={() => void remove()}>
              {t("ui.delete.sure")}
            </button>
          ) : (
            <button type="button" class="button" onClick={() => setSure(true)}>
              {t("ui.delete.ask")}
            </button>
          )}
        </p>
        {problem ? <ProblemCard problem={problem} /> : null}
      </div>
    </details>
  );
}
