/**
 * Somebody who presses twice by habit. In: clicks. Out: nothing; the second press of a double click was meant for what was there before the
 * first: it may not answer the next page, and not take back a tick.
 */
const PRESSED = "a, button:not(.hurts, .help-now), label, summary";

function ignoreSecond(event: MouseEvent): void {
  if (event.detail < 2 || !(event.target as Element | null)?.closest?.(PRESSED)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

export function startPressGuard(): void {
  addEventListener("click", ignoreSecond, true);
}
