/** Grades of evidence in plain words. In: the rows of a technique. Out: what may honestly be said. */
import type { Evidence } from "../api/types";

const ORDER = "ABCD";

/** The weakest grade of a technique's rows: what is said of it is no firmer than what it stands on. A row without a grade is our own judgement. */
export function weakestGrade(evidence: readonly Evidence[]): string | null {
  const at = evidence.map(({ grade }) => ORDER.indexOf(grade ?? "D"));
  return ORDER[Math.max(...at)] ?? null;
}
