/** The texts of what came of it: they come with the pages that tell it. */
import texts from "../../../src/unkink/rules/locales/en/outcome.json";
import { addTexts } from "./catalogue";

addTexts(texts);
