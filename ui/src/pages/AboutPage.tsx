/** About: what Unkink is for and what it is not, what waits for a clinician, how accurate it is, what it is made of. */
import { useResource } from "../api/resource";
import type { About } from "../api/types";
import { Why } from "../design/Why";
import { formatNumber, t, tn } from "../text/catalogue";
import { Loaded } from "./Loaded";
import "./learn.css";

function Unsigned({ about }: { about: About }) {
  const ids = about.unsigned;
  return (
    <section class="stack tight" id="unsigned">
      <h2>{t("about.unsigned.title")}</h2>
      {ids.length === 0 ? (
        <p>{t("about.unsigned.none")}</p>
      ) : (
        <>
          <p>{t("about.unsigned.text")}</p>
          <details class="more">
            <summary>{tn("about.unsigned.count", ids.length)}</summary>
            <ul class="about-list small">
              {ids.map((rule) => (
                <li key={rule.id}>
                  <b>{rule.id}</b> {rule.text}{" "}
                  {rule.is_judgement ? <span class="quiet">{t("about.unsigned.ours")}</span> : null}
                </li>
              ))}
            </ul>
          </details>
          <Why ids={ids.map(({ id }) => id)} label={t("why.source")} />
        </>
      )}
    </section>
  );
}

function Accuracy({ about: { accuracy } }: { about: About }) {
  const [low, high] = accuracy.limits_deg;
  return (
    <section class="stack tight" id="accuracy">
      <h2>{t("about.accuracy.title")}</h2>
      <p>
        {t("about.accuracy.text", {
          clips: accuracy.n_clips,
          error: accuracy.error_deg,
          low: Math.abs(low),
          high,
          within: formatNumber(100 * accuracy.within_frac),
        })}
      </p>
    </section>
  );
}

export function AboutPage(_: { id: string }) {
  const { resource, reload } = useResource<About>("/api/about");
  return (
    <Loaded resource={resource} onRetry={reload} title={t("about.title")}>
      {(about) => (
        <div class="page learn">
          <h1>{t("about.title")}</h1>
          <section class="stack tight">
            <h2>{t("use.title")}</h2>
            <p>{t("use.is")}</p>
            <p>{t("use.is-not")}</p>
            <p>{t("use.limits")}</p>
          </section>
          <Accuracy about={about} />
          <Unsigned about={about} />
          <section class="stack tight">
            <h2>{t("about.grades.title")}</h2>
            <ul class="list">
              {["A", "B", "C", "D"].map((grade) => (
                <li key={grade}>
                  <b>{grade}</b> {t(`why.grade.${grade}`)}
                </li>
              ))}
            </ul>
          </section>
          <section class="stack tight">
            <h2>{t("about.licences.title")}</h2>
            <p>{t("about.licences.text")}</p>
          </section>
          <section class="stack tight">
            <h2>{t("about.version.title")}</h2>
            <p>{t("about.version.text", { version: about.version, rules: about.rules_version })}</p>
          </section>
        </div>
      )}
    </Loaded>
  );
}
