/** What the answers mean: for each technique, why, and the way on. Never "you are fine". */
import { HELP } from "virtual:safety-cards";
import { useState } from "preact/hooks";
import { ask } from "../api/client";
import type { Assessment, Note, Problem, Screening } from "../api/types";
import { Choice } from "../design/choices";
import { Why } from "../design/Why";
import { say, t } from "../text/catalogue";
import { CallNow } from "./EmergencyScreen";
import { EmergencyNote, HelpSteps } from "./HelpCards";
import { ProblemCard } from "./Loaded";
import { LockedCard, reasonsOf } from "./LockedCard";
import { formatDay, techniqueName } from "./names";

function Techniques({ assessment, expires_at }: { assessment: Assessment; expires_at: string | null }) {
  // Where all is open there is nothing to read; it is there for who wants to look.
  const isAllOpen = assessment.tier === "clear";
  return (
    <details class="more" open={!isAllOpen}>
      <summary>{t("ui.check.result.techniques")}</summary>
      <ul class="result">
        {Object.entries(assessment.permissions).map(([id, permission]) => {
          const notes: readonly Note[] = permission.effect === "block" ? permission.reasons : permission.notes;
          return (
            <li key={id}>
              <h3>{techniqueName(id)}</h3>
              <span class={`badge ${permission.effect}`}>{t(`ui.permission.${permission.effect}`)}</span>
              {notes.map((note) => (
                <p key={note.rule_id + note.key} class="small quiet">
                  {say(note)}
                </p>
              ))}
              <Why ids={notes.map(({ rule_id }) => rule_id)} />
            </li>
          );
        })}
      </ul>
      {expires_at ? (
        <p class="quiet">{t("ui.check.result.again-on", { day: formatDay(expires_at, { isLong: true }) })}</p>
      ) : null}
    </details>
  );
}

function localToday(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

function ClearanceForm({ ruleIds, onSaved }: { ruleIds: readonly string[]; onSaved: (screening: Screening) => void }) {
  const [seenOn, setSeenOn] = useState("");
  const [isCleared, setCleared] = useState<"yes" | "no" | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const today = localToday();
  const isReady = isCleared !== null && seenOn !== "" && seenOn <= today;
  const save = async (event: Event) => {
    event.preventDefault();
    if (!isReady) return;
    const answer = await ask<Screening>("POST", "/api/screening/clearance", {
      assessed_on: seenOn,
      gentle_ok: isCleared === "yes",
      rule_ids: ruleIds,
    });
    if (answer.ok) onSaved(answer.value);
    else setProblem(answer.problem);
  };
  return (
    <form class="card stack" onSubmit={save}>
      <div class="stack tight">
        <h2>{t("screening.clearance.title")}</h2>
        <p class="quiet">{t("screening.clearance.intro")}</p>
      </div>
      <label class="field">
        <span>{t("screening.clearance.assessed-on")}</span>
        <input
          type="date"
          required
          max={today}
          value={seenOn}
          onInput={(event) => setSeenOn(event.currentTarget.value)}
        />
      </label>
      <Choice
        legend={t("screening.clearance.gentle-ok")}
        value={isCleared}
        onChange={setCleared}
        options={[
          ["yes", t("ui.yes")],
          ["no", t("ui.clearance.no")],
        ]}
      />
      {problem ? <ProblemCard problem={problem} /> : null}
      <p>
        <button type="submit" class="button" disabled={!isReady}>
          {t("ui.clearance.save")}
        </button>
      </p>
    </form>
  );
}

interface CheckResultProps {
  readonly screening: Screening;
  readonly onAgain: () => void;
  readonly onChanged: (screening: Screening) => void;
}

export function CheckResult({ screening, onAgain, onChanged }: CheckResultProps) {
  const assessment = screening.assessment;
  if (!assessment) return null;
  const isLocked = screening.state === "locked";
  const locking = assessment.findings.filter(({ rule_id }) => assessment.lock_ids.includes(rule_id));
  const wanted = new Set(locking.filter(({ tier }) => tier === "emergency").map(({ card }) => card));
  const cards = HELP.filter(({ id }) => wanted.has(id));
  const atOnce = HELP.filter(({ tier }) => tier === "emergency")
    .map(({ id }) => id)
    .filter((id) => locking.some(({ card, within_h }) => within_h === 0 && card === id));
  const isEmergency = isLocked && assessment.tier === "emergency";
  return (
    <div class="stack wide">
      {isEmergency ? (
        <section class="note help stack">
          <h1>{t("ui.emergency.title")}</h1>
          <CallNow />
          {locking
            .filter(({ tier }) => tier === "emergency")
            .map((finding) => (
              <p key={finding.rule_id}>{say(finding)}</p>
            ))}
          {cards.map((card) => (
            <HelpSteps
              key={card.id}
              card={card}
              ruleIds={locking.filter((finding) => finding.card === card.id).map(({ rule_id }) => rule_id)}
            />
          ))}
        </section>
      ) : isLocked ? (
        <>
          {/* "Not sure" of what cannot wait: whom to call stands here as on Today. */}
          <EmergencyNote ids={atOnce} />
          <LockedCard reasons={reasonsOf(assessment)} isScreening isPartOfCheck />
        </>
      ) : (
        <header class="stack tight">
          <h1>{t(`ui.check.result.${assessment.tier === "clear" ? "clear" : "caution"}.title`)}</h1>
          <p>{t(`ui.check.result.${assessment.tier === "clear" ? "clear" : "caution"}.text`)}</p>
        </header>
      )}
      {isLocked ? null : <Techniques assessment={assessment} expires_at={screening.expires_at} />}
      {assessment.lock_ids.length > 0 && assessment.can_clear ? (
        <ClearanceForm ruleIds={assessment.lock_ids} onSaved={onChanged} />
      ) : null}
      {isLocked && !assessment.can_clear ? <p class="quiet">{t("screening.clearance.not-possible")}</p> : null}
      <div class="row actions">
        {isLocked ? null : (
          <a class="button main" href="/">
            {t("ui.check.result.go")}
          </a>
        )}
        <button type="button" class="button" onClick={onAgain}>
          {t("ui.check.result.change")}
        </button>
      </div>
    </div>
  );
}
