/**
 * Parts of the page that come when they are needed: in, how to fetch one; out, a component that waits for it. Idle time fetches
 * the small ones ahead, so that they are there when the server is not. Next file: `app/App.tsx`.
 */
import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { markStopped, whenServerReturns } from "../api/client";
import { Waiting } from "../design/Mark";
import { t } from "../text/catalogue";

const ahead: (() => void)[] = [];
const FETCH_AHEAD_MS = 1200;

interface LaterOptions {
  /** Large, or seldom wanted: fetched only when it is opened. */
  readonly isHeavy?: boolean;
}

export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  { isHeavy = false }: LaterOptions = {},
): ComponentType<P> {
  const loaded = signal<ComponentType<P> | null>(null);
  let isAsked = false;
  const fetchIt = () => {
    if (isAsked) return;
    isAsked = true;
    load().then(
      (part) => {
        loaded.value = part;
      },
      () => {
        // A browser remembers a script that did not come: only a fresh page asks for it again.
        markStopped();
        whenServerReturns(() => location.reload());
      },
    );
  };
  if (!isHeavy) ahead.push(fetchIt);
  return function Later(props: P) {
    useEffect(fetchIt, []);
    const Part = loaded.value;
    useEffect(() => {
      // The page has come after the arrival: its heading takes the focus that waited on the page as a whole.
      if (!Part || document.activeElement?.id !== "content") return;
      const heading = document.querySelector<HTMLElement>("main h1");
      heading?.setAttribute("tabindex", "-1");
      heading?.focus({ preventScroll: true });
    }, [Part]);
    return Part ? <Part {...props} /> : <Waiting label={t("ui.waiting")} />;
  };
}

/** Fetch the small parts while nothing else is going on. */
export function fetchAhead(): void {
  setTimeout(() => {
    for (const fetchIt of ahead) fetchIt();
  }, FETCH_AHEAD_MS);
}
