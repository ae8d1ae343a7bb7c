/** Few, large pictures of numbers, labelled directly, with the grey band inside which a change means nothing. */
import { REGION, t } from "../text/catalogue";
import { type Point, smooth, toPath } from "./series";
import { useWidth } from "./useWidth";
import "./charts.css";

const DAY_MS = 86_400_000;

function dayName(at: number): string {
  return new Date(at).toLocaleDateString(REGION, { day: "numeric", month: "short" });
}

interface PainTrendProps {
  readonly points: readonly Point[];
  /** The same without its scatter. */
  readonly course: readonly Point[];
  /** Middle of the grey band: where it began; null: not known, no band. */
  readonly start: number | null;
  /** Half the width of the grey band, in points of the 0 to 10 scale; null: not known, no band. */
  readonly noise: number | null;
  readonly label: string;
  readonly days?: number;
}

/** Pain reports over weeks: dots, their line, the grey band inside which it is about the same as at the beginning. */
export function PainTrend({ points, course, start: usual, noise, label, days = 28 }: PainTrendProps) {
  const [ref, width] = useWidth<SVGSVGElement>();
  const height = 168;
  const sorted = [...points].sort((a, b) => a.at - b.at);
  const end = Math.max(Date.now(), sorted[sorted.length - 1]?.at ?? 0);
  const start = Math.min(end - days * DAY_MS, sorted[0]?.at ?? end);
  const left = 26;
  const x = (at: number) => left + ((at - start) / (end - start)) * (width - left - 30);
  const y = (value: number) => 12 + (1 - Math.max(0, Math.min(10, value)) / 10) * (height - 44);
  const line = smooth(course, 60, Math.max(1.2 * DAY_MS, (end - start) / 45));
  const top = y((usual ?? 0) + (noise ?? 0));
  const last = line[line.length - 1];
  return (
    <svg ref={ref} viewBox={`0 0 ${width} ${height}`} height={height} role="img" aria-label={label}>
      {[0, 5, 10].map((value) => (
        <g key={value}>
          <line class="axis" x1={left} x2={width} y1={y(value)} y2={y(value)} />
          <text x={left - 8} y={y(value) + 5} text-anchor="end">
            {value}
          </text>
        </g>
      ))}
      {noise !== null && usual !== null ? (
        <rect class="noise" x={left} width={width - left} y={top} height={y(usual - noise) - top} rx={8} />
      ) : null}
      {line.length > 1 ? <path class="trend" d={toPath(line.map((p) => [x(p.at), y(p.value)]))} /> : null}
      {sorted.map((p) => (
        <circle key={p.at} class="dot" cx={x(p.at)} cy={y(p.value)} r={4.2} />
      ))}
      {last ? (
        <text class="strong" x={x(last.at) + 10} y={y(last.value) + 5}>
          {Math.round(last.value)}
        </text>
      ) : null}
      <text x={left} y={height - 4}>
        {dayName(start)}
      </text>
      <text x={width} y={height - 4} text-anchor="end">
        {t("ui.chart.today")}
      </text>
    </svg>
  );
}

export interface SideValue {
  readonly side: "right" | "left" | "both";
  readonly before: number | null;
  readonly now: number | null;
  readonly sd: number | null;
  /** Change smaller than this is noise, degrees. */
  readonly noise: number | null;
  /** The single readings that `now` is the median of. */
  readonly tries?: readonly number[];
}

interface SideBandsProps {
  readonly sides: readonly SideValue[];
  readonly label: string;
  /** Where others are, degrees: drawn behind everything. */
  readonly norm?: readonly [number, number] | null;
  /** The values stand elsewhere, larger. */
  readonly isPlain?: boolean;
}

/** One line per side: where it was, where it is, and the band inside which that is the same. */
export function SideBands({ sides, label, norm = null, isPlain = false }: SideBandsProps) {
  const [ref, width] = useWidth<SVGSVGElement>();
  const rowHeight = 58;
  const height = sides.length * rowHeight;
  const ends = sides.flatMap(({ before, now, sd, noise }) => {
    const middle = before ?? now;
    if (middle === null || now === null) return [];
    const half = noise ?? sd ?? 0;
    return [middle - half, middle + half, now - (sd ?? 0), now + (sd ?? 0)];
  });
  const low = Math.max(0, Math.min(...ends, norm?.[0] ?? 90, 90) - 6);
  const high = Math.max(...ends, norm?.[1] ?? 0, low + 10) + 4;
  const from = 64;
  const to = Math.max(from + 80, width - (isPlain ? 12 : 112));
  const x = (value: number) => from + ((value - low) / (high - low)) * (to - from);
  return (
    <svg ref={ref} viewBox={`0 0 ${width} ${height}`} height={height} role="img" aria-label={label}>
      {norm ? (
        <rect class="norm" x={x(norm[0])} y={2} width={x(norm[1]) - x(norm[0])} height={height - 4} rx={8} />
      ) : null}
      {sides.map(({ side, before, now, sd, noise, tries = [] }, i) => {
        const y = i * rowHeight + rowHeight / 2;
        const middle = before ?? now;
        const half = noise ?? sd;
        return (
          <g key={side}>
            <text class="strong" x={0} y={y + 5}>
              {t(`ui.side.${side}`)}
            </text>
            <line class="axis" x1={from} x2={to} y1={y} y2={y} />
            {middle !== null && half !== null ? (
              <rect
                class="noise"
                x={x(middle - half)}
                y={y - 13}
                width={x(middle + half) - x(middle - half)}
                height={26}
                rx={13}
              />
            ) : null}
            {now !== null && sd !== null ? (
              <path class="whisker" d={`M${x(Math.max(low, now - sd))} ${y} H${x(now + sd)}`} />
            ) : null}
            {tries.map((value, n) => (
              <path key={n} class="whisker" d={`M${x(value)} ${y + 17} v6`} />
            ))}
            {before !== null ? <circle class="before" cx={x(before)} cy={y} r={7} /> : null}
            {now !== null ? <circle class="now" cx={x(now)} cy={y} r={8.5} /> : null}
            {isPlain ? null : (
              <text class="strong" x={width} y={y + 5} text-anchor="end">
                {now === null
                  ? t("ui.chart.unmeasured")
                  : sd === null
                    ? `${Math.round(now)}°`
                    : t("ui.chart.give-or-take", { value: Math.round(now), sd: Math.round(sd) })}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

export interface SidePoint extends Point {
  readonly sd: number | null;
}

interface SideTrendProps {
  readonly side: "right" | "left" | "both";
  readonly points: readonly SidePoint[];
  readonly noise: number | null;
  readonly label: string;
  /** The same lowest and highest value for both sides, so that they can be compared. */
  readonly range: readonly [number, number];
  readonly unit?: string;
  /** Where others are: drawn behind everything. */
  readonly norm?: readonly [number, number] | null;
}

/** One measured side over time: every value with its give-or-take, the grey band around the first ones. */
export function SideTrend({ side, points, noise, label, range, unit = "°", norm = null }: SideTrendProps) {
  const [ref, width] = useWidth<SVGSVGElement>();
  const height = 168;
  const left = 34;
  const first = points[0];
  const last = points[points.length - 1];
  const [low, high] = range;
  const x = (i: number) => left + 12 + (points.length < 2 ? 0.5 : i / (points.length - 1)) * (width - left - 66);
  const y = (value: number) => 10 + (1 - (value - low) / (high - low)) * (height - 40);
  // As the words compare: the middle of the first few, at most half of all.
  const base = points
    .slice(0, Math.max(1, Math.min(3, Math.floor(points.length / 2))))
    .map((p) => p.value)
    .sort((a, b) => a - b);
  const usual = ((base[Math.floor((base.length - 1) / 2)] ?? 0) + (base[Math.floor(base.length / 2)] ?? 0)) / 2;
  return (
    <svg ref={ref} viewBox={`0 0 ${width} ${height}`} height={height} role="img" aria-label={label}>
      {[low, (low + high) / 2, high].map((value) => (
        <g key={value}>
          <line class="axis" x1={left} x2={width} y1={y(value)} y2={y(value)} />
          <text x={left - 6} y={y(value) + 5} text-anchor="end">
            {Math.round(value)}
            {unit}
          </text>
        </g>
      ))}
      {norm ? (
        <rect
          class="norm"
          x={left + 2}
          width={Math.max(0, width - left - 4)}
          y={y(Math.min(high, norm[1]))}
          height={Math.max(0, y(Math.max(low, norm[0])) - y(Math.min(high, norm[1])))}
          rx={8}
        />
      ) : null}
      {noise !== null && points.length > 0 ? (
        <rect
          class="noise"
          x={left}
          width={Math.max(0, width - left)}
          y={y(Math.min(high, usual + noise))}
          height={Math.max(0, y(Math.max(low, usual - noise)) - y(Math.min(high, usual + noise)))}
          rx={8}
        />
      ) : null}
      {points.length > 1 ? <path class={`trend ${side}`} d={toPath(points.map((p, i) => [x(i), y(p.value)]))} /> : null}
      {points.map((p, i) => (
        <g key={p.at}>
          {p.sd !== null ? (
            <line
              class="whisker"
              x1={x(i)}
              x2={x(i)}
              y1={y(Math.min(high, p.value + p.sd))}
              y2={y(Math.max(low, p.value - p.sd))}
            />
          ) : null}
          <circle
            class={i === points.length - 1 ? "now" : "dot"}
            cx={x(i)}
            cy={y(p.value)}
            r={i === points.length - 1 ? 7 : 4.5}
          />
        </g>
      ))}
      {last ? (
        <text class="strong" x={x(points.length - 1) + 13} y={y(last.value) + 5}>
          {Math.round(last.value)}
          {unit}
        </text>
      ) : null}
      {first ? (
        <>
          <text x={left} y={height - 2}>
            {dayName(first.at)}
          </text>
          {last && last !== first ? (
            <text x={width} y={height - 2} text-anchor="end">
              {dayName(last.at)}
            </text>
          ) : null}
        </>
      ) : null}
    </svg>
  );
}

/** What the signs of a chart mean, in words beside the sign. */
export function Legend({ items }: { items: readonly ("band" | "before" | "now" | "report" | "try" | "norm")[] }) {
  return (
    <div class="legend" aria-hidden="true">
      {items.map((item) => (
        <span key={item}>
          <svg width="24" height="16" viewBox="0 0 24 16" aria-hidden="true">
            {item === "band" ? <rect class="noise" width="24" height="16" rx="8" /> : null}
            {item === "norm" ? <rect class="norm" x="1" y="1" width="22" height="14" rx="4" /> : null}
            {item === "try" ? <path class="whisker" d="M6 5 v6 M12 5 v6 M18 5 v6" /> : null}
            {item === "before" ? <circle class="before" cx="12" cy="8" r="6" /> : null}
            {item === "now" ? <circle class="now" cx="12" cy="8" r="7" /> : null}
            {item === "report" ? <circle class="dot" cx="12" cy="8" r="4.2" /> : null}
          </svg>
          {t(`ui.legend.${item}`)}
        </span>
      ))}
    </div>
  );
}
