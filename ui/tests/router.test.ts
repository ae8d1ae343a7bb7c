import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { navigate, path, query, startRouter } from "../src/app/router";

let isTaken = false;

/** Whether the router took the click; the browser's own way is stopped after it, so that nothing is loaded. */
function click(html: string, init: MouseEventInit = {}): boolean {
  document.body.innerHTML = html;
  const event = new MouseEvent("click", { bubbles: true, cancelable: true, button: 0, ...init });
  document.body.querySelector("a")?.dispatchEvent(event);
  return isTaken;
}

describe("the way between pages", () => {
  beforeAll(() => {
    location.href = "http://127.0.0.1:8765/";
    startRouter();
    document.addEventListener("click", (event) => {
      isTaken = event.defaultPrevented;
      event.preventDefault();
    });
  });
  beforeEach(() => navigate("/"));

  it("follows links of this page without loading it again", () => {
    expect(click('<a href="/session?exercise=seated-twist">x</a>')).toBe(true);
    expect(path.value).toBe("/session");
    expect(query.value.get("exercise")).toBe("seated-twist");
  });

  it("leaves downloads, other windows, other hosts and modified clicks to the browser", () => {
    expect(click('<a href="/api/export" download>x</a>')).toBe(false);
    expect(click('<a href="/progress" target="_blank">x</a>')).toBe(false);
    expect(click('<a href="tel:112">x</a>')).toBe(false);
    expect(click('<a href="/progress">x</a>', { ctrlKey: true })).toBe(false);
    expect(path.value).toBe("/");
  });

  it("knows a page with and without a slash at its end", () => {
    navigate("/progress/");
    expect(path.value).toBe("/progress");
  });
});
