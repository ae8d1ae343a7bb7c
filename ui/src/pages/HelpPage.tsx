/** "I need help now": bundled, so that it is there without a server, an account or a network. */
import { t } from "../text/catalogue";

export function HelpContent({ onClose }: { onClose?: () => void }) {
  return (
    <div class="stack">
      <h1 id="help-title">{t("ui.place.help")}</h1>
      {onClose ? (
        <button type="button" class="button" onClick={onClose}>
          {t("ui.close")}
        </button>
      ) : null}
    </div>
  );
}

export function HelpPage(_: { id: string }) {
  return (
    <div class="page narrow">
      <HelpContent />
    </div>
  );
}
