/** Progress: pain and movement over time with their noise, and every session. */
import { useState } from "preact/hooks";
import { ask } from "../api/client";
import { useResource } from "../api/resource";
import type { MeasuredPoint, Problem, Progress, SessionRow, Sessions, Side } from "../api/types";
import { Legend, type SidePoint, SideTrend } from "../design/charts";
import { EmptyLine } from "../design/Mark";
import { has, t, tn } from "../text/catalogue";
import { Loaded, ProblemCard } from "./Loaded";
import { isCheck, MobilityTrends } from "./Mobility";
import { doneName, formatMoment, minutesOf } from "./names";
import { Nights, OwnActivitiesOverTime, PainOverTime, SideSentences, WhatHelped } from "./Outcomes";
import "./progress.css";

const SIDES: readonly Side[] = ["right", "left", "both"];

function describeAmount(session: SessionRow): string {
  const held = Object.values(session.held_s).reduce((sum, s) => sum + s, 0);
  if (isCheck(session.exercise_id)) return tn("ui.progress.minutes", minutesOf(session.duration_s));
  if (session.repetitions > 0) return `${session.repetitions} ${tn("ui.summary.repetitions", session.repetitions)}`;
  if (session.rolled_s > 0) return t("ui.progress.rolled", { n: Math.round(session.rolled_s) });
  if (held > 0) return t("ui.progress.held", { n: Math.round(held) });
  return tn("ui.progress.minutes", minutesOf(session.duration_s));
}

function SessionList({ first }: { first: readonly SessionRow[] }) {
  const [more, setMore] = useState<readonly SessionRow[]>([]);
  const [isAll, setAll] = useState(first.length < 10);
  const [problem, setProblem] = useState<Problem | null>(null);
  const all = [...first, ...more];
  const last = all[all.length - 1];

  const load = async () => {
    const answer = await ask<Sessions>("GET", `/api/sessions?limit=20&before=${last?.seq ?? 0}`);
    if (!answer.ok) {
      setProblem(answer.problem);
      return;
    }
    setMore([...more, ...answer.value.sessions]);
    setAll(answer.value.next_before === null);
  };

  return (
    <section class="stack tight">
      <h2>{t("ui.progress.sessions")}</h2>
      <ul class="sessions">
        {all.map((session) => (
          <li key={session.id}>
            <a href={`/summary/${encodeURIComponent(session.id)}`}>
              <span class="quiet small at">{formatMoment(session.started_at)}</span>
              <b>
                {doneName(session.exercise_id, session.variant)}
                {session.mode === "demo" ? <span class="quiet"> · {t("ui.progress.demo")}</span> : null}
              </b>
              <span class="quiet small amount">{describeAmount(session)}</span>
              <span class="pain small">
                {session.pain_before === null || session.mode === "demo"
                  ? null
                  : session.pain_after === null
                    ? t("ui.progress.pain-before", { before: session.pain_before })
                    : t("ui.progress.pain", { before: session.pain_before, after: session.pain_after })}
              </span>
            </a>
          </li>
        ))}
      </ul>
      {isAll ? null : (
        <p>
          <button type="button" class="button" onClick={() => void load()}>
            {t("ui.progress.older")}
          </button>
        </p>
      )}
      {problem ? <ProblemCard problem={problem} /> : null}
    </section>
  );
}

function toPoints(points: readonly MeasuredPoint[]): readonly SidePoint[] {
  return points.flatMap(({ at, value_deg, sd_deg }) =>
    value_deg === null ? [] : [{ at: Date.parse(at), value: value_deg, sd: sd_deg }],
  );
}

function Movement({ quantity, progress }: { quantity: string; progress: Progress }) {
  const measured = progress.measurements[quantity] ?? {};
  const sides = SIDES.map((side) => [side, toPoints(measured[side] ?? [])] as const).filter(([, p]) => p.length > 0);
  if (sides.length === 0) return null;
  const values = sides.flatMap(([, points]) =>
    points.flatMap(({ value, sd }) => [value - (sd ?? 0), value + (sd ?? 0)]),
  );
  const noise = progress.noise_deg[quantity] ?? null;
  const low = Math.max(0, Math.floor((Math.min(...values) - (noise ?? 4)) / 10) * 10);
  const high = Math.max(low + 20, Math.ceil((Math.max(...values) + (noise ?? 4)) / 10) * 10);
  const key = `quantity.${quantity}`;
  const name = has(key) ? t(key) : quantity;
  return (
    <section class="ruled stack">
      <h2>{name}</h2>
      <div class="pair">
        {sides.map(([side, points]) => (
          <figure key={side} class="chart">
            <h3>{t(`ui.side.${side}`)}</h3>
            <SideTrend
              side={side}
              points={points}
              noise={noise}
              range={[low, high]}
              label={t("ui.progress.side-label", { name, side: t(`ui.side.${side}`), n: points.length })}
            />
          </figure>
        ))}
      </div>
      <Legend items={noise === null ? ["now"] : ["now", "band"]} />
      <SideSentences sentences={progress.sentences} quantity={quantity} />
    </section>
  );
}

function ProgressContent({ progress }: { progress: Progress }) {
  if (progress.sessions.length === 0) {
    return (
      <div class="page">
        <h1>{t("ui.place.progress")}</h1>
        <div class="empty">
          <EmptyLine />
          <p class="lead">{t("ui.progress.empty.title")}</p>
          <p class="quiet">{t("ui.progress.empty.text")}</p>
          <a class="button main" href="/">
            {t("ui.progress.empty.go")}
          </a>
        </div>
      </div>
    );
  }
  const quantities = Object.keys(progress.measurements);
  return (
    <div class="page">
      <h1>{t("ui.place.progress")}</h1>
      <PainOverTime pain={progress.pain} />
      <WhatHelped relief={progress.relief} />
      <OwnActivitiesOverTime activities={progress.activities} whole={progress.whole} />
      <Nights sleep={progress.sleep} />
      <MobilityTrends trends={progress.mobility} />
      {quantities.length > 0 ? (
        <details class="more">
          <summary>{t("outcome.movement.title")}</summary>
          <p class="quiet small">{t("outcome.movement.note")}</p>
          {quantities.map((quantity) => (
            <Movement key={quantity} quantity={quantity} progress={progress} />
          ))}
        </details>
      ) : null}
      <p>
        <a class="button" href="/report">
          {t("reporting.link")}
        </a>
      </p>
      <SessionList first={progress.sessions} />
    </div>
  );
}

export function ProgressPage(_: { id: string }) {
  const { resource, reload } = useResource<Progress>("/api/progress");
  return (
    <Loaded resource={resource} onRetry={reload} title={t("ui.place.progress")}>
      {(progress) => <ProgressContent progress={progress} />}
    </Loaded>
  );
}
