/** Texts of a technique by its id. In: ids. Out: keys that exist. Next file: `Setup.tsx`. */
import { has, listKeys } from "../text/catalogue";

/** The mobility check: a session of parts in which something is measured, no technique. */
export const MOBILITY_ID = "mobility-check";

export type Position = "sitting" | "standing" | "lying";

const POSITIONS: Readonly<Record<string, Position>> = {
  "seated-twist": "sitting",
  [MOBILITY_ID]: "sitting",
  "standing-side-stretch": "standing",
  "wall-angels": "standing",
  "foam-roller": "lying",
};

export function positionOf(exercise_id: string): Position {
  return POSITIONS[exercise_id] ?? "standing";
}

/** Key of the name of what is done: the variant's, where there is one. */
export function nameKeyOf(exercise_id: string, variant: string | null | undefined): string {
  return pick(exercise_id, variant, "name");
}

export function whatKeyOf(exercise_id: string, variant: string | null | undefined): string {
  return pick(exercise_id, variant, "what");
}

function pick(exercise_id: string, variant: string | null | undefined, what: string): string {
  const key = `exercise.${variant ?? exercise_id}.${what}`;
  return has(key) ? key : `exercise.${exercise_id}.${what}`;
}

/** Keys of what to prepare, in the order of the catalogue. */
export function setupKeysOf(exercise_id: string, variant: string | null | undefined): readonly string[] {
  for (const id of [variant, exercise_id]) {
    const keys = listKeys().filter((key) => key.startsWith(`exercise.${id}.setup.`));
    if (keys.length > 0) return keys;
  }
  return [];
}
