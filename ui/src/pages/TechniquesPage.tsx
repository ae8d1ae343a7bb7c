/** The four techniques side by side: what each is, what it may help, what it needs, and how well that is known. */
import { useResource } from "../api/resource";
import type { Technique } from "../api/types";
import { MovingPicture } from "../design/MovingPicture";
import { t } from "../text/catalogue";
import { usualGrade } from "./evidence";
import { Loaded } from "./Loaded";
import { inOrder } from "./names";
import "./techniques.css";

export function listWords(words: readonly string[]): string {
  return new Intl.ListFormat("en", { type: "conjunction" }).format(words);
}

export function PermissionBadge({ technique }: { technique: Technique }) {
  const effect = technique.permission?.effect;
  return effect ? <span class={`badge ${effect}`}>{t(`ui.permission.${effect}`)}</span> : null;
}

function Gallery({ techniques }: { techniques: readonly Technique[] }) {
  return (
    <ul class="gallery">
      {techniques.map((technique) => (
        <li key={technique.id}>
          <MovingPicture id={technique.id} />
          <div class="row">
            <h2>
              <a href={`/techniques/${technique.id}`}>{t(technique.name_key)}</a>
            </h2>
            <PermissionBadge technique={technique} />
          </div>
          <p>{t(technique.what_key)}</p>
          <p>
            <a
              href={`/techniques/${technique.id}`}
              aria-label={t("ui.techniques.how-of", { name: technique.name_key })}
            >
              {t("ui.techniques.how")}
            </a>
          </p>
        </li>
      ))}
    </ul>
  );
}

function Comparison({ techniques }: { techniques: readonly Technique[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by key
    <div class="scroller" role="region" aria-labelledby="comparison-title" tabIndex={0}>
      <table class="comparison">
        <thead>
          <tr>
            <th scope="col">{t("ui.techniques.column.name")}</th>
            <th scope="col">{t("ui.techniques.column.what")}</th>
            <th scope="col">{t("ui.techniques.column.benefit")}</th>
            <th scope="col">{t("ui.techniques.column.needs")}</th>
            <th scope="col">{t("ui.techniques.column.time")}</th>
            <th scope="col">{t("ui.techniques.column.evidence")}</th>
          </tr>
        </thead>
        <tbody>
          {techniques.map((technique) => {
            const grade = usualGrade(technique.evidence);
            return (
              <tr key={technique.id}>
                <th scope="row">{t(technique.name_key)}</th>
                <td>{t(technique.what_key)}</td>
                <td>{t(technique.benefit_key)}</td>
                <td>{listWords(technique.equipment.map((thing) => t(`equipment.${thing}`)))}</td>
                <td>{t("ui.techniques.minutes", { n: Math.round(technique.minutes) })}</td>
                <td>
                  {grade ? <b>{t("ui.grade.short", { grade })} </b> : null}
                  {t(`ui.techniques.evidence.${technique.id}`)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

export function TechniquesPage(_: { id: string }) {
  const { resource, reload } = useResource<readonly Technique[]>("/api/techniques");
  return (
    <Loaded resource={resource} onRetry={reload} title={t("ui.place.techniques")}>
      {(techniques) => (
        <div class="page">
          <header class="stack tight">
            <h1>{t("ui.techniques.title")}</h1>
            <p>{t("ui.techniques.honest")}</p>
          </header>
          <Gallery techniques={inOrder(techniques)} />
          <section class="stack">
            <h2 id="comparison-title">{t("ui.techniques.comparison")}</h2>
            <Comparison techniques={inOrder(techniques)} />
            <p class="quiet small">{t("ui.grade.legend")}</p>
            <p class="quiet small">{t("media.rendered.note")}</p>
          </section>
        </div>
      )}
    </Loaded>
  );
}
