/** One technique: how to set it up and do it, its gentler ways, and where every claim comes from. */
import { useResource } from "../api/resource";
import type { Technique, VariantInfo } from "../api/types";
import { MovingPicture } from "../design/MovingPicture";
import { Why } from "../design/Why";
import { has, say, t } from "../text/catalogue";
import { Loaded } from "./Loaded";
import { NotFoundPage } from "./NotFoundPage";
import { sessionHref } from "./names";
import { describeDose } from "./Suggestion";
import { listWords, PermissionBadge } from "./TechniquesPage";
import "./techniques.css";

function Keys({ keys, isOrdered }: { keys: readonly string[]; isOrdered?: boolean }) {
  const items = keys.map((key) => <li key={key}>{t(key)}</li>);
  return isOrdered ? <ol class="list">{items}</ol> : <ul class="list">{items}</ul>;
}

function Variant({ variant }: { variant: VariantInfo }) {
  return (
    <div class="card variant">
      <MovingPicture id={variant.id} />
      <div class="stack tight">
        <h3>{t(variant.name_key)}</h3>
        <p>{t(variant.what_key)}</p>
        <Keys keys={variant.setup_keys} />
      </div>
    </div>
  );
}

function Sources({ technique }: { technique: Technique }) {
  const sourced = technique.evidence.filter((row) => row.source !== null);
  if (sourced.length === 0) return null;
  return (
    <details class="more">
      <summary>{t("ui.technique.sources")}</summary>
      <div class="stack">
        <p class="quiet small">{t("ui.grade.legend")}</p>
        <ul class="sources">
          {sourced.map((row) => (
            <li key={row.id}>
              <span class="badge">
                {row.id}
                {row.grade ? ` · ${t("ui.grade.short", { grade: row.grade })}` : null}
              </span>
              <span class="small">
                {row.source}
                {row.provenance && has(`screening.evidence.${row.provenance}`) ? (
                  <span class="quiet"> · {t(`screening.evidence.${row.provenance}`)}</span>
                ) : null}
              </span>
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}

/** How it is set up and done, its gentler ways and its steps up. */
function HowTo({ technique }: { technique: Technique }) {
  return (
    <>
      <div class="pair">
        <section class="stack tight">
          <h2>{t("ui.technique.setup")}</h2>
          <Keys keys={technique.setup_keys} />
          <p class="quiet">{t(technique.camera_key)}</p>
        </section>
        <section class="stack tight">
          <h2>{t("ui.technique.steps")}</h2>
          <Keys keys={technique.steps_keys} isOrdered />
        </section>
        <section class="stack tight">
          <h2>{t("ui.technique.dont")}</h2>
          <Keys keys={technique.dont_keys} />
        </section>
        <section class="stack tight">
          <h2>{t("ui.technique.unseen")}</h2>
          <Keys keys={technique.unseen_keys} />
        </section>
      </div>
      {technique.variants.length > 0 ? (
        <section class="stack">
          <h2>{t("ui.technique.variants")}</h2>
          <div class="variants">
            {technique.variants.map((way) => (
              <Variant key={way.id} variant={way} />
            ))}
          </div>
        </section>
      ) : null}
      <section class="stack tight">
        <h2>{t("ui.technique.ladder")}</h2>
        <ol class="ladder">
          {technique.ladder_keys.map((key) => (
            <li key={key}>{t(key)}</li>
          ))}
        </ol>
        <p class="quiet small">{t("ui.technique.ladder.note")}</p>
      </section>
    </>
  );
}

function TechniqueContent({ technique }: { technique: Technique }) {
  const { id, permission } = technique;
  const isBlocked = permission?.effect === "block";
  const variant = permission?.effect === "modify" ? (permission.variants[0] ?? null) : null;
  return (
    <div class="page">
      <p class="small">
        <a href="/techniques">{t("ui.technique.all")}</a>
      </p>
      <div class="technique-top">
        <div class="stack">
          <div class="row">
            <h1>{t(technique.name_key)}</h1>
            <PermissionBadge technique={technique} />
          </div>
          <p class="lead">{t(technique.what_key)}</p>
          <p>{t(technique.benefit_key)}</p>
          <p class="quiet">
            {t("ui.technique.needs", {
              things: listWords(technique.equipment.map((thing) => t(`equipment.${thing}`))),
            })}
            {technique.dose ? ` ${describeDose(technique.dose)}` : null}
          </p>
          {permission && permission.effect !== "ok" ? (
            <div class="note stack tight">
              {[...(isBlocked ? permission.reasons : permission.notes)].map((note) => (
                <p key={note.rule_id + note.key}>{say(note)}</p>
              ))}
              <Why ids={(isBlocked ? permission.reasons : permission.notes).map(({ rule_id }) => rule_id)} />
            </div>
          ) : null}
          {isBlocked || technique.is_shut ? null : (
            <div class="row actions">
              {permission ? (
                <a class="button main" href={sessionHref({ exercise: id, variant, mode: "camera" })}>
                  {t("ui.today.start")}
                </a>
              ) : null}
              <a class="button" href={sessionHref({ exercise: id, variant, mode: "demo" })}>
                {t("ui.today.demo")}
              </a>
            </div>
          )}
          {permission && !technique.is_shut ? null : (
            <p>
              <a href="/">{t(technique.is_shut ? "ui.technique.shut" : "ui.technique.first")}</a>
            </p>
          )}
        </div>
        {technique.is_shut ? null : <MovingPicture id={id} />}
      </div>
      {technique.is_shut ? null : <HowTo technique={technique} />}
      <Sources technique={technique} />
    </div>
  );
}

export function TechniquePage({ id }: { id: string }) {
  const { resource, reload } = useResource<readonly Technique[]>("/api/techniques");
  return (
    <Loaded resource={resource} onRetry={reload} title={t("ui.place.techniques")}>
      {(techniques) => {
        const technique = techniques.find((one) => one.id === id);
        return technique ? <TechniqueContent technique={technique} /> : <NotFoundPage id="" />;
      }}
    </Loaded>
  );
}
