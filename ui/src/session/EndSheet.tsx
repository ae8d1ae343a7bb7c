/** "End the session?": asked once, by Escape. */
import { Sheet } from "../design/Sheet";
import { t } from "../text/catalogue";
import type { SessionController } from "./controller";

export function EndSheet({ session }: { session: SessionController }) {
  const isOpen = session.view.value.dialog === "end";
  return (
    <Sheet isOpen={isOpen} onClose={() => isOpen && session.act("stay")} labelledBy="end-title">
      <div class="stack wide">
        <h1 id="end-title">{t("session.end.title")}</h1>
        <p class="lead">{t("session.end.text")}</p>
        <div class="row actions">
          <button type="button" class="button main" autofocus onClick={() => session.act("end")}>
            {t("session.end.yes")} <kbd>Enter</kbd>
          </button>
          <button type="button" class="button" onClick={() => session.act("stay")}>
            {t("session.end.no")} <kbd>Esc</kbd>
          </button>
        </div>
      </div>
    </Sheet>
  );
}
