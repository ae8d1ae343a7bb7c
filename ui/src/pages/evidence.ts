/** Grades of evidence in plain words. In: the rows of a technique. Out: what may honestly be said. */
import type { Evidence } from "../api/types";

const ORDER = ["A", "B", "C", "D"] as const;

/** The grade that most rows of a technique have; of two equally common ones, the weaker. */
export function usualGrade(evidence: readonly Evidence[]): string | null {
  let best: string | null = null;
  let most = 0;
  for (const grade of ORDER) {
    const n = evidence.filter((row) => row.grade === grade).length;
    if (n > 0 && n >= most) {
      most = n;
      best = grade;
    }
  }
  return best;
}
