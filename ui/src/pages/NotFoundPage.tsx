import { EmptyLine } from "../design/Mark";
import { t } from "../text/catalogue";

export function NotFoundPage(_: { id: string }) {
  return (
    <div class="page narrow">
      <div class="stack">
        <h1>{t("ui.nowhere.title")}</h1>
        <EmptyLine />
        <p>
          <a class="button" href="/">
            {t("ui.nowhere.home")}
          </a>
        </p>
      </div>
    </div>
  );
}
