/** The one tap that is on every page. A session places it itself, because it has no header. */
import { t } from "../text/catalogue";
import { isHelpOpen } from "./state";

export function HelpButton() {
  return (
    <button
      type="button"
      class="button help help-now"
      aria-keyshortcuts="? F1"
      onClick={() => (isHelpOpen.value = true)}
    >
      {t("ui.help.button")}
    </button>
  );
}
