/** Finds the texts that the source asks for. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export interface AskedKey {
  readonly file: string;
  readonly key: string;
  /** The key is put together: `key` is its beginning. */
  readonly isPrefix: boolean;
  /** Asked for with `tn`: needs `.one` and `.other`. */
  readonly isCounted: boolean;
}

export function listSources(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === "generated" ? [] : listSources(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });
}

/** A literal that looks like a key, or the beginning of one that is put together. */
const LITERAL = /(\btn\(\s*)?(["`])([a-z][\w-]*(?:\.[\w-]+)+\.?|[a-z][\w-]*\.)(\$\{|["`])/g;
/** Literals of this look that are no keys: file names and the like. */
const NO_KEY = /\.(js|ts|tsx|css|mp4|webp|wasm|task|json|svg|html|jpg)$|^(unkink|www|index)\./;

export function findKeys(folder: string): readonly AskedKey[] {
  return listSources(folder).flatMap((file) => {
    const text = readFileSync(file, "utf-8")
      .replace(/^import .*$/gm, "")
      .replace(/\/\*\*[\s\S]*?\*\//g, "");
    const found: AskedKey[] = [];
    for (const [, counted, quote, key = "", end] of text.matchAll(LITERAL)) {
      const isPrefix = quote === "`" && end === "${";
      if (!isPrefix && (end !== quote || key.endsWith("."))) continue;
      if (!NO_KEY.test(key)) found.push({ file, key, isPrefix, isCounted: counted !== undefined });
    }
    return found;
  });
}
