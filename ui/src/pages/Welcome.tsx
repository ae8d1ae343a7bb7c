/** The very first page: what this is, what it is not, and the way to the safety questions. */
import { MovingPicture } from "../design/MovingPicture";
import { t } from "../text/catalogue";

import { sessionHref } from "./names";

const FACTS = ["private", "measured", "modest"] as const;

export function Welcome({ isDraft }: { isDraft: boolean }) {
  return (
    <>
      <section class="card suggestion">
        <div class="stack">
          <h1>{t("ui.welcome.title")}</h1>
          <p>{t("ui.welcome.text")}</p>
          <p class="quiet">{t(isDraft ? "ui.welcome.draft" : "ui.welcome.check")}</p>
          <div class="row actions">
            <a class="button main" href="/check">
              {t(isDraft ? "ui.welcome.go-on" : "ui.welcome.start")}
            </a>
            <a class="button" href={sessionHref({ exercise: "seated-twist", mode: "demo" })}>
              {t("ui.welcome.demo")}
            </a>
          </div>
          <p class="small">
            <a href="/techniques">{t("ui.welcome.look")}</a>
          </p>
        </div>
        <MovingPicture id="seated-twist" />
      </section>
      <ul class="facts">
        {FACTS.map((fact) => (
          <li key={fact}>
            <b>{t(`ui.welcome.${fact}.title`)}</b>
            <span class="quiet">{t(`ui.welcome.${fact}.text`)}</span>
          </li>
        ))}
      </ul>
      <p class="quiet small">
        {t("use.short")} <a href="/about">{t("use.more")}</a>
      </p>
    </>
  );
}
