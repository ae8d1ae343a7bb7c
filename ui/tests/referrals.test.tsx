import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Referral } from "../src/api/types";
import { settings } from "../src/app/state";
import { Referrals, Telling } from "../src/pages/Referrals";

const NIGHTS: Referral = {
  rule_id: "R08",
  urgency: "days",
  whom: "doctor",
  title: "Pain wakes you",
  reason: { key: "referral.R08.reason", params: { n: 3 } },
  text: "You told us you woke on 3 nights.",
  whom_text: "Your doctor",
  when_text: "In the next days",
  card: null,
  raised_at: "2026-11-22T12:00:00Z",
  is_open: true,
  snoozed_until: null,
  can_snooze: true,
  rows: ["U07"],
  answer: null,
  answered_at: null,
};
const NERVE: Referral = { ...NIGHTS, rule_id: "R09", urgency: "same-day", can_snooze: false, card: "nerves" };

function show(node: preact.ComponentChild): HTMLElement {
  const place = document.createElement("div");
  document.body.append(place);
  act(() => render(node, place));
  return place;
}
const wordsOf = (place: Element) => [...place.querySelectorAll("button")].map((button) => button.textContent);

afterEach(() => {
  document.body.replaceChildren();
  settings.value = { ...settings.value, emergency_number: "", crisis_line: "" };
  vi.unstubAllGlobals();
});

describe("a reason to talk to somebody", () => {
  it("says why, whom and how soon, and can be put off", () => {
    const place = show(<Referrals open={[NIGHTS]} onDone={() => undefined} />);
    expect(place.textContent).toContain("You told us you woke on 3 nights.");
    expect(place.textContent).toContain("Your doctor");
    expect(wordsOf(place)).toEqual(["It is arranged", "I have been seen", "Remind me in a week"]);
  });

  it("cannot be put off when it is for today, and is always shown", () => {
    const place = show(<Referrals open={[NERVE, { ...NERVE, rule_id: "R03" }, NIGHTS]} onDone={() => undefined} />);
    const shown = [...place.querySelectorAll(".referral")].filter((card) => !card.closest(".more-referrals"));
    expect(shown).toHaveLength(2);
    for (const card of shown) expect(wordsOf(card)).not.toContain("Remind me in a week");
    expect(place.querySelector(".more-referrals summary")?.textContent).toContain("1 more");
  });

  it("is asked of the server as an answer", async () => {
    const fetch = vi.fn().mockResolvedValue(new Response(JSON.stringify({ referrals: [] }), { status: 200 }));
    vi.stubGlobal("fetch", fetch);
    const onDone = vi.fn();
    const place = show(<Referrals open={[NIGHTS]} onDone={onDone} />);
    await act(async () => [...place.querySelectorAll("button")][1]?.click());
    await vi.waitFor(() => expect(onDone).toHaveBeenCalledTimes(1));
    expect(fetch.mock.calls[0]?.[0]).toBe("/api/referrals/answer");
    expect(fetch.mock.calls[0]?.[1].body).toBe('{"rule_id":"R08","answer":"seen"}');
  });
});

describe("telling", () => {
  it("shows whom to call when it is too much, also when nothing answers", async () => {
    vi.stubGlobal("fetch", vi.fn().mockRejectedValue(new TypeError("gone")));
    settings.value = { ...settings.value, emergency_number: "112", crisis_line: "12 34" };
    const place = show(<Telling onTold={() => undefined} onClose={() => undefined} />);
    const crisis = [...place.querySelectorAll("button")].find((b) => b.textContent?.includes("too much"));
    await act(async () => crisis?.click());
    expect(place.textContent).toContain("Call 12 34.");
    expect(place.querySelector('a[href="tel:112"]')).not.toBeNull();
    expect(place.textContent).not.toMatch(/\{\w+\}/);
  });
});
