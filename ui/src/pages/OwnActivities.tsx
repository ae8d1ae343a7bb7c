/** Up to three things that matter to the person, in their own words, and how well each goes. */
import { useState } from "preact/hooks";
import type { Activity } from "../api/types";
import { Scale } from "../design/choices";
import { t } from "../text/catalogue";

export type Own = Activity;
const AT_MOST = 3;

/** A fresh id, so that what was told of another thing before is never mixed up with it. */
export function newActivity(): Own {
  return { id: `a${1000 + Math.floor(Math.random() * 9000)}`, text: "" };
}

interface OwnActivitiesProps {
  readonly own: readonly Own[];
  readonly scores: Readonly<Record<string, number>>;
  readonly onOwn: (own: readonly Own[]) => void;
  readonly onScores: (scores: Record<string, number>) => void;
}

export function OwnActivities({ own, scores, onOwn, onScores }: OwnActivitiesProps) {
  const [isNaming, setNaming] = useState(own.every(({ text }) => !text));
  const named = own.filter(({ text }) => text.trim());
  if (!isNaming) {
    return (
      <>
        {named.map(({ id, text }) => (
          <Scale
            key={id}
            legend={t("look-back.activities.score", { text })}
            lowKey="look-back.activities.low"
            highKey="look-back.activities.high"
            value={scores[id] ?? null}
            onChange={(value) => onScores({ ...scores, [id]: value })}
          />
        ))}
        <p>
          <button type="button" class="button plain" onClick={() => setNaming(true)}>
            {t("look-back.activities.change")}
          </button>
        </p>
      </>
    );
  }
  // One empty line more, as long as there is room.
  const isRoom = own.length < AT_MOST && own.at(-1)?.text.trim();
  return (
    <>
      <p class="quiet">{t("look-back.activities.name")}</p>
      {own.map(({ id, text }, i) => (
        <div class="own" key={id}>
          <input
            aria-label={t("look-back.activities.label", { n: i + 1 })}
            placeholder={i === 0 ? t("look-back.activities.example") : undefined}
            maxLength={80}
            autocomplete="off"
            value={text}
            onInput={(event) =>
              onOwn(own.map((one) => (one.id === id ? { id, text: event.currentTarget.value } : one)))
            }
          />
          {text ? (
            <button
              type="button"
              class="button plain"
              aria-label={t("look-back.activities.remove", { n: i + 1 })}
              onClick={() => onOwn(own.length > 1 ? own.filter((one) => one.id !== id) : [newActivity()])}
            >
              ✕
            </button>
          ) : null}
        </div>
      ))}
      <p class="row">
        {isRoom ? (
          <button type="button" class="button" onClick={() => onOwn([...own, newActivity()])}>
            {t("look-back.activities.more")}
          </button>
        ) : null}
        {named.length > 0 ? (
          <button type="button" class="button plain" onClick={() => setNaming(false)}>
            {t("look-back.activities.keep")}
          </button>
        ) : null}
      </p>
    </>
  );
}
