/**
 * The way to the server. In: a method, a path, a body. Out: an `Answer`, never an exception; and the signal `server`, which
 * says whether Unkink on this computer still answers. Next file: `app/state.ts`.
 */
import { signal } from "@preact/signals";
import type { Problem } from "./types";

/** `stopped`: nothing answers on this computer. `no-key`: it answers, but this page was opened without its one-time key. */
export type ServerState = "unknown" | "here" | "stopped" | "no-key";

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export const server = signal<ServerState>("unknown");

const RETRY_MS = 1500;
const HEARTBEAT_MS = 5000;
let retry: ReturnType<typeof setTimeout> | undefined;
const waiting = new Set<() => void>();

const STOPPED: Problem = {
  status: 0,
  code: "server-stopped",
  key: "ui.server.stopped.title",
  params: {},
  error_id: null,
};

/** Run `again` once, as soon as the server answers after it had stopped. Returns how to take that back. */
export function whenServerReturns(again: () => void): () => void {
  waiting.add(again);
  return () => waiting.delete(again);
}

function markHere(): void {
  const wasAway = server.value === "stopped" || server.value === "no-key";
  server.value = "here";
  if (!wasAway) return;
  const all = [...waiting];
  waiting.clear();
  for (const again of all) again();
}

/** Say that the server did not answer (also called by the live connection); looks for it until it is back. */
export function markStopped(): void {
  server.value = "stopped";
  clearTimeout(retry);
  retry = setTimeout(() => void ask("GET", "/api/status"), RETRY_MS);
}

/** Look now and then whether the server is still there, so that a page says so before an answer is lost. */
export function startHeartbeat(): void {
  setInterval(() => {
    if (server.value === "here" && document.visibilityState === "visible") void ask("GET", "/api/status");
  }, HEARTBEAT_MS);
  // The key may have come with another tab, or the computer may have slept.
  addEventListener("focus", () => void ask("GET", "/api/status"));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** A problem document (RFC 9457) as a message; anything else as the one message for what we did not foresee. */
export function toProblem(status: number, body: unknown): Problem {
  const document = isRecord(body) ? body : {};
  const key = document.key ?? document.message_key;
  return {
    status,
    code: typeof document.code === "string" ? document.code : "unknown",
    key: typeof key === "string" ? key : "ui.problem.unknown",
    params: isRecord(document.params) ? (document.params as Record<string, string | number>) : {},
    error_id: typeof document.error_id === "string" ? document.error_id : null,
  };
}

export async function ask<T>(
  method: "GET" | "PUT" | "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<Answer<T>> {
  const init: RequestInit = { method, credentials: "same-origin", headers: { Accept: "application/json" } };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { ...init.headers, "Content-Type": "application/json" };
  }
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    markStopped();
    return { ok: false, problem: STOPPED };
  }
  const content: unknown = response.status === 204 ? null : await response.json().catch(() => null);
  if (response.ok) {
    markHere();
    return { ok: true, value: content as T };
  }
  if (response.status === 401) server.value = "no-key";
  else markHere();
  return { ok: false, problem: toProblem(response.status, content) };
}
