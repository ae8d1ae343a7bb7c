/**
 * A stop that the page decides by itself, when the server cannot be asked. In: what the person told. Out: a verdict like the server's. Pure.
 * It only ever stops: going on is for the rules to allow. Next file: `controller.ts`.
 */
import type { PainKind, VerdictMessage } from "../generated/messages";

/** Kinds of pain after which the rules always stop (L03, S04, S05); numbers are left to the rules. */
const STOPPING: readonly PainKind[] = ["sharp", "electric", "spreading"];

export function mustStop(kind: PainKind): boolean {
  return STOPPING.includes(kind);
}

export function ownStop(key: string, rule_id: string, t_s: number): VerdictMessage {
  return { op: "verdict", t_s, kind: "stop", reasons: [{ rule_id, key, params: {} }], card: null };
}
