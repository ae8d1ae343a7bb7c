/** After a session: what was done, what changed, how it feels, and the way on when something felt wrong. */
import { useState } from "preact/hooks";
import { useResource } from "../api/resource";
import type { Measured, SessionDetails, SessionRow, Side } from "../api/types";
import { navigate } from "../app/router";
import { Legend, SideBands } from "../design/charts";
import { BeforeAfter, ReliefScale } from "../design/outcome_charts";
import { has, say, t, tn } from "../text/catalogue";
import { AfterForm } from "./AfterForm";
import { DeleteSession } from "./DeleteSession";
import { HelpCardNote } from "./HelpCards";
import { Loaded } from "./Loaded";
import { checkHref, MobilityResult } from "./Mobility";
import { doneName, formatDay, formatMoment, minutesOf } from "./names";
import { PopQuestion } from "./PopQuestion";
import { WhatNext } from "./WhatNext";
import { WrongSheet } from "./WrongSheet";
import "./summary.css";

const SIDES: readonly Side[] = ["right", "left", "both"];

function titleOf(session: SessionRow): string {
  const minutes = minutesOf(session.duration_s);
  if (session.status === "finished") return tn("ui.summary.done", minutes);
  return tn("ui.summary.ended", minutes);
}

function PainCard({ details }: { details: SessionDetails }) {
  const { outcome, session } = details;
  const { pain_before: before, pain_after: after } = session;
  return (
    <section class="card stack tight">
      <h2>{t("ui.summary.pain")}</h2>
      <p class="before-after">
        <span class="numeral">{before ?? "–"}</span>
        <span class="quiet">{t("ui.summary.before")}</span>
        <svg width="64" height="20" viewBox="0 0 70 20" aria-hidden="true">
          <path
            d="M4 10 H60 M52 4 L62 10 L52 16"
            stroke="var(--quiet)"
            stroke-width="3"
            fill="none"
            stroke-linecap="round"
          />
        </svg>
        <span class="numeral after">{after ?? "?"}</span>
        <span class="quiet">{t("ui.summary.after")}</span>
      </p>
      {before !== null && after !== null ? (
        <figure class="chart">
          <BeforeAfter
            before={before}
            after={after}
            noise={outcome.pain_noise}
            label={t("outcome.pain.label", { before, after })}
          />
        </figure>
      ) : null}
      {outcome.pain ? <p>{say(outcome.pain)}</p> : null}
      {outcome.stiffness ? <p>{say(outcome.stiffness)}</p> : null}
    </section>
  );
}

/** How this technique went so far, straight after it. */
function SoFar({ details }: { details: SessionDetails }) {
  const { relief, last_at } = details.outcome;
  if (!relief) return null;
  return (
    <section class="card stack tight">
      <h2>{t("outcome.so-far")}</h2>
      <figure class="chart">
        <ReliefScale
          mean={relief.mean}
          low={relief.low}
          high={relief.high}
          isEnough={relief.verdict !== "few"}
          hasWords
        />
      </figure>
      <p>{say(relief.sentence)}</p>
      {last_at ? <p class="quiet small">{t("outcome.last", { day: formatDay(last_at) })}</p> : null}
    </section>
  );
}

function Held({ session }: { session: SessionRow }) {
  const sides = SIDES.filter((side) => (session.held_s[side] ?? 0) > 0);
  const most = Math.max(1, ...sides.map((side) => session.held_s[side] ?? 0));
  return (
    <section class="card">
      <h2>{t(session.mode === "timer" ? "ui.summary.held.timer" : "ui.summary.held")}</h2>
      <dl class="held">
        {sides.map((side) => {
          const held = session.held_s[side] ?? 0;
          return (
            <div key={side} class={side}>
              <dt>{t(`ui.side.${side}`)}</dt>
              <dd class="bar" aria-hidden="true">
                <i style={{ width: `${(100 * held) / most}%` }} />
              </dd>
              <dd>{t("ui.summary.seconds", { n: Math.round(held) })}</dd>
            </div>
          );
        })}
        {session.repetitions > 0 ? (
          <div>
            <dt class="numeral">{session.repetitions}</dt>
            <dd>{tn("ui.summary.repetitions", session.repetitions)}</dd>
            <dd />
          </div>
        ) : null}
        {session.rolled_s > 0 ? (
          <div>
            <dt class="numeral">{Math.round(session.rolled_s)}</dt>
            <dd>{t("ui.summary.rolled")}</dd>
            <dd />
          </div>
        ) : null}
      </dl>
      {sides.length === 0 && session.repetitions === 0 && session.rolled_s === 0 ? (
        <p class="quiet">{t("ui.summary.nothing")}</p>
      ) : null}
    </section>
  );
}

/** What became of what was measured, side by side. */
function InWords({ sentences }: Pick<SessionDetails, "sentences">) {
  return (
    <>
      {sentences.map((sentence) => {
        const side = String(sentence.params.side ?? "").replace("side.", "ui.side.");
        return (
          <p key={sentence.key + JSON.stringify(sentence.params)}>
            {has(side) && side !== "ui.side.both" ? `${t(side)}: ` : ""}
            {say(sentence)}
          </p>
        );
      })}
    </>
  );
}

function Angles({ details }: { details: SessionDetails }) {
  const measured = details.measurements.filter((m) => m.side !== "both" || details.measurements.length === 1);
  if (measured.every((m) => m.value_deg === null)) return null;
  const toSide = (m: Measured) => ({
    side: m.side,
    before: m.before_deg,
    now: m.value_deg,
    sd: m.sd_deg,
    noise: m.noise_deg,
  });
  const name = details.quantity_name_key ? t(details.quantity_name_key) : t(`quantity.${measured[0]?.quantity ?? ""}`);
  return (
    <section class="card stack tight">
      <h2>{name}</h2>
      <figure class="chart">
        <SideBands sides={measured.map(toSide)} label={t("ui.summary.angle.label", { name })} />
        <Legend items={measured.some((m) => m.before_deg !== null) ? ["before", "now", "band"] : ["now", "band"]} />
      </figure>
      <InWords sentences={details.sentences} />
    </section>
  );
}

function SummaryContent({ details, put }: { details: SessionDetails; put: (value: SessionDetails) => void }) {
  const [isWrongOpen, setWrongOpen] = useState(false);
  const { session, unseen_keys, card } = details;
  const isDemo = session.mode === "demo";
  const { mobility } = details;
  return (
    <div class="page">
      <header class="stack tight">
        <p class="quiet">
          {doneName(session.exercise_id, session.variant)} · {formatMoment(session.started_at)}
        </p>
        <h1>{titleOf(session)}</h1>
        {isDemo ? <p class="quiet">{t("ui.summary.demo")}</p> : null}
        {session.mode === "timer" ? <p class="quiet">{t("ui.summary.timer")}</p> : null}
      </header>
      {card ? (
        <HelpCardNote id={card} ruleIds={session.stop_rule_ids.length > 0 ? session.stop_rule_ids : undefined} />
      ) : null}
      {details.next ? <WhatNext sessionId={session.id} next={details.next} onTold={put} /> : null}
      {mobility ? <MobilityResult shown={mobility} /> : null}
      {isDemo ? null : <AfterForm details={details} onSaved={put} />}
      <div class="pair results">
        {isDemo || mobility ? null : <PainCard details={details} />}
        {mobility ? null : (
          <>
            <Held session={session} />
            <Angles details={details} />
          </>
        )}
        {isDemo || mobility ? null : <SoFar details={details} />}
      </div>
      {isDemo || mobility ? null : <PopQuestion session={session} nPops={details.n_pops} />}
      {unseen_keys.length > 0 && session.mode !== "timer" ? (
        <details class="more">
          <summary>{t("ui.summary.cannot-see")}</summary>
          <ul class="cannot quiet">
            {unseen_keys.map((key) => (
              <li key={key}>{t(key)}</li>
            ))}
          </ul>
        </details>
      ) : null}
      <div class="row actions">
        <button type="button" class="button main" onClick={() => navigate("/")}>
          {t("ui.summary.finish")}
        </button>
        {isDemo ? null : (
          <button type="button" class="button" onClick={() => setWrongOpen(true)}>
            {t("ui.summary.wrong")}
          </button>
        )}
        {isDemo || mobility || session.status !== "finished" ? null : (
          <a class="button plain" href={checkHref}>
            {t("mobility.offer.after")}
          </a>
        )}
        <a class="button plain" href="/progress">
          {t("ui.place.progress")}
        </a>
      </div>
      {isDemo ? null : (
        <p>
          <a class="button plain" href={`/problem?session=${encodeURIComponent(session.id)}`}>
            {t("harm.link")}
          </a>
        </p>
      )}
      <DeleteSession id={session.id} />
      <WrongSheet sessionId={session.id} isOpen={isWrongOpen} onClose={() => setWrongOpen(false)} onTold={put} />
    </div>
  );
}

export function SummaryPage({ id }: { id: string }) {
  const { resource, reload, put } = useResource<SessionDetails>(`/api/sessions/${encodeURIComponent(id)}`);
  return (
    <Loaded resource={resource} onRetry={reload} title={t("ui.place.summary")}>
      {(details) => <SummaryContent details={details} put={put} />}
    </Loaded>
  );
}
