/**
 * The live connection. In: messages for the server. Out: its messages, and whether it is there. When the connection breaks it looks for the
 * server until it is back and goes on with the same session. Next file: `view.ts`.
 */
import { type ClientInfo, type FromPage, type SessionWish, type ToPage, VERSION } from "../generated/messages";
import { decode, encode } from "./msgpack";

export type Connection = "none" | "connecting" | "open" | "lost";

export interface SocketEvents {
  onMessage(message: ToPage): void;
  onConnection(connection: Connection): void;
}

interface SocketLike {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  onerror: ((event: Event) => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number): void;
}

export type OpenSocket = (url: string) => SocketLike;

const OPEN = 1;
/** Pictures wait for nothing: when this much is unsent, the next one is left out. */
const FULL_BYTES = 16_384;
/** So much unsent means that nobody reads at the other end. */
const STUCK_BYTES = 65_536;
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 3000;

export function liveUrl(at: Location): string {
  return `${at.protocol === "https:" ? "wss" : "ws"}://${at.host}/live`;
}

export class LiveSocket {
  #socket: SocketLike | null = null;
  #wish: SessionWish | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #retry_ms = FIRST_RETRY_MS;
  #isWanted = false;
  #isWelcome = false;

  constructor(
    private readonly events: SocketEvents,
    private readonly client: () => ClientInfo,
    private readonly url: string = liveUrl(location),
    private readonly openSocket: OpenSocket = (url) => new WebSocket(url) as SocketLike,
  ) {}

  /** Open, say hello, and from then on keep the session alive. */
  open(wish: SessionWish): void {
    this.#detach();
    this.#wish = wish;
    this.#isWanted = true;
    this.#retry_ms = FIRST_RETRY_MS;
    this.#connect();
  }

  /** True while the server knows this session. */
  get isWelcome(): boolean {
    return this.#isWelcome;
  }

  /** Send if the server is there; what cannot be sent is dropped, for it would be stale later. Says whether it went out. */
  send(message: FromPage): boolean {
    const socket = this.#socket;
    if (!socket || socket.readyState !== OPEN || (!this.#isWelcome && message.op !== "hello")) return false;
    if (socket.bufferedAmount > STUCK_BYTES) {
      this.#drop();
      return false;
    }
    if (message.op === "frame" && socket.bufferedAmount > FULL_BYTES) return false;
    socket.send(encode(message));
    return true;
  }

  /** Look for the server now, not at the next turn. */
  retryNow(): void {
    if (!this.#isWanted || this.#isWelcome) return;
    this.#detach();
    this.#connect();
  }

  close(): void {
    this.#isWanted = false;
    this.#detach();
    this.events.onConnection("none");
  }

  #detach(): void {
    clearTimeout(this.#retry);
    this.#isWelcome = false;
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.onerror = null;
    socket.close();
  }

  #connect(): void {
    this.events.onConnection("connecting");
    let socket: SocketLike;
    try {
      socket = this.openSocket(this.url);
    } catch {
      this.#drop();
      return;
    }
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      if (this.#wish) this.send({ op: "hello", version: VERSION, session: this.#wish, client: this.client() });
    };
    socket.onmessage = (event) => this.#take(event.data);
    socket.onclose = () => this.#drop();
    socket.onerror = () => {};
  }

  #take(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) return;
    let message: ToPage;
    try {
      message = decode(new Uint8Array(data)) as ToPage;
    } catch {
      return;
    }
    if (message.op === "welcome") {
      this.#isWelcome = true;
      this.#retry_ms = FIRST_RETRY_MS;
      // From here on a new connection continues this very session.
      this.#wish = { ...this.#wish!, resume_id: message.session_id, take_over: true };
      this.events.onConnection("open");
    }
    // After these the server closes for good reason: do not knock again by ourselves.
    if (message.op === "summary" || (message.op === "problem" && message.fatal)) this.#isWanted = false;
    this.events.onMessage(message);
  }

  #drop(): void {
    this.#detach();
    if (!this.#isWanted) {
      this.events.onConnection("none");
      return;
    }
    this.events.onConnection("lost");
    this.#retry = setTimeout(() => this.#connect(), this.#retry_ms);
    this.#retry_ms = Math.min(MAX_RETRY_MS, this.#retry_ms * 1.5);
  }
}
