/** The very first page: what this is, what it is not, whom to call, and the way to the safety questions. */
import { MovingPicture } from "../design/MovingPicture";
import { t } from "../text/catalogue";
import { EmergencyNumber } from "./EmergencyNumber";
import { sessionHref } from "./names";

export function Welcome({ isDraft }: { isDraft: boolean }) {
  return (
    <>
      <section class="card suggestion welcome">
        <div class="stack">
          <h1>{t("ui.welcome.title")}</h1>
          <p class="quiet">{t(isDraft ? "ui.welcome.draft" : "ui.welcome.check")}</p>
          {isDraft ? null : <EmergencyNumber legend={t("ui.welcome.number")} />}
          <div class="row actions">
            <a class="button main" href="/check">
              {t(isDraft ? "ui.welcome.go-on" : "ui.welcome.start")}
            </a>
            <a class="button" href={sessionHref({ exercise: "seated-twist", mode: "demo" })}>
              {t("ui.welcome.demo")}
            </a>
          </div>
        </div>
        <MovingPicture id="seated-twist" />
      </section>
      <p class="quiet small">
        {t("ui.welcome.use")} <a href="/about">{t("ui.welcome.about")}</a>
      </p>
    </>
  );
}
