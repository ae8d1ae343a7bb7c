/** About: what Unkink is for and what it is not, how accurate it is, what waits for a clinician, what it is made of. */
import { useResource } from "../api/resource";
import type { About, UnsignedRule } from "../api/types";
import { Why } from "../design/Why";
import { t, tn } from "../text/catalogue";
import { Loaded } from "./Loaded";
import "./learn.css";

function Unsigned({ rules }: { rules: readonly UnsignedRule[] }) {
  return (
    <>
      <details class="more">
        <summary>{tn("about.unsigned.count", rules.length)}</summary>
        <ul class="about-list small">
          {rules.map((rule) => (
            <li key={rule.id}>
              <b>{rule.id}</b> {rule.text}{" "}
              {rule.is_judgement ? <span class="quiet">{t("about.unsigned.ours")}</span> : null}
            </li>
          ))}
        </ul>
      </details>
      <Why ids={rules.map(({ id }) => id)} label={t("why.source")} />
    </>
  );
}

function Grades() {
  return (
    <ul class="list">
      {["A", "B", "C", "D"].map((grade) => (
        <li key={grade}>
          <b>{grade}</b> {t(`why.grade.${grade}`)}
        </li>
      ))}
    </ul>
  );
}

export function AboutPage(_: { id: string }) {
  const { resource, reload } = useResource<About>("/api/about");
  return (
    <Loaded resource={resource} onRetry={reload} title={t("about.title")}>
      {({ sections, unsigned }) => (
        <div class="page learn">
          <h1>{t("about.title")}</h1>
          {sections.map(({ id, title, texts }) => (
            <section key={id} id={id} class="stack tight">
              <h2>{title}</h2>
              {texts.map((text) => (
                <p key={text}>{text}</p>
              ))}
              {id === "unsigned" ? <Unsigned rules={unsigned} /> : null}
              {id === "grades" ? <Grades /> : null}
            </section>
          ))}
        </div>
      )}
    </Loaded>
  );
}
