/**
 * A problem with the back after exercise: first whether help is needed now, then what happened, then a text that may be sent by
 * oneself. Nothing is sent from here. The session that it is about is in the address: `?session=`.
 */
import { useState } from "preact/hooks";
import { ask } from "../api/client";
import { useResource } from "../api/resource";
import type { Problem, ProblemTold, Sessions } from "../api/types";
import { query } from "../app/router";
import { isHelpOpen } from "../app/state";
import { t } from "../text/catalogue";
import { Loaded, ProblemCard } from "./Loaded";
import { doneName, formatMoment } from "./names";
import "./report.css";

function Help() {
  return (
    <section class="note warm stack tight">
      <h2>{t("harm.first")}</h2>
      <p>{t("harm.first.text")}</p>
      <p>
        <button type="button" class="button help" onClick={() => (isHelpOpen.value = true)}>
          {t("harm.first.go")}
        </button>
      </p>
    </section>
  );
}

function Sending({ told }: { told: ProblemTold }) {
  const [isCopied, setCopied] = useState(false);
  const { text, address } = told;
  if (text === null) return null;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // The text stands there and can be marked by hand.
    }
  };
  const isPage = /^https?:\/\//.test(address ?? "");
  return (
    <section class="stack">
      <h2>{t("harm.send")}</h2>
      <p class="quiet">{t("harm.send.text")}</p>
      <pre class="told-text">{text}</pre>
      <div class="row actions">
        <button type="button" class="button" onClick={() => void copy()}>
          {t(isCopied ? "harm.copied" : "harm.copy")}
        </button>
        <a class="button plain" href="/api/report/problem.txt" download>
          {t("harm.file")}
        </a>
        <a class="button plain" href="/report">
          {t("harm.report")}
        </a>
      </div>
      {address ? (
        <p>
          {t("harm.send.to")}{" "}
          <a href={isPage ? address : `mailto:${encodeURIComponent(address).replace("%40", "@")}`} rel="noreferrer">
            {address}
          </a>
        </p>
      ) : (
        <p class="quiet">{t("harm.send.nobody")}</p>
      )}
    </section>
  );
}

function Form({ sessions, onTold }: { sessions: Sessions["sessions"]; onTold: (told: ProblemTold) => void }) {
  const mine = sessions.filter(({ mode }) => mode !== "demo").slice(0, 12);
  const asked = query.value.get("session") ?? "";
  const [about, setAbout] = useState(mine.some(({ id }) => id === asked) ? asked : "");
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const save = async (event: Event) => {
    event.preventDefault();
    const note = { kind: "harm", text: text.trim() || null, session_id: about || null };
    const saved = await ask("POST", "/api/notes", note);
    const answer = saved.ok ? await ask<ProblemTold>("GET", "/api/report/problem") : saved;
    if (answer.ok) onTold(answer.value);
    else setProblem(answer.problem);
  };
  return (
    <form class="stack" onSubmit={save}>
      <label class="field">
        <span>{t("harm.what")}</span>
        <textarea rows={5} maxLength={2000} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <label class="field">
        <span>{t("harm.which")}</span>
        <select value={about} onChange={(event) => setAbout(event.currentTarget.value)}>
          <option value="">{t("harm.which.none")}</option>
          {mine.map((session) => (
            <option key={session.id} value={session.id}>
              {doneName(session.exercise_id, session.variant)}, {formatMoment(session.started_at)}
            </option>
          ))}
        </select>
      </label>
      <p>
        <button type="submit" class="button main">
          {t("harm.save")}
        </button>
      </p>
      {problem ? <ProblemCard problem={problem} /> : null}
    </form>
  );
}

export function HarmPage(_: { id: string }) {
  const { resource, reload } = useResource<Sessions>("/api/sessions");
  const [told, setTold] = useState<ProblemTold | null>(null);
  return (
    <div class="page narrow problem">
      <header class="stack tight">
        <h1>{t("harm.title")}</h1>
        <p class="quiet">{t("harm.text")}</p>
      </header>
      <Help />
      {told ? (
        <>
          <p class="note" role="status">
            {t("harm.done")}
          </p>
          <Sending told={told} />
        </>
      ) : (
        <Loaded resource={resource} onRetry={reload} title={t("harm.title")}>
          {({ sessions }) => <Form sessions={sessions} onTold={setTold} />}
        </Loaded>
      )}
    </div>
  );
}
