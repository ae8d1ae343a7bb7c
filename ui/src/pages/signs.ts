/**
 * The Check's two steps: signs are read first, and a ticked one asks its questions. What was ticked becomes
 * answers to questions here: whatever was told of a question at any place counts, the strongest of it.
 */
import type { AnswerWord, Card, Sign } from "../api/types";

export type Answers = Readonly<Record<string, AnswerWord>>;

/** By sign, and by `placeOf` a question asked under a sign: the same question may be asked under several. */
export type Ticked = Readonly<Record<string, AnswerWord>>;

const NONE = "none";
const STRENGTH: Record<AnswerWord, number> = { no: 0, unsure: 1, yes: 2 };

export const placeOf = (sign: Sign, row: string) => `${sign.id}/${row}`;

const told = (ticked: Ticked, key: string): AnswerWord => ticked[key] ?? "no";

export const isNone = (sign: Sign, ticked: Ticked) => told(ticked, placeOf(sign, NONE)) === "yes";

/** Whether a sign needs no more: not ticked, a question itself, or one or none of its questions was chosen. */
export function isSettled(sign: Sign, ticked: Ticked): boolean {
  if (sign.is_row || told(ticked, sign.id) === "no") return true;
  return isNone(sign, ticked) || sign.rows.some((row) => told(ticked, placeOf(sign, row)) !== "no");
}

/** A question was answered under a sign. */
export function tick(ticked: Ticked, sign: Sign, row: string, answer: AnswerWord): Ticked {
  return { ...ticked, [placeOf(sign, NONE)]: "no", [placeOf(sign, row)]: answer };
}

/** None of the questions under a sign applies; this takes back nothing that was told under another. */
export function tickNone(ticked: Ticked, sign: Sign, isChosen: boolean): Ticked {
  const rows = sign.rows.map((row) => [placeOf(sign, row), "no"] as const);
  return { ...ticked, ...Object.fromEntries(rows), [placeOf(sign, NONE)]: isChosen ? "yes" : "no" };
}

function add(answers: Record<string, AnswerWord>, row: string, answer: AnswerWord) {
  if (STRENGTH[answer] >= STRENGTH[answers[row] ?? "no"]) answers[row] = answer;
}

/** The answers that one card alone gives. */
export function answersOn(card: Card, ticked: Ticked): Answers {
  const answers: Record<string, AnswerWord> = {};
  for (const sign of card.signs) {
    const own = told(ticked, sign.id);
    for (const row of sign.rows) {
      add(answers, row, sign.is_row || own === "no" ? own : told(ticked, placeOf(sign, row)));
    }
  }
  return answers;
}

/** The answers up to and with a card; "no" only where no later card asks as well. */
export function answersUpTo(cards: readonly Card[], at: number, ticked: Ticked): Answers {
  const answers: Record<string, AnswerWord> = {};
  for (const card of cards.slice(0, at + 1)) {
    for (const [row, answer] of Object.entries(answersOn(card, ticked))) add(answers, row, answer);
  }
  const later = new Set(cards.slice(at + 1).flatMap(({ signs }) => signs.flatMap(({ rows }) => rows)));
  return Object.fromEntries(Object.entries(answers).filter(([row, answer]) => answer !== "no" || !later.has(row)));
}

/** What to show as ticked for answers that were given before: each at the first place that asks it. */
export function tickedFrom(cards: readonly Card[], answers: Answers): Ticked {
  let ticked: Ticked = {};
  const signs = cards.flatMap((card) => card.signs);
  for (const [row, answer] of Object.entries(answers)) {
    const sign = signs.find(({ rows }) => rows.includes(row));
    if (!sign || answer === "no") continue;
    ticked = sign.is_row ? { ...ticked, [sign.id]: answer } : { ...tick(ticked, sign, row, answer), [sign.id]: "yes" };
  }
  return ticked;
}

/** The first card with a question that is open and that no later card asks; none: the last. */
export function firstOpen(cards: readonly Card[], answers: Answers): number {
  const open = cards.findIndex((_, at) =>
    Object.keys(answersUpTo(cards, at, {})).some((row) => answers[row] === undefined),
  );
  return open === -1 ? Math.max(0, cards.length - 1) : open;
}
