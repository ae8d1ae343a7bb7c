import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ask, markStopped, server, toProblem, whenServerReturns } from "../src/api/client";

function reply(status: number, body: unknown): Response {
  return new Response(status === 204 ? null : JSON.stringify(body), { status });
}

describe("asking the server", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    server.value = "unknown";
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("gives the value", async () => {
    vi.stubGlobal(
      "fetch",
      vi.fn(async () => reply(200, { version: "1" })),
    );
    expect(await ask("GET", "/api/status")).toEqual({ ok: true, value: { version: "1" } });
    expect(server.value).toBe("here");
  });

  it("takes an empty answer", async () => {
    vi.stubGlobal(
      "fetch",
      vi.fn(async () => reply(204, null)),
    );
    expect(await ask("PUT", "/api/screening/draft", {})).toEqual({ ok: true, value: null });
  });

  it("turns a problem document into its message", async () => {
    const document = { code: "session-unknown", key: "problem.session-unknown", params: { n: 1 }, error_id: null };
    vi.stubGlobal(
      "fetch",
      vi.fn(async () => reply(404, document)),
    );
    const answer = await ask("GET", "/api/sessions/x");
    expect(answer).toEqual({ ok: false, problem: { status: 404, ...document } });
  });

  it("never shows what is not a problem document", async () => {
    vi.stubGlobal(
      "fetch",
      vi.fn(async () => new Response("<h1>Traceback</h1>", { status: 500 })),
    );
    const answer = await ask("GET", "/api/today");
    expect(answer.ok ? null : answer.problem.key).toBe("ui.problem.unknown");
    expect(JSON.stringify(answer)).not.toContain("Traceback");
  });

  it("says when the page has no key", async () => {
    vi.stubGlobal(
      "fetch",
      vi.fn(async () => reply(401, { code: "no-key", key: "problem.no-key" })),
    );
    await ask("GET", "/api/today");
    expect(server.value).toBe("no-key");
  });

  it("notices that the server stopped, looks for it, and goes on once", async () => {
    const fetch = vi.fn(async (): Promise<Response> => Promise.reject(new TypeError("refused")));
    vi.stubGlobal("fetch", fetch);
    const answer = await ask("GET", "/api/today");
    expect(answer.ok ? null : answer.problem.code).toBe("server-stopped");
    expect(server.value).toBe("stopped");

    const again = vi.fn();
    const never = vi.fn();
    whenServerReturns(again);
    whenServerReturns(never)();
    await vi.advanceTimersByTimeAsync(5000);
    expect(again).not.toHaveBeenCalled();

    fetch.mockImplementation(async () => reply(200, {}));
    await vi.advanceTimersByTimeAsync(5000);
    expect(server.value).toBe("here");
    expect(again).toHaveBeenCalledTimes(1);
    expect(never).not.toHaveBeenCalled();
  });

  it("hears of a stop from the live connection, too", async () => {
    vi.stubGlobal(
      "fetch",
      vi.fn(async () => reply(200, {})),
    );
    markStopped();
    expect(server.value).toBe("stopped");
    await vi.advanceTimersByTimeAsync(5000);
    expect(server.value).toBe("here");
  });

  it("reads only texts and numbers it knows from a problem", () => {
    expect(toProblem(500, null)).toEqual({
      status: 500,
      code: "unknown",
      key: "ui.problem.unknown",
      params: {},
      error_id: null,
    });
  });
});
