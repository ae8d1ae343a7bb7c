import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Why } from "../src/design/Why";

function show(node: preact.ComponentChild): HTMLElement {
  const place = document.createElement("div");
  document.body.append(place);
  act(() => render(node, place));
  return place;
}

async function open(place: HTMLElement): Promise<void> {
  const details = place.querySelector("details");
  if (!details) throw new Error("nothing to open");
  await act(async () => {
    details.open = true;
    details.dispatchEvent(new Event("toggle"));
    await new Promise((done) => setTimeout(done, 0));
  });
}

const BOOK = {
  rows: { U07: { sources: ["NHSBP", "BER08", "D"], grade: "A", provenance: "S2" } },
  sources: {
    NHSBP: { reference: "NHS back pain page", provenance: "S2", confirmed: "the list" },
    BER08: { reference: "Bereznick 2008", provenance: "M", confirmed: "not found" },
    D: { reference: "ours", provenance: "D", confirmed: "" },
  },
};

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

describe("why am I seeing this", () => {
  it("names the rule although nothing answers", async () => {
    vi.stubGlobal("fetch", vi.fn().mockRejectedValue(new TypeError("away")));
    const place = show(<Why ids={["U07"]} />);
    await open(place);
    expect(place.textContent).toContain("Rule U07");
    expect(place.textContent).toContain("as soon as Unkink on this computer answers again");
  });

  it("tells sources, grade in words and what is only remembered; asks for all rows at once", async () => {
    const fetch = vi.fn().mockResolvedValue(new Response(JSON.stringify(BOOK)));
    vi.stubGlobal("fetch", fetch);
    const place = show(<Why ids={["U07", "U07", "D"]} />);
    await open(place);
    expect(fetch.mock.calls[0]?.[0]).toBe("/api/evidence");
    expect(place.querySelectorAll("b")).toHaveLength(2);
    expect(place.textContent).toContain("Well supported");
    expect(place.textContent).toContain("What we read of it: the list.");
    expect(place.textContent).toContain("Bereznick 2008. From memory, not verified.");
    expect(place.textContent).not.toContain("not found");
    expect(place.textContent).toContain("Our own judgement. No direct evidence.");
  });

  it("is not there without a rule", () => {
    expect(show(<Why ids={[]} />).textContent).toBe("");
  });
});
