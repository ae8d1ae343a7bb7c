import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatNumber, has, t, tn } from "../src/text/catalogue";
import { findKeys } from "./keys";

const LOCALES = join(__dirname, "../../src/unkink/rules/locales/en");
const SOURCE = join(__dirname, "../src");

function readAll(): [string, string, string][] {
  return readdirSync(LOCALES)
    .filter((name) => name.endsWith(".json"))
    .flatMap((file) =>
      Object.entries(JSON.parse(readFileSync(join(LOCALES, file), "utf-8")) as Record<string, string>).map(
        ([key, text]): [string, string, string] => [file, key, text],
      ),
    );
}

describe("the texts", () => {
  const texts = readAll();
  const keys = new Set(texts.map(([, key]) => key));
  const asked = findKeys(SOURCE);

  it("are asked for by the source in numbers that show the search works", () => {
    expect(asked.length).toBeGreaterThan(150);
  });

  it("exist for every key in the source", () => {
    const missing = asked.filter(({ key, isPrefix, isCounted }) => {
      if (isPrefix) return ![...keys].some((known) => known.startsWith(key));
      return isCounted ? !(keys.has(`${key}.one`) && keys.has(`${key}.other`)) : !keys.has(key);
    });
    expect(missing.map(({ file, key }) => `${file.slice(SOURCE.length)}: ${key}`)).toEqual([]);
  });

  it("have each key in one file only", () => {
    const seen = new Map<string, string>();
    const twice = texts.filter(([file, key]) => {
      const first = seen.get(key);
      seen.set(key, file);
      return first !== undefined;
    });
    expect(twice).toEqual([]);
  });

  it("never shame and never frighten", () => {
    const banned = /\b(perfect|failed|streak|must|bad posture|weak back|out of place|crumbling)\b/i;
    const own = texts.filter(([file]) => file === "ui.json");
    expect(own.filter(([, , text]) => banned.test(text)).map(([, key]) => key)).toEqual([]);
  });

  it("of the pages are all used", () => {
    const own = texts.filter(([file]) => file === "ui.json").map(([, key]) => key);
    const unused = own.filter(
      (key) =>
        !asked.some((one) =>
          one.isPrefix ? key.startsWith(one.key) : one.isCounted ? key.startsWith(`${one.key}.`) : one.key === key,
        ),
    );
    expect(unused).toEqual([]);
  });
});

describe("t", () => {
  it("fills parameters, numbers without needless decimals", () => {
    expect(t("ui.check.progress", { at: 2, n: 11 })).toContain("2");
    expect(formatNumber(3.16)).toBe("3.2");
    expect(formatNumber(41.37)).toBe("41");
    expect(formatNumber(Number.NaN)).toBe("–");
  });

  it("shows an unknown key as itself", () => {
    expect(t("ui.there-is-no-such-key")).toBe("ui.there-is-no-such-key");
    expect(has("ui.there-is-no-such-key")).toBe(false);
  });

  it("counts", () => {
    expect(tn("ui.today.week.sessions", 1)).not.toBe(tn("ui.today.week.sessions", 2));
  });

  it("puts the text of a key that is a parameter", () => {
    expect(t("ui.techniques.how-of", { name: "exercise.seated-twist.name" })).toContain("Seated twist");
  });
});

describe("what speaks before the server has told its sentences", () => {
  const BUNDLED = ["frame", "help", "problems"];
  const bundled = new Set(
    readAll().flatMap(([file, key]) => (BUNDLED.includes(file.replace(".json", "")) ? [key] : [])),
  );
  const EARLY =
    /\/(app\/|main|pages\/(HelpPage|HelpCards|EmergencyNumber|Loaded|NotFoundPage)|design\/(Mark|Sheet|Icon))/;

  it("has every sentence with the page", () => {
    const early = findKeys(SOURCE).filter(({ file }) => EARLY.test(file.slice(SOURCE.length)));
    expect(early.length).toBeGreaterThan(20);
    const missing = early.filter(({ key, isPrefix, isCounted }) => {
      if (isPrefix) return ![...bundled].some((one) => one.startsWith(key));
      return isCounted ? !bundled.has(`${key}.one`) : !bundled.has(key);
    });
    expect(missing.map(({ file, key }) => `${file.slice(SOURCE.length)}: ${key}`)).toEqual([]);
  });
});
