/** The texts of the longer look: they come with its page. */
import texts from "../../../src/unkink/rules/locales/en/look_back.json";
import { addTexts } from "./catalogue";

addTexts(texts);
