/** "Not today", with its reason and a way on. Never frightening, never a dead end. */
import { useState } from "preact/hooks";
import type { Assessment, Note } from "../api/types";
import { emergencyNumber } from "../app/state";
import { Why } from "../design/Why";
import { has, say, t } from "../text/catalogue";
import { formatMoment } from "./names";

interface LockedCardProps {
  /** What led to it; findings of the Check also say how soon to ask. */
  readonly reasons: readonly LockReason[];
  /** When it opens again by itself, if it does. */
  readonly until?: string | null;
  /** Locked by the Check (a clinician opens it again), not by how today feels. */
  readonly isScreening?: boolean;
  /** It opens only once the safety questions are answered anew. */
  readonly isCheckNeeded?: boolean;
  /** Shown in the Check itself, which has the form for what the clinician said. */
  readonly isPartOfCheck?: boolean;
}

type LockReason = Note & { readonly when_key?: string | null };

/** What the person ticked, in few words: a row of the Check, a question of the day or a stop sign; empty for other rules. */
function labelOf({ rule_id }: Pick<Note, "rule_id">): string {
  const keys = [`screening.${rule_id}.label`, `check-in.${rule_id}.label`, `safety.symptom.${rule_id}`];
  const key = keys.find(has);
  return key ? t(key) : "";
}

/** What closes everything: findings of the Check, and what was told on the day or after a session. */
export function reasonsOf({ findings, lock_ids }: Assessment): readonly LockReason[] {
  return lock_ids.map(
    (rule_id) =>
      findings.find((finding) => finding.rule_id === rule_id) ?? { rule_id, key: "safety.today.locked", params: {} },
  );
}

/** Where several have the same sentence it stands once, under the last. */
function isSaidOnce(reason: LockReason, all: readonly LockReason[]): boolean {
  return all.findLast((other) => say(other) === say(reason)) === reason || labelOf(reason) === "";
}

export function LockedCard({ reasons, until, isScreening, isCheckNeeded, isPartOfCheck }: LockedCardProps) {
  const [shown, setShown] = useState<"say" | "call" | null>(null);
  const toggle = (what: "say" | "call") => setShown(shown === what ? null : what);
  return (
    <section class="card way-on">
      <div class="stack tight">
        <h1>{t(isScreening ? "ui.locked.title" : "ui.locked.today")}</h1>
        {reasons.length > 0 ? (
          <ul>
            {reasons.map((reason) => (
              <li key={`${reason.rule_id} ${reason.key}`}>
                {labelOf(reason) ? <b class="ticked">{labelOf(reason)}</b> : null}
                {isSaidOnce(reason, reasons) ? say(reason) : null}{" "}
                {reason.when_key ? <b>{t(reason.when_key)}</b> : null}
              </li>
            ))}
          </ul>
        ) : (
          <p>{t("ui.locked.text")}</p>
        )}
        <Why ids={reasons.map(({ rule_id }) => rule_id)} />
      </div>
      {until ? <p>{t("ui.locked.until", { at: formatMoment(until) })}</p> : null}
      {isCheckNeeded && !isScreening ? (
        <p>
          <a class="button" href="/check">
            {t("ui.locked.check")}
          </a>
        </p>
      ) : null}
      {isScreening ? (
        <>
          <p>{t("ui.locked.way-on")}</p>
          <div class="row actions">
            <button type="button" class="button" aria-expanded={shown === "say"} onClick={() => toggle("say")}>
              {t("ui.locked.say.button")}
            </button>
            <button type="button" class="button" aria-expanded={shown === "call"} onClick={() => toggle("call")}>
              {t("ui.locked.call.button")}
            </button>
            {isPartOfCheck ? null : (
              <a class="button" href="/check#cleared">
                {t("ui.locked.cleared")}
              </a>
            )}
          </div>
        </>
      ) : null}
      {shown === "say" ? (
        <div class="note stack tight">
          <p>{t("ui.locked.say.intro")}</p>
          <ul>
            {reasons.map((reason) => (
              <li key={`${reason.rule_id} ${reason.key}`}>{labelOf(reason) || say(reason)}</li>
            ))}
            <li>{t("ui.locked.say.wish")}</li>
          </ul>
        </div>
      ) : null}
      {shown === "call" ? (
        <div class="note stack tight">
          <p>{t("ui.locked.call.text")}</p>
          <p>
            {emergencyNumber.value
              ? t("ui.locked.call.emergency", { number: emergencyNumber.value })
              : t("ui.locked.call.emergency-unknown")}
          </p>
        </div>
      ) : null}
    </section>
  );
}
