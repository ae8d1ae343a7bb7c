/** The server's words (generated), and the few that only the pages use. */
import type { SessionRow } from "../generated/api";

export type * from "../generated/api";

/** What an RFC 9457 document of the server comes to for a page; also for what never reached it. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly key: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly error_id: string | null;
}

export type Stiffness = "no" | "bit" | "very";
export type Side = "right" | "left" | "both";
export type Mode = SessionRow["mode"];
export type AnswerWord = "yes" | "no" | "unsure";
