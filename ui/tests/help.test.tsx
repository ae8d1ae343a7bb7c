import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import { settings } from "../src/app/state";
import { EmergencyScreen } from "../src/pages/EmergencyScreen";
import { HelpContent } from "../src/pages/HelpPage";

function show(node: preact.ComponentChild): HTMLElement {
  const place = document.createElement("div");
  document.body.append(place);
  act(() => render(node, place));
  return place;
}

afterEach(() => {
  document.body.replaceChildren();
  settings.value = { ...settings.value, emergency_number: "" };
  vi.unstubAllGlobals();
});

describe("the help", () => {
  it("needs no server", () => {
    const fetch = vi.fn();
    vi.stubGlobal("fetch", fetch);
    settings.value = { ...settings.value, emergency_number: "999" };
    const place = show(<HelpContent />);
    expect(place.querySelector('a[href="tel:999"]')?.textContent).toContain("999");
    expect(place.textContent).not.toMatch(/\{\w+\}/);
    expect(place.textContent).not.toMatch(/\b(help|ui|screening)\.[a-z]+\./);
    expect(fetch).not.toHaveBeenCalled();
  });

  it("never invents a number", () => {
    const place = show(<HelpContent />);
    expect(place.querySelector('a[href^="tel:"]')).toBeNull();
    expect(place.textContent).toContain("your local emergency number");
    expect(place.querySelectorAll('input[type="radio"]').length).toBeGreaterThan(3);
  });

  it("says for a ticked sign what it can be and what to say", () => {
    settings.value = { ...settings.value, emergency_number: "112" };
    const onMistake = vi.fn();
    const place = show(<EmergencyScreen ruleIds={["E02", "E10"]} onMistake={onMistake} onGoOn={() => undefined} />);
    expect(place.querySelector('[role="alertdialog"]')?.textContent).toContain("112");
    expect(place.textContent).toContain("Sudden tearing back pain");
    const mistake = [...place.querySelectorAll("button")].find((b) => b.textContent?.includes("mistake"));
    act(() => mistake?.click());
    expect(onMistake).toHaveBeenCalledTimes(1);
  });
});
