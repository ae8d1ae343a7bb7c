/** What belongs to the person: the report, everything to take along, bring back, erase in part or as a whole. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ask, toProblem } from "../api/client";
import type { Erased, Imported, Problem } from "../api/types";
import { say, t } from "../text/catalogue";
import { ProblemCard } from "./Loaded";

interface PartProps {
  readonly title: string;
  readonly text: string;
  readonly children: ComponentChildren;
}

function Part({ title, text, children }: PartProps) {
  return (
    <section class="setting">
      <div>
        <h2>{title}</h2>
        <p class="quiet">{text}</p>
      </div>
      <div class="control">{children}</div>
    </section>
  );
}

function Bring() {
  const [name, setName] = useState<string | null>(null);
  const [brought, setBrought] = useState<Imported | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const bring = async (file: File | undefined) => {
    if (!file) return;
    setName(file.name);
    setBrought(null);
    setProblem(null);
    try {
      const headers = { "Content-Type": "application/octet-stream" };
      const answer = await fetch("/api/import", { method: "POST", body: file, headers, credentials: "same-origin" });
      const content: unknown = await answer.json().catch(() => null);
      if (answer.ok) setBrought(content as Imported);
      else setProblem(toProblem(answer.status, content));
    } catch {
      setProblem(toProblem(0, { code: "server-stopped", key: "ui.server.stopped.title" }));
    }
    setName(null);
  };
  return (
    <>
      <label class="button file">
        {t("take.import.choose")}
        <input
          class="unseen"
          type="file"
          accept=".json,.zip"
          onChange={(event) => {
            const input = event.currentTarget;
            void bring(input.files?.[0]).then(() => {
              input.value = "";
            });
          }}
        />
      </label>
      <div role="status" class="stack tight">
        {name === null ? null : <p class="quiet">{t("take.import.working", { name })}</p>}
        {brought?.notes.map((line) => (
          <p key={line.key}>{say(line)}</p>
        ))}
      </div>
      {problem ? <ProblemCard problem={problem} /> : null}
    </>
  );
}

function EraseBefore() {
  const [day, setDay] = useState("");
  const [isSure, setSure] = useState(false);
  const [erased, setErased] = useState<Erased | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const erase = async () => {
    const answer = await ask<Erased>("POST", "/api/erase", { confirm: "erase", before: day });
    setSure(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) setErased(answer.value);
  };
  return (
    <>
      <label class="field">
        <span>{t("take.before.day")}</span>
        <input
          type="date"
          value={day}
          onChange={(event) => {
            setDay(event.currentTarget.value);
            setSure(false);
            setErased(null);
          }}
        />
      </label>
      {isSure ? (
        <div class="row actions">
          <button type="button" class="button help" onClick={() => void erase()}>
            {t("take.before.sure", { day })}
          </button>
          <button type="button" class="button" onClick={() => setSure(false)}>
            {t("take.before.keep")}
          </button>
        </div>
      ) : (
        <button type="button" class="button" disabled={day === ""} onClick={() => setSure(true)}>
          {t("take.before.ask")}
        </button>
      )}
      <div role="status" class="stack tight">
        {erased ? (
          <p>
            {t("take.before.done", {
              n_entries: erased.n_entries,
              n_sessions: erased.n_sessions,
              n_recordings: erased.n_recordings,
            })}
          </p>
        ) : null}
        {erased?.kept ? <p>{say(erased.kept)}</p> : null}
      </div>
      {problem ? <ProblemCard problem={problem} /> : null}
    </>
  );
}

function EraseAll() {
  const [isSure, setSure] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const erase = async () => {
    const answer = await ask<Erased>("POST", "/api/erase", { confirm: "erase" });
    if (!answer.ok) {
      setProblem(answer.problem);
      return;
    }
    try {
      localStorage.clear();
      sessionStorage.clear();
    } catch {
      // Nothing was kept there then.
    }
    location.assign("/");
  };
  return (
    <>
      <ul class="goes">
        {[1, 2, 3, 4].map((n) => (
          <li key={n}>{t(`take.all.${n}`)}</li>
        ))}
      </ul>
      {isSure ? (
        <div class="row actions">
          <button type="button" class="button help" onClick={() => void erase()}>
            {t("take.all.sure")}
          </button>
          <button type="button" class="button" onClick={() => setSure(false)}>
            {t("take.all.keep")}
          </button>
        </div>
      ) : (
        <div class="row actions">
          <button type="button" class="button help" onClick={() => setSure(true)}>
            {t("take.all.ask")}
          </button>
          <a class="button plain" href="/api/export?format=zip" download>
            {t("take.all.save")}
          </a>
        </div>
      )}
      {problem ? <ProblemCard problem={problem} /> : null}
    </>
  );
}

export function Belongings() {
  return (
    <>
      <Part title={t("take.report.title")} text={t("take.report.text")}>
        <a class="button" href="/report">
          {t("reporting.link")}
        </a>
      </Part>
      <Part title={t("harm.settings.title")} text={t("harm.settings.text")}>
        <a class="button" href="/problem">
          {t("harm.save")}
        </a>
      </Part>
      <Part title={t("take.export.title")} text={t("take.export.text")}>
        <div class="row actions">
          <a class="button" href="/api/export?format=zip" download>
            {t("take.export.zip")}
          </a>
          <a class="button plain" href="/api/export?format=json" download>
            {t("take.export.json")}
          </a>
          <a class="button plain" href="/api/export?format=parquet" download>
            {t("take.export.parquet")}
          </a>
        </div>
      </Part>
      <Part title={t("take.import.title")} text={t("take.import.text")}>
        <Bring />
      </Part>
      <Part title={t("take.before.title")} text={t("take.before.text")}>
        <EraseBefore />
      </Part>
      <Part title={t("take.all.title")} text={t("take.all.text")}>
        <EraseAll />
      </Part>
    </>
  );
}
