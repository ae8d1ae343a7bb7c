/** Typed digits as a score of 0 to 10: a 0 soon after a 1 means ten. */
const TOGETHER_MS = 900;

export class DigitReader {
  #one_ms = Number.NEGATIVE_INFINITY;

  /** The score that a key means, or null. */
  read(key: string, at_ms: number): number | null {
    if (!/^[0-9]$/.test(key)) return null;
    if (key === "0" && at_ms - this.#one_ms < TOGETHER_MS) {
      this.#one_ms = Number.NEGATIVE_INFINITY;
      return 10;
    }
    this.#one_ms = key === "1" ? at_ms : Number.NEGATIVE_INFINITY;
    return Number(key);
  }
}
