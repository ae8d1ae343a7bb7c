/**
 * The whole catalogue, told by the server once while the page opens: sentences are no scripts, and most of them belong to pages
 * that need the server anyway. Next file: `app/App.tsx`.
 */
import { signal } from "@preact/signals";
import { ask, whenServerReturns } from "../api/client";
import { addTexts } from "./catalogue";

const AGAIN_MS = 1500;

/** Whether every page can speak. The help page can from the start. */
export const areTextsHere = signal(false);

export async function loadTexts(): Promise<void> {
  const answer = await ask<Readonly<Record<string, string>>>("GET", "/api/catalogue");
  if (answer.ok) {
    addTexts(answer.value);
    areTextsHere.value = true;
  } else if (answer.problem.status === 0 || answer.problem.status === 401) {
    whenServerReturns(() => void loadTexts());
  } else {
    setTimeout(() => void loadTexts(), AGAIN_MS);
  }
}
