/**
 * Every sentence a person reads. In: the message catalogues of `rules/locales`: the frame and the help with the page, so that
 * they speak when the server has stopped, all others from the server (`text/whole.ts`). Out: `t` for one message, `tn` for one
 * that counts. Next file: `app/state.ts`.
 */

export type Params = Readonly<Record<string, string | number | null | undefined>>;
export interface Message {
  readonly key: string;
  readonly params?: Params;
}

/** What is said before the server has told the rest, and when it has stopped: the frame, the help, the problems. */
const files = import.meta.glob<Readonly<Record<string, string>>>(
  [
    "../../../src/unkink/rules/locales/en/help.json",
    "../../../src/unkink/rules/locales/en/problems.json",
    "../../../src/unkink/rules/locales/en/frame.json",
    "../../../src/unkink/rules/locales/en/why.json",
  ],
  { eager: true, import: "default" },
);

const catalogue = new Map<string, string>();
/** Texts that come later. */
export function addTexts(texts: Readonly<Record<string, string>>): void {
  for (const [key, text] of Object.entries(texts)) catalogue.set(key, text);
}
for (const texts of Object.values(files)) addTexts(texts);

/** Language of the catalogue, for `Intl` and for the choice of a voice. */
export const LANGUAGE = "en";

/** How this person's system writes days and times, where it has the language of the texts. */
export const REGION = navigator.languages?.find((name) => name.split("-")[0] === LANGUAGE) ?? "en-GB";

/** All keys, in the order of the files. */
export function listKeys(): readonly string[] {
  return [...catalogue.keys()];
}

export function has(key: string): boolean {
  return catalogue.has(key);
}

/** The message with its parameters filled in; a missing key shows as itself, so that it is found and not hidden. */
export function t(key: string, params: Params = {}): string {
  const text = catalogue.get(key);
  if (text === undefined) return key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined || value === null) return whole;
    if (typeof value === "number") return formatNumber(value);
    // A parameter may itself be the key of a text, such as a technique's name.
    return catalogue.get(value) ?? value;
  });
}

/** A message that counts: `key.one` for 1, else `key.other`. */
export function tn(key: string, n: number, params: Params = {}): string {
  return t(`${key}.${n === 1 ? "one" : "other"}`, { n, ...params });
}

export function say(message: Message): string {
  return t(message.key, message.params ?? {});
}

/** A number in words for people: no decimals where they mean nothing. */
export function formatNumber(value: number, digits = 0): string {
  if (!Number.isFinite(value)) return "–";
  const whole = Number.isInteger(value) ? 0 : Math.max(digits, Math.abs(value) < 10 ? 1 : 0);
  return value.toLocaleString(LANGUAGE, { maximumFractionDigits: whole });
}
