/** Lines through scattered points, for charts. In: times and values. Out: a smooth line. No drawing here. */

export interface Point {
  readonly at: number;
  readonly value: number;
}

/** Points as the server tells them. */
export function toTimes(points: readonly { at: string; value: number }[]): readonly Point[] {
  return points.map(({ at, value }) => ({ at: Date.parse(at), value }));
}

/** Weighted mean around `at`, bell-shaped weights; `width` in the unit of `at`. */
export function smoothAt(points: readonly Point[], at: number, width: number): number {
  let sum = 0;
  let weight = 0;
  for (const point of points) {
    const distance = (point.at - at) / width;
    const w = Math.exp(-0.5 * distance * distance);
    sum += w * point.value;
    weight += w;
  }
  return weight > 0 ? sum / weight : Number.NaN;
}

/** `n` points of the smoothed line from the first to the last of `points`. */
export function smooth(points: readonly Point[], n: number, width: number): readonly Point[] {
  const first = points[0];
  const last = points[points.length - 1];
  if (!first || !last) return [];
  if (first.at === last.at) return [{ at: first.at, value: smoothAt(points, first.at, width) }];
  const line: Point[] = [];
  for (let i = 0; i < n; i++) {
    const at = first.at + ((last.at - first.at) * i) / (n - 1);
    line.push({ at, value: smoothAt(points, at, width) });
  }
  return line;
}

export function toPath(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join(" ");
}
