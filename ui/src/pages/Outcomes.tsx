/** What came of it, over time: pain, what helped, own activities, nights. Each told as a change only where it is one. */
import type { Progress } from "../api/types";
import { Legend, PainTrend, SideTrend } from "../design/charts";
import { AsTable, ReliefScale } from "../design/outcome_charts";
import { toTimes } from "../design/series";
import { Why } from "../design/Why";
import { has, say, t, tn } from "../text/catalogue";

export function PainOverTime({ pain }: { pain: Progress["pain"] }) {
  const points = toTimes(pain.pain);
  if (points.length === 0) return null;
  const days = (Date.now() - (points[0]?.at ?? 0)) / 86_400_000;
  return (
    <section class="stack tight">
      <h2>{t("ui.progress.pain.title")}</h2>
      {pain.sentence ? <p class="lead">{say(pain.sentence)}</p> : null}
      {points.length > 1 ? (
        <figure class="chart stack tight">
          <PainTrend
            points={points}
            course={toTimes(pain.line)}
            start={pain.start}
            noise={pain.noise}
            days={Math.max(14, days)}
            label={t("ui.today.trend.label", { n: pain.n_reports })}
          />
          <Legend items={pain.noise === null ? ["report"] : ["report", "band"]} />
          {pain.noise_sentence ? <p class="quiet small">{say(pain.noise_sentence)}</p> : null}
        </figure>
      ) : null}
      <AsTable caption={t("ui.progress.pain.title")} unitKey="outcome.table.pain" points={points} />
      <Why ids={["V01"]} />
    </section>
  );
}

export function WhatHelped({ relief }: { relief: Progress["relief"] }) {
  const { techniques } = relief;
  return (
    <section class="ruled stack tight">
      <h2>{t("outcome.helped.title")}</h2>
      <p class="lead">{say(relief.sentence)}</p>
      {techniques.length > 0 ? (
        <table class="reliefs chart">
          <caption class="unseen">{t("outcome.helped.caption")}</caption>
          <tbody>
            {techniques.map((one, i) => (
              <tr key={one.exercise_id}>
                <th scope="row">
                  {t(one.name_key)}
                  <br />
                  <span class="quiet small">{tn("outcome.helped.n", one.n)}</span>
                </th>
                <td class="relief-scale">
                  <ReliefScale
                    mean={one.mean}
                    low={one.low}
                    high={one.high}
                    isEnough={one.verdict !== "few"}
                    hasWords={i === techniques.length - 1}
                  />
                </td>
                <td>
                  {say(one.sentence)}
                  {one.pain_change !== null && one.pain_low !== null && one.pain_high !== null ? (
                    <span class="quiet small">
                      {" "}
                      {t("outcome.helped.pain", {
                        change: signed(one.pain_change),
                        low: signed(one.pain_low),
                        high: signed(one.pain_high),
                      })}
                    </span>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {techniques.some(({ verdict }) => verdict !== "few") ? (
        <p class="quiet small">{t("outcome.helped.band")}</p>
      ) : null}
      <Why ids={["V05"]} />
    </section>
  );
}

/** With its sign, and a real minus. */
function signed(value: number): string {
  const tenths = Math.round(value * 10) / 10;
  return tenths > 0 ? `+${tenths}` : `${tenths}`.replace("-", "\u2212");
}

export function OwnActivitiesOverTime({ activities, whole }: Pick<Progress, "activities" | "whole">) {
  if (activities.each.length === 0 && !whole) return null;
  return (
    <section class="ruled stack">
      <h2>{t("outcome.activities.title")}</h2>
      {activities.each.length > 0 ? <p class="lead">{say(activities.sentence)}</p> : null}
      {whole ? <p>{say(whole)}</p> : null}
      <div class="pair">
        {activities.each.map(({ id, text, points, noise, sentence }) => (
          <figure class="chart" key={id}>
            <h3>{text}</h3>
            {points.length > 1 ? (
              <SideTrend
                side="both"
                unit=""
                points={toTimes(points).map((p) => ({ ...p, sd: null }))}
                noise={noise}
                range={[0, 10]}
                label={t("outcome.activities.label", { name: text, n: points.length })}
              />
            ) : null}
            <figcaption class="quiet">
              {points.length > 1 ? say(sentence) : t("outcome.activities.one", { value: points[0]?.value ?? 0 })}
            </figcaption>
            {points.length > 1 ? (
              <AsTable caption={text} unitKey="outcome.table.activity" points={toTimes(points)} />
            ) : null}
          </figure>
        ))}
      </div>
      {activities.each.length > 0 ? <p class="quiet small">{t("outcome.activities.scale")}</p> : null}
      <Why ids={["V02"]} />
    </section>
  );
}

export function Nights({ sleep }: Pick<Progress, "sleep">) {
  if (!sleep) return null;
  return (
    <section class="ruled stack tight">
      <h2>{t("outcome.nights.title")}</h2>
      {sleep.points.length > 1 ? (
        <figure class="chart">
          <SideTrend
            side="both"
            unit=""
            points={toTimes(sleep.points).map((p) => ({ ...p, sd: null }))}
            noise={sleep.noise}
            range={[0, 7]}
            label={t("outcome.nights.label", { n: sleep.points.length })}
          />
        </figure>
      ) : null}
      {sleep.sentences.map((sentence) => (
        <p class="quiet" key={sentence.key}>
          {say(sentence)}
        </p>
      ))}
      {sleep.points.length > 1 ? (
        <AsTable caption={t("outcome.nights.title")} unitKey="outcome.table.nights" points={toTimes(sleep.points)} />
      ) : null}
      <Why ids={["V07"]} />
    </section>
  );
}

/** The sentences about one quantity, each with its side. */
export function SideSentences({ sentences, quantity }: { sentences: Progress["sentences"]; quantity: string }) {
  const mine = sentences.filter(({ params }) => params.quantity === `quantity.${quantity}`);
  return (
    <>
      {mine.map((sentence) => {
        const side = String(sentence.params.side ?? "").replace("side.", "ui.side.");
        return (
          <p class="quiet" key={side}>
            {has(side) ? `${t(side)}: ` : ""}
            {say(sentence)}
          </p>
        );
      })}
    </>
  );
}
