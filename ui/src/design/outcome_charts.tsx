/** Charts of what came of it: one session before and after, techniques beside each other; and any chart as a table. */
import { REGION, t } from "../text/catalogue";
import type { Point } from "./series";
import { useWidth } from "./useWidth";
import "./outcome_charts.css";

interface BeforeAfterProps {
  readonly before: number;
  readonly after: number;
  /** A smaller difference of two scores is noise. */
  readonly noise: number;
  readonly label: string;
}

/** Two scores on their scale, and the band around the first inside which they are about the same. */
export function BeforeAfter({ before, after, noise, label }: BeforeAfterProps) {
  const [ref, width] = useWidth<SVGSVGElement>();
  const height = 58;
  const x = (value: number) => 10 + (Math.max(0, Math.min(10, value)) / 10) * (width - 20);
  const y = 22;
  return (
    <svg ref={ref} viewBox={`0 0 ${width} ${height}`} height={height} role="img" aria-label={label}>
      <line class="axis" x1={x(0)} x2={x(10)} y1={y} y2={y} />
      <rect
        class="noise"
        x={x(before - noise)}
        y={y - 13}
        width={x(before + noise) - x(before - noise)}
        height={26}
        rx={13}
      />
      {[0, 5, 10].map((value) => (
        <text
          key={value}
          x={x(value)}
          y={height - 4}
          text-anchor={value === 0 ? "start" : value === 10 ? "end" : "middle"}
        >
          {value}
        </text>
      ))}
      <circle class="before" cx={x(before)} cy={y} r={7} />
      <circle class="now" cx={x(after)} cy={y} r={before === after ? 4 : 8.5} />
    </svg>
  );
}

const WORDS = [
  [-1, "worse"],
  [0, "same"],
  [1, "bit"],
  [2, "lot"],
] as const;

interface ReliefScaleProps {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Whether there are enough answers for a mean. */
  readonly isEnough: boolean;
  readonly hasWords: boolean;
}

/** How it was straight after one technique, on the scale of the four words, with its give-or-take. */
export function ReliefScale({ mean, low, high, isEnough, hasWords }: ReliefScaleProps) {
  const [ref, width] = useWidth<SVGSVGElement>();
  const height = hasWords ? 54 : 32;
  const x = (value: number) => 12 + ((Math.max(-1, Math.min(2, value)) + 1) / 3) * (width - 24);
  const y = 16;
  return (
    <svg ref={ref} viewBox={`0 0 ${width} ${height}`} height={height} aria-hidden="true">
      <line class="axis" x1={x(-1)} x2={x(2)} y1={y} y2={y} />
      {WORDS.map(([value, word]) => (
        <g key={word}>
          <line class="axis" x1={x(value)} x2={x(value)} y1={y - 6} y2={y + 6} />
          {hasWords ? (
            <text
              x={x(value) + (value === -1 ? -12 : value === 2 ? 12 : 0)}
              y={height - 5}
              text-anchor={value === -1 ? "start" : value === 2 ? "end" : "middle"}
            >
              {t(`outcome.word.${word}`)}
            </text>
          ) : null}
        </g>
      ))}
      {isEnough ? (
        <>
          <rect class="noise" x={x(low)} width={Math.max(8, x(high) - x(low))} y={y - 11} height={22} rx={11} />
          <circle class="now" cx={x(mean)} cy={y} r={8} />
        </>
      ) : null}
    </svg>
  );
}

interface AsTableProps {
  readonly caption: string;
  readonly unitKey: string;
  readonly points: readonly Point[];
}

/** The numbers of a chart, for those who would rather read or hear them. */
export function AsTable({ caption, unitKey, points }: AsTableProps) {
  return (
    <details class="more small as-table">
      <summary>{t("outcome.table")}</summary>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t("outcome.table.day")}</th>
            <th scope="col">{t(unitKey)}</th>
          </tr>
        </thead>
        <tbody>
          {[...points].reverse().map(({ at, value }) => (
            <tr key={at}>
              <td>{new Date(at).toLocaleDateString(REGION, { day: "numeric", month: "short", year: "numeric" })}</td>
              <td>{Math.round(value * 10) / 10}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
