/** Names of techniques and the way to a session: shared by the pages that offer one. */
import type { Mode } from "../api/types";
import { has, REGION, t } from "../text/catalogue";

export function techniqueName(id: string): string {
  return t(`exercise.${id}.name`);
}

/** Name of the variant, or of the technique when there is none. */
export function doneName(id: string, variant: string | null): string {
  const key = variant ? `exercise.${variant}.name` : "";
  return key && has(key) ? t(key) : techniqueName(id);
}

const ORDER = ["TW", "SS", "WA", "FR"];

/** As the guide tells them; what puts pressure on the back comes last. */
export function inOrder<T extends { readonly code: string }>(techniques: readonly T[]): readonly T[] {
  return [...techniques].sort((a, b) => ORDER.indexOf(a.code) - ORDER.indexOf(b.code));
}

interface SessionWish {
  readonly exercise: string;
  readonly variant?: string | null | undefined;
  readonly mode: Mode;
  readonly isShort?: boolean;
  readonly resume?: string;
}

export function sessionHref({ exercise, variant, mode, isShort, resume }: SessionWish): string {
  const query = new URLSearchParams({ exercise, mode });
  if (variant) query.set("variant", variant);
  if (isShort) query.set("short", "1");
  if (resume) query.set("resume", resume);
  return `/session?${query}`;
}

export function formatDay(iso: string, { isLong = false }: { isLong?: boolean } = {}): string {
  return new Date(iso).toLocaleDateString(REGION, {
    weekday: isLong ? "long" : "short",
    day: "numeric",
    month: isLong ? "long" : "short",
  });
}

export function formatMoment(iso: string): string {
  const at = new Date(iso);
  return `${formatDay(iso)}, ${at.toLocaleTimeString(REGION, { hour: "numeric", minute: "2-digit" })}`;
}

export function minutesOf(duration_s: number): number {
  return Math.max(1, Math.round(duration_s / 60));
}
