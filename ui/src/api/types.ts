/** The server's words, as the pages read them. Will follow `generated/api.ts`. */
import type { Params } from "../text/catalogue";

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly key: string;
  readonly params: Params;
  readonly error_id: string | null;
}

export interface Settings {
  readonly emergency_number: string;
  readonly sound: "voice" | "bell" | "silent";
  readonly voice_name: string | null;
  readonly mirrored: boolean;
  readonly theme: "auto" | "light" | "dark";
  readonly reduced_motion: "auto" | "on" | "off";
  readonly record_landmarks: boolean;
  readonly big_numerals: boolean;
}

export interface Status {
  readonly version: string;
  readonly rules_version: string;
  readonly emergency_number: string;
  readonly mode: string;
}
