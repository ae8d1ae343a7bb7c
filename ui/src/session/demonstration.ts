/**
 * The demonstration of the mobility check: its film goes on by itself, the check does not. In: the part that the check is at, and where the
 * film is. Out: where the film has to go on, if not where it is. Pure. Next file: `feed.ts`.
 */

/** Where each part is in the film, seconds; at both ends the person sits at ease. */
const PARTS: Readonly<Record<string, readonly [number, number]>> = {
  "warm-up-turn": [0, 20.5],
  "warm-up-bend": [52, 85],
  turn: [20, 52.5],
  bend: [52, 85],
  head: [84.5, 117.5],
};
/** The next part may begin a little before its place. */
const EARLY_S = 3;

export function findPlace(part: string, at_s: number): number | null {
  const place = PARTS[part];
  if (!place) return null;
  const [from_s, to_s] = place;
  return at_s < from_s - EARLY_S || at_s > to_s ? from_s : null;
}
