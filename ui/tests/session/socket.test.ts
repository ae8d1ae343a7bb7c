import { encode } from "@msgpack/msgpack";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ToPage } from "../../src/generated/messages";
import { type Connection, LiveSocket } from "../../src/session/socket";
import { makeWelcome } from "./builders";

class FakeSocket {
  static all: FakeSocket[] = [];
  binaryType = "";
  readyState = 0;
  bufferedAmount = 0;
  sent: Uint8Array[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }
  open() {
    this.readyState = 1;
    this.onopen?.();
  }
  tell(message: ToPage) {
    const bytes = encode(message);
    this.onmessage?.({ data: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) });
  }
  send(data: Uint8Array) {
    this.sent.push(data);
  }
  close() {
    this.readyState = 3;
  }
  fall() {
    this.readyState = 3;
    this.onclose?.();
  }
}

async function decodeAll(socket: FakeSocket) {
  const { decode } = await import("@msgpack/msgpack");
  return socket.sent.map((bytes) => decode(bytes) as Record<string, never>);
}

function makeSocket() {
  const connections: Connection[] = [];
  const messages: ToPage[] = [];
  const socket = new LiveSocket(
    { onMessage: (message) => messages.push(message), onConnection: (connection) => connections.push(connection) },
    () => ({ model: "lite", delegate: "CPU" }),
    "ws://127.0.0.1:1/live",
    (url) => new FakeSocket(url) as never,
  );
  return { socket, connections, messages };
}

beforeEach(() => {
  FakeSocket.all = [];
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

const tick = { op: "tick", t_s: 1 } as const;

describe("LiveSocket", () => {
  it("says hello first, and nothing else before the welcome", async () => {
    const { socket } = makeSocket();
    socket.open({ exercise_id: "seated-twist", mode: "camera" });
    const first = FakeSocket.all[0]!;
    first.open();
    expect(socket.send(tick)).toBe(false);
    first.tell(makeWelcome());
    expect(socket.send(tick)).toBe(true);
    expect((await decodeAll(first)).map((message) => message["op"])).toEqual(["hello", "tick"]);
  });

  it("goes on with the same session after the server fell", async () => {
    const { socket, connections } = makeSocket();
    socket.open({ exercise_id: "seated-twist", mode: "camera" });
    FakeSocket.all[0]!.open();
    FakeSocket.all[0]!.tell(makeWelcome({ session_id: "abc" }));
    FakeSocket.all[0]!.fall();
    expect(connections.at(-1)).toBe("lost");
    expect(socket.send(tick)).toBe(false);
    vi.advanceTimersByTime(600);
    FakeSocket.all[1]!.fall();
    vi.advanceTimersByTime(4000);
    const back = FakeSocket.all.at(-1)!;
    back.open();
    back.tell(makeWelcome({ session_id: "abc", resumed: true, t_s: 12 }));
    expect((await decodeAll(back))[0]!["session"]).toMatchObject({ resume_id: "abc" });
    expect(connections.at(-1)).toBe("open");
    expect(socket.send(tick)).toBe(true);
  });

  it("does not knock again after the end, nor when another tab has taken over", () => {
    for (const last of [
      { op: "summary", session_id: "abc" },
      { op: "problem", code: "session-taken-over", key: "x", params: {}, error_id: null, fatal: true },
    ] as const) {
      FakeSocket.all = [];
      const { socket, connections } = makeSocket();
      socket.open({ exercise_id: "seated-twist", mode: "camera" });
      FakeSocket.all[0]!.open();
      FakeSocket.all[0]!.tell(makeWelcome());
      FakeSocket.all[0]!.tell(last);
      FakeSocket.all[0]!.fall();
      vi.advanceTimersByTime(60_000);
      expect(FakeSocket.all).toHaveLength(1);
      expect(connections.at(-1)).toBe("none");
    }
  });

  it("leaves pictures out when the way is full, and lets go of a server that does not read", () => {
    const { socket, connections } = makeSocket();
    socket.open({ exercise_id: "seated-twist", mode: "camera" });
    const first = FakeSocket.all[0]!;
    first.open();
    first.tell(makeWelcome());
    first.bufferedAmount = 20_000;
    expect(socket.send({ op: "frame", t_s: 1, image: null })).toBe(false);
    expect(socket.send(tick)).toBe(true);
    first.bufferedAmount = 100_000;
    expect(socket.send(tick)).toBe(false);
    expect(connections.at(-1)).toBe("lost");
  });

  it("packs landmarks as bytes of 33 x 4 little-endian float32", async () => {
    const { socket } = makeSocket();
    socket.open({ exercise_id: "seated-twist", mode: "camera" });
    const first = FakeSocket.all[0]!;
    first.open();
    first.tell(makeWelcome());
    const values = new Float32Array(132).fill(0.25);
    socket.send({ op: "frame", t_s: 1.5, image: new Uint8Array(values.buffer) });
    const frame = (await decodeAll(first)).at(-1)! as unknown as { image: Uint8Array };
    expect(frame.image.byteLength).toBe(528);
    const view = new DataView(frame.image.buffer, frame.image.byteOffset);
    expect(view.getFloat32(4 * 131, true)).toBe(0.25);
  });
});
