/** Numbers of the ring. In: how much of how much. Out: what an SVG circle of path length 1000 wants. Pure. Next file: `Ring.tsx`. */

/** Length that the circle pretends to have, so that no radius enters. */
export const RING_LENGTH = 1000;
const GAP = 14;

/** Dash pattern of a ring that is filled to `share` (0 to 1). */
export function dashOf(share: number): string {
  const filled = RING_LENGTH * Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0));
  return `${filled.toFixed(1)} ${RING_LENGTH}`;
}

/** Dash pattern of `n_done` of `n_parts` parts with gaps between them. */
export function partsOf(n_parts: number, n_done: number): string {
  const count = Math.min(Math.max(0, Math.floor(n_done)), n_parts);
  if (n_parts < 1 || count === 0) return `0 ${RING_LENGTH}`;
  const part = RING_LENGTH / n_parts;
  const marks: number[] = [];
  for (let i = 0; i < count; i++) marks.push(part - GAP, GAP);
  marks[marks.length - 1] = RING_LENGTH;
  return marks.map((mark) => mark.toFixed(1)).join(" ");
}
