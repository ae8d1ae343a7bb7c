/** The mobility check outside its session: whether it is due, what it found, how it went over time. Background, never an aim. */
import type { CheckMovement, CheckShown, CheckToday, CheckTrend, Measured } from "../api/types";
import { Legend, SideBands, SideTrend } from "../design/charts";
import { MovingPicture } from "../design/MovingPicture";
import { has, say, t, tn } from "../text/catalogue";
import { formatDay, sessionHref } from "./names";
import "./mobility.css";

const CHECK = "mobility-check";
const SIDES = ["right", "left"] as const;

export const isCheck = (exercise_id: string) => exercise_id === CHECK;
export const checkHref = sessionHref({ exercise: CHECK, mode: "camera" });

/** Offered when there is none yet or the last one is two weeks old; otherwise it is not mentioned. */
export function MobilityOffer({ today }: { today: CheckToday }) {
  if (today.state !== "first" && today.state !== "due") return null;
  return (
    <section class="ruled mobility-offer">
      <MovingPicture id={CHECK} />
      <div class="stack tight">
        <h2>{tn("mobility.offer.title", Math.round(today.minutes))}</h2>
        <p>{t(`mobility.offer.${today.state}`, { day: today.last_at ? formatDay(today.last_at) : "" })}</p>
        {today.left_out.map((sentence) => (
          <p class="quiet small" key={JSON.stringify(sentence.params)}>
            {say(sentence)}
          </p>
        ))}
        <p class="row">
          <a class="button" href={checkHref}>
            {t("mobility.offer.start")}
          </a>
          <a class="small" href={sessionHref({ exercise: CHECK, mode: "demo" })}>
            {t("mobility.offer.demo")}
          </a>
        </p>
      </div>
    </section>
  );
}

/** A number for people who look from two metres away. */
function SideNumber({ measured }: { measured: Measured }) {
  const { side, value_deg, sd_deg } = measured;
  return (
    <div class="side-number">
      <span class="quiet">{t(`ui.side.${side}`)}</span>
      {value_deg === null ? (
        <span>{t("ui.chart.unmeasured")}</span>
      ) : (
        <>
          <span class="numeral">{Math.round(value_deg)}°</span>
          <span class="quiet">{sd_deg === null ? "" : t("mobility.plus-minus", { sd: Math.round(sd_deg) })}</span>
        </>
      )}
    </div>
  );
}

interface WhyProps {
  readonly movement: CheckMovement | CheckTrend;
  readonly titleKey: string;
}

function Why({ movement, titleKey }: WhyProps) {
  const { norm } = movement;
  if (!norm) return null;
  const { grade, provenance, source } = norm.evidence;
  return (
    <details class="more small">
      <summary>{t(titleKey)}</summary>
      <p class="quiet">{t(norm.text_key, { low: norm.low_deg, high: norm.high_deg })}</p>
      <p class="quiet">
        {source} {grade ? `· ${t("mobility.norm.grade", { grade })}` : ""}
        {provenance && has(`screening.evidence.${provenance}`) ? ` · ${t(`screening.evidence.${provenance}`)}` : ""}
      </p>
    </details>
  );
}

/** Why the band is as wide as it is. */
function noiseKey(sides: readonly Measured[]): string | null {
  const widest = sides.reduce<Measured | null>(
    (most, one) => (one.noise_deg !== null && one.noise_deg > (most?.noise_deg ?? 0) ? one : most),
    null,
  );
  return widest?.noise_because ? `mobility.noise.${widest.noise_because}` : null;
}

function Movement({ movement }: { movement: CheckMovement }) {
  const sides = SIDES.flatMap((side) => movement.sides.filter((m) => m.side === side));
  const name = t(movement.name_key);
  const norm = movement.norm ? ([movement.norm.low_deg, movement.norm.high_deg] as const) : null;
  const hasBefore = sides.some((m) => m.before_deg !== null);
  const because = noiseKey(sides);
  return (
    <section class="card stack tight">
      <h2>{name}</h2>
      <div class="side-numbers">
        {[...sides].reverse().map((m) => (
          <SideNumber key={m.side} measured={m} />
        ))}
      </div>
      {sides.some((m) => m.value_deg !== null) ? (
        <figure class="chart">
          <SideBands
            norm={norm}
            isPlain
            label={t("mobility.chart.label", { name })}
            sides={sides.map((m) => ({
              side: m.side,
              before: m.before_deg,
              now: m.value_deg,
              sd: m.sd_deg,
              noise: m.noise_deg,
              tries: m.repeats_deg,
            }))}
          />
          <Legend
            items={[
              ...(hasBefore ? (["before"] as const) : []),
              "now",
              "try",
              ...(hasBefore ? (["band"] as const) : []),
              ...(norm ? (["norm"] as const) : []),
            ]}
          />
        </figure>
      ) : null}
      {movement.sentences.map((sentence) => (
        <p key={sentence.key + JSON.stringify(sentence.params)}>{say(sentence)}</p>
      ))}
      {because ? <p class="quiet small">{t(because)}</p> : null}
      <Why movement={movement} titleKey="mobility.norm.why" />
    </section>
  );
}

/** What one check found. */
export function MobilityResult({ shown }: { shown: CheckShown }) {
  return (
    <>
      {shown.before_at ? (
        <p class="quiet">{t("mobility.compared", { day: formatDay(shown.before_at, { isLong: true }) })}</p>
      ) : null}
      {shown.notes.map((sentence) => (
        <p class="note" key={sentence.key + JSON.stringify(sentence.params)}>
          {say(sentence)}
        </p>
      ))}
      {shown.movements.length === 0 ? <p class="quiet">{t("mobility.nothing")}</p> : null}
      <div class="pair results">
        {shown.movements.map((movement) => (
          <Movement key={movement.part} movement={movement} />
        ))}
      </div>
    </>
  );
}

function Trend({ trend }: { trend: CheckTrend }) {
  const name = t(trend.name_key);
  const sides = SIDES.flatMap((side) => {
    const points = (trend.sides[side] ?? []).flatMap(({ at, value_deg, sd_deg }) =>
      value_deg === null ? [] : [{ at: Date.parse(at), value: value_deg, sd: sd_deg }],
    );
    return points.length > 0 ? [[side, points] as const] : [];
  });
  const noise = trend.noise_deg;
  const norm = trend.norm ? ([trend.norm.low_deg, trend.norm.high_deg] as const) : null;
  const values = sides.flatMap(([, points]) => points.map((p) => p.value));
  const low = Math.max(0, Math.floor((Math.min(...values) - (noise ?? 4)) / 10) * 10);
  const high = Math.max(low + 20, Math.ceil((Math.max(...values) + (noise ?? 4)) / 10) * 10);
  return (
    <div class="stack tight">
      <h3>{name}</h3>
      <div class="pair">
        {[...sides].reverse().map(([side, points]) => (
          <figure key={side} class="chart">
            <h4>{t(`ui.side.${side}`)}</h4>
            <SideTrend
              side={side}
              points={points}
              noise={noise}
              range={[low, high]}
              norm={norm}
              label={t("ui.progress.side-label", { name, side: t(`ui.side.${side}`), n: points.length })}
            />
          </figure>
        ))}
      </div>
      {trend.sentences.map((sentence) => (
        <p class="quiet" key={sentence.key + JSON.stringify(sentence.params)}>
          {say(sentence)}
        </p>
      ))}
      <Why movement={trend} titleKey="mobility.norm.others" />
    </div>
  );
}

/** All checks, movement by movement. */
export function MobilityTrends({ trends }: { trends: readonly CheckTrend[] }) {
  return (
    <section class="ruled stack">
      <div class="mobility-head">
        <h2>{t("mobility.trends")}</h2>
        <a class="button" href={checkHref}>
          {t(trends.length > 0 ? "mobility.offer.again" : "mobility.offer.start")}
        </a>
      </div>
      {trends.length > 0 ? (
        <Legend items={trends.some(({ norm }) => norm) ? ["now", "band", "norm"] : ["now", "band"]} />
      ) : (
        <p class="quiet">{t("mobility.trends.empty")}</p>
      )}
      {trends.map((trend) => (
        <Trend key={trend.part} trend={trend} />
      ))}
    </section>
  );
}
