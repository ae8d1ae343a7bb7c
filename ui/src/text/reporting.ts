/** The texts of the report, of a problem after exercise and of one's own data: they come with their pages. */
import texts from "../../../src/unkink/rules/locales/en/reporting.json";
import { addTexts } from "./catalogue";

addTexts(texts);
