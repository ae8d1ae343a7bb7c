/**
 * A stop that the page decides by itself, when the server cannot be asked. In: what the person told. Out: a verdict like the server's. Pure.
 * It only ever stops: going on is for the rules to allow. Next file: `controller.ts`.
 */
import { PAIN_SIGNS, STOPS } from "virtual:safety-cards";
import type { PainKind, VerdictMessage } from "../generated/messages";

/** The stop sign that a kind of pain is, if it is one; what a score means is left to the rules. */
export function signOf(kind: PainKind): string | null {
  return PAIN_SIGNS[kind] ?? null;
}

const CARD_OF_PAIN = "pain";

export function ownStop(rule_id: string | null, t_s: number): VerdictMessage {
  const stop = STOPS.find(({ id }) => id === rule_id);
  const reason = stop
    ? { rule_id: stop.id, key: `safety.stop.${stop.id}`, params: {} }
    : { rule_id: "page", key: "session.stop.own.pain", params: {} };
  return { op: "verdict", t_s, kind: "stop", reasons: [reason], card: stop?.card ?? CARD_OF_PAIN };
}
