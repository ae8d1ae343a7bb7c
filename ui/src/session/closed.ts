/**
 * Whether a session can be started today, asked before its start so that nobody is sent away after it. In: what is wished. Out: why not,
 * or null. The server decides again at the start; this only tells sooner. Next file: `Setup.tsx`.
 */
import { useEffect, useState } from "preact/hooks";
import { ask } from "../api/client";
import type { Today } from "../api/types";
import type { Mode } from "../generated/messages";
import { say, t } from "../text/catalogue";

export interface Closed {
  readonly sentences: readonly string[];
  readonly rule_ids: readonly string[];
  /** A danger sign: the demonstration is closed as well. */
  readonly isShut: boolean;
}

function tell(key: string, isShut = false): Closed {
  return { sentences: [t(key)], rule_ids: [], isShut };
}

/** Why this exercise is closed today; null: it is open. */
export function findClosed(today: Today, exercise_id: string): Closed | null {
  const { screening_state, plan, check_in } = today;
  if (screening_state !== "valid" && screening_state !== "locked") {
    return tell("problem.screening-needed", today.alarm !== null);
  }
  if (screening_state === "valid" && (!plan || !check_in)) return tell("problem.check-in-needed");
  const technique = plan?.techniques.find(({ id }) => id === exercise_id);
  const isOpen = technique ? technique.available : screening_state === "valid" && !plan?.lock;
  if (isOpen) return null;
  const reasons = plan?.lock?.reasons ?? technique?.reasons ?? [];
  const isShut = screening_state === "locked";
  if (reasons.length === 0) return tell("problem.not-allowed-today", isShut);
  return { sentences: [...new Set(reasons.map(say))], rule_ids: reasons.map(({ rule_id }) => rule_id), isShut };
}

/** Asks before the start; the demonstration is open unless a danger sign closes everything. */
export function useClosed(exercise_id: string, mode: Mode, isResumed: boolean): Closed | null {
  const [closed, setClosed] = useState<Closed | null>(null);
  const isAsked = !isResumed;
  useEffect(() => {
    let isWanted = isAsked;
    setClosed(null);
    if (isAsked) {
      void ask<Today>("GET", "/api/today").then((answer) => {
        if (!isWanted || !answer.ok) return;
        const found = findClosed(answer.value, exercise_id);
        setClosed(mode !== "demo" || found?.isShut ? found : null);
      });
    }
    return () => {
      isWanted = false;
    };
  }, [exercise_id, mode, isAsked]);
  return closed;
}
