/**
 * What the person says of pain and of stop signs. In: the report, and a way to send. Out: a message, and, when nothing answers, a stop by the
 * page itself: safety does not hang on the connection. Next file: `controller.ts`.
 */
import type { FromPage, PainKind, VerdictMessage } from "../generated/messages";
import { ownStop, signOf } from "./ownstop";

/** How long the server may take to judge before the page stops by itself. */
export const VERDICT_MS = 2500;

export interface ReportWays {
  send(message: FromPage): boolean;
  stamp(): number;
  after(wait_ms: number, run: () => void): void;
  /** When the server was last heard, on the clock of `performance.now()`. */
  heard_ms(): number;
  isStopped(): boolean;
  stop(verdict: VerdictMessage): void;
  /** Tell of a sign by the other door, once the session is over; says whether it was taken. */
  tellLate(rule_id: string): Promise<boolean>;
}

export class Reports {
  /** What could not be told is owed: the diary has to know of it when the server is back. */
  readonly #owed: (() => FromPage)[] = [];
  /** Signs told that no verdict has named yet. */
  readonly #unheard = new Set<string>();

  constructor(private readonly ways: ReportWays) {}

  pain(score: number, kind: PainKind): void {
    const sign = signOf(kind);
    if (sign !== null) this.#unheard.add(sign);
    const isSent = this.#tell(() => ({ op: "pain", t_s: this.ways.stamp(), score, kind }));
    this.#expectAnswer(isSent, sign !== null, sign);
  }

  sign(rule_id: string): void {
    this.#unheard.add(rule_id);
    const isSent = this.#tell(() => ({ op: "symptom", t_s: this.ways.stamp(), rule_id }));
    this.#expectAnswer(isSent, true, rule_id);
  }

  /** The server is back: tell what is owed. */
  settle(): void {
    for (const make of this.#owed.splice(0)) this.ways.send(make());
  }

  hear(verdict: VerdictMessage): void {
    for (const { rule_id } of verdict.reasons) this.#unheard.delete(rule_id);
  }

  /** The session is over: what came too late for it must not be lost. */
  close(): void {
    this.#owed.length = 0;
    for (const rule_id of this.#unheard) {
      void this.ways.tellLate(rule_id).then((isTaken) => isTaken && this.#unheard.delete(rule_id));
    }
  }

  #tell(make: () => FromPage): boolean {
    const isSent = this.ways.send(make());
    if (!isSent) this.#owed.push(make);
    return isSent;
  }

  #expectAnswer(isSent: boolean, isStopExpected: boolean, rule_id: string | null): void {
    const stop = () => this.ways.stop(ownStop(rule_id, this.ways.stamp()));
    if (!isSent) {
      stop();
      return;
    }
    const asked_ms = performance.now();
    this.ways.after(VERDICT_MS, () => {
      if (this.ways.isStopped()) return;
      if (isStopExpected || this.ways.heard_ms() <= asked_ms) stop();
    });
  }
}
