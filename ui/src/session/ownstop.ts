/**
 * A stop that the page decides by itself, when the server cannot be asked. In: what the person told. Out: a verdict like the server's. Pure.
 * It only ever stops: going on is for the rules to allow. Next file: `controller.ts`.
 */
import { STOPS } from "virtual:safety-cards";
import type { PainKind, VerdictMessage } from "../generated/messages";

/** Kinds of pain after which the rules always stop (L03, S04, S05); numbers are left to the rules. */
const STOPPING: readonly PainKind[] = ["sharp", "electric", "spreading"];

export function mustStop(kind: PainKind): boolean {
  return STOPPING.includes(kind);
}

const CARD_OF_PAIN = "pain";

export function ownStop(rule_id: string | null, t_s: number): VerdictMessage {
  const stop = STOPS.find(({ id }) => id === rule_id);
  const reason = stop
    ? { rule_id: stop.id, key: `safety.stop.${stop.id}`, params: {} }
    : { rule_id: "page", key: "session.stop.own.pain", params: {} };
  return { op: "verdict", t_s, kind: "stop", reasons: [reason], card: stop?.card ?? CARD_OF_PAIN };
}
