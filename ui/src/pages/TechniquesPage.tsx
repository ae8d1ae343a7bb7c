/** The four techniques side by side: what each is, what it may help, what it needs, and how well that is known. */
import { useResource } from "../api/resource";
import type { Technique } from "../api/types";
import { MovingPicture } from "../design/MovingPicture";
import { Why } from "../design/Why";
import { t } from "../text/catalogue";
import { weakestGrade } from "./evidence";
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
          {technique.is_shut ? null : <MovingPicture id={technique.id} />}
          <div class="row">
            <h2>
              <a href={`/techniques/${technique.id}`}>{t(technique.name_key)}</a>
            </h2>
            <PermissionBadge technique={technique} />
          </div>
          <p>{t(technique.what_key)}</p>
          {technique.is_shut ? null : (
            <p>
              <a
                href={`/techniques/${technique.id}`}
                aria-label={t("ui.techniques.how-of", { name: technique.name_key })}
              >
                {t("ui.techniques.how")}
              </a>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Column names by key; each cell also says its own, for the narrow screen on which rows become cards. */
const COLUMNS = [
  "ui.techniques.column.what",
  "ui.techniques.column.benefit",
  "compare.position",
  "ui.techniques.column.needs",
  "ui.techniques.column.time",
  "ui.techniques.column.evidence",
] as const;

function Row({ technique }: { technique: Technique }) {
  const { id, evidence } = technique;
  const grade = weakestGrade(evidence);
  const cells = [
    t(technique.what_key),
    t(technique.benefit_key),
    t(`compare.position.${technique.position}`),
    listWords(technique.equipment.map((thing) => t(`equipment.${thing}`))),
    t("ui.techniques.minutes", { n: Math.round(technique.minutes) }),
    <>
      {grade ? <b>{t("ui.grade.short", { grade })} </b> : null}
      {t(`ui.techniques.evidence.${id}`)}
      <Why ids={evidence.map((row) => row.id)} label={t("why.source")} />
    </>,
  ];
  return (
    <tr>
      <th scope="row">
        <a href={`/techniques/${id}`}>{t(technique.name_key)}</a>
      </th>
      {COLUMNS.map((key, i) => (
        <td key={key} data-column={t(key)}>
          {cells[i]}
        </td>
      ))}
    </tr>
  );
}

function Comparison({ techniques }: { techniques: readonly Technique[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by key
    <div class="scroller" role="region" aria-labelledby="comparison-title" tabIndex={0}>
      <table class="comparison">
        <thead>
          <tr>
            {["ui.techniques.column.name", ...COLUMNS].map((key) => (
              <th key={key} scope="col">
                {t(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {techniques.map((technique) => (
            <Row key={technique.id} technique={technique} />
          ))}
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
            {techniques.some(({ is_shut }) => is_shut) ? (
              <p>
                <a href="/">{t("ui.technique.shut")}</a>
              </p>
            ) : null}
          </header>
          <Gallery techniques={inOrder(techniques)} />
          <section class="stack">
            <h2 id="comparison-title">{t("ui.techniques.comparison")}</h2>
            <Comparison techniques={inOrder(techniques)} />
            <p class="quiet small">
              {t("ui.grade.legend")} <a href="/learn/techniques">{t("ui.place.learn")}</a>
            </p>
            <p class="quiet small">{t("media.rendered.note")}</p>
          </section>
        </div>
      )}
    </Loaded>
  );
}
