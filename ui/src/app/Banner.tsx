/** The calm word about a server that has stopped, or that does not know this page. */
import { server } from "../api/client";
import { Icon } from "../design/Icon";
import { t } from "../text/catalogue";

export function Banner() {
  const state = server.value;
  const isShown = state === "stopped" || state === "no-key";
  return (
    <div role="status" aria-live="polite">
      {isShown ? (
        <div class="banner">
          <Icon name={state === "stopped" ? "wait" : "info"} />
          <p>
            <b>{t(`ui.server.${state}.title`)}</b> {t(`ui.server.${state}.text`)}
          </p>
        </div>
      ) : null}
    </div>
  );
}
