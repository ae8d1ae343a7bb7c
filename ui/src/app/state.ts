/**
 * What all pages share. In: the server's answers and this device's own wishes. Out: signals. Kept in this browser too, so that
 * the look, the sound and the emergency number are there when the server is not. Next file: `app/App.tsx`.
 */
import { computed, effect, signal } from "@preact/signals";
import { ask } from "../api/client";
import type { Settings, Status } from "../api/types";

const STORED = "unkink.settings";

const FALLBACK: Settings = {
  emergency_number: "",
  crisis_line: "",
  sound: "voice",
  voice_name: null,
  mirrored: true,
  theme: "auto",
  reduced_motion: "auto",
  record_landmarks: false,
  big_numerals: false,
  equipment: ["chair", "wall", "roller", "towel"],
  floor: true,
};

function readStored(): Settings {
  try {
    return { ...FALLBACK, ...(JSON.parse(localStorage.getItem(STORED) ?? "{}") as Partial<Settings>) };
  } catch {
    return FALLBACK;
  }
}

export const settings = signal<Settings>(readStored());
export const status = signal<Status | null>(null);
export const emergencyNumber = computed(() => settings.value.emergency_number || status.value?.emergency_number || "");

/** Whether the "I need help now" sheet lies over the page. A session pauses while it does. */
export const isHelpOpen = signal(false);
/** The safety questions were answered just now and close nothing; here and not in the address, for addresses are kept. */
export const isAllClear = signal(false);

const wantsLessMotion = matchMedia("(prefers-reduced-motion: reduce)");
const systemReducesMotion = signal(wantsLessMotion.matches);
wantsLessMotion.addEventListener("change", (event) => {
  systemReducesMotion.value = event.matches;
});

/** No movement: rings become bars, loops become stills. */
export const isMotionReduced = computed(() =>
  settings.value.reduced_motion === "auto" ? systemReducesMotion.value : settings.value.reduced_motion === "on",
);

function keep(value: Settings): void {
  settings.value = value;
  try {
    localStorage.setItem(STORED, JSON.stringify(value));
  } catch {
    // A full or forbidden storage costs only the copy in this browser.
  }
}

export async function loadSettings(): Promise<void> {
  const [found, state] = await Promise.all([ask<Settings>("GET", "/api/settings"), ask<Status>("GET", "/api/status")]);
  if (state.ok) status.value = state.value;
  if (!found.ok) return;
  const known = settings.value.emergency_number;
  keep({ ...FALLBACK, ...found.value, emergency_number: found.value.emergency_number || known });
  // Chosen here while the server was away.
  if (known && !found.value.emergency_number) void changeSettings({ emergency_number: known });
}

/** Change settings here at once and on the server when it answers. */
export async function changeSettings(change: Partial<Settings>): Promise<boolean> {
  keep({ ...settings.value, ...change });
  const answer = await ask<Settings>("PUT", "/api/settings", change);
  return answer.ok;
}

export function applyLook(): void {
  effect(() => {
    const root = document.documentElement;
    root.dataset.theme = settings.value.theme;
    root.dataset.motion = isMotionReduced.value ? "reduced" : "full";
    root.dataset.numerals = settings.value.big_numerals ? "big" : "normal";
  });
}
