/** All texts, as the server tells them while a page opens. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { addTexts } from "../src/text/catalogue";

const LOCALES = join(__dirname, "../../src/unkink/rules/locales/en");
for (const name of readdirSync(LOCALES)) addTexts(JSON.parse(readFileSync(join(LOCALES, name), "utf-8")));
