/**
 * What the pages have to know of the safety rules without a server: the help cards, the stop signs and which help card
 * belongs to which emergency row. Read from `rules/safety/*.yaml` when the page is built, so that it is said only once.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { parse } from "yaml";

const MODULE = "virtual:safety-cards";
const RESOLVED = `\0${MODULE}`;
const FILES = ["help", "stops", "emergency", "pain"] as const;

interface HelpYaml {
  readonly id: string;
  readonly tier: string;
  readonly call: string;
  readonly n_steps: number;
  readonly has_say?: boolean;
  readonly rows?: readonly string[];
  readonly on_help_page?: boolean;
}
interface RowYaml {
  readonly id: string;
  readonly card?: string;
}

function pathOf(name: (typeof FILES)[number]): string {
  return fileURLToPath(new URL(`../../src/unkink/rules/safety/${name}.yaml`, import.meta.url));
}

function read<T>(name: (typeof FILES)[number]): T {
  return parse(readFileSync(pathOf(name), "utf-8")) as T;
}

export function safetyCards(): Plugin {
  return {
    name: "unkink-safety-cards",
    resolveId: (id) => (id === MODULE ? RESOLVED : undefined),
    load(id) {
      if (id !== RESOLVED) return undefined;
      for (const name of FILES) this.addWatchFile(pathOf(name));
      const help = read<{ cards: HelpYaml[] }>("help").cards.map((card) => ({
        id: card.id,
        tier: card.tier,
        call: card.call,
        nSteps: card.n_steps,
        hasSay: card.has_say ?? false,
        rows: card.rows ?? [],
        isOnHelpPage: card.on_help_page ?? false,
      }));
      const stops = read<{ stops: RowYaml[] }>("stops").stops.map(({ id: rule, card }) => ({ id: rule, card }));
      const { signs } = read<{ signs: Record<string, string> }>("pain");
      const rows = read<{ rows: RowYaml[] }>("emergency").rows;
      const rowCards = Object.fromEntries(rows.map((row) => [row.id, row.card]));
      return `export const HELP = ${JSON.stringify(help)};
export const STOPS = ${JSON.stringify(stops)};
export const PAIN_SIGNS = ${JSON.stringify(signs)};
export const ROW_CARDS = ${JSON.stringify(rowCards)};`;
    },
  };
}
