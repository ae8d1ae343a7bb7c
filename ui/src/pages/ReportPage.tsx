/** The report for a professional: which days, what is on it, and how to take it along. Nothing is sent. */
import { useState } from "preact/hooks";
import { ask } from "../api/client";
import { useResource } from "../api/resource";
import type { Problem, ReportBlock, ReportName, ReportShown } from "../api/types";
import { Choice } from "../design/choices";
import { t } from "../text/catalogue";
import { Loaded, ProblemCard } from "./Loaded";
import "./report.css";

const SPANS = ["28", "56", "182", "own"] as const;
type Span = (typeof SPANS)[number];

function toDay(date: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function daysAgo(n: number): string {
  const day = new Date();
  day.setDate(day.getDate() - n);
  return toDay(day);
}

function ReportTable({ table, title }: { table: NonNullable<ReportBlock["table"]>; title: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled sideways has to be reached by keyboard
    <div class="scrolls" role="group" aria-label={title} tabIndex={0}>
      <table>
        {table.columns.length > 0 ? (
          <thead>
            <tr>
              {table.columns.map((name, i) => (
                <th key={i} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
        ) : null}
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.join("|")}>
              {row.map((cell, i) =>
                i === 0 ? (
                  <th key={i} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={i}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Block({ block }: { block: ReportBlock }) {
  const { picture, table, lines, note } = block;
  const isBeside = picture !== null && picture.width_frac < 1;
  return (
    <section class={isBeside ? "beside" : undefined}>
      <h3>{block.title}</h3>
      {picture ? <img src={`data:image/svg+xml,${encodeURIComponent(picture.svg)}`} alt={picture.alt} /> : null}
      {table ? <ReportTable table={table} title={block.title} /> : null}
      {lines.length > 0 ? (
        <ul>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ) : null}
      {note ? <p class="fine">{note}</p> : null}
    </section>
  );
}

/** Paper, in the dark too: what is seen is what is handed over. */
function Paper({ shown }: { shown: ReportShown }) {
  const at = (place: ReportBlock["place"]) =>
    shown.blocks.filter((block) => block.place === place).map((block) => <Block key={block.id} block={block} />);
  return (
    <article class="paper" aria-label={shown.title}>
      <h2>{shown.title}</h2>
      <p class="fine">{shown.subtitle}</p>
      <div class="top">{at("top")}</div>
      <div class="two">
        <div>{at("left")}</div>
        <div>{at("right")}</div>
      </div>
      {at("full")}
      <p class="fine">
        {shown.use} {shown.versions}
      </p>
    </article>
  );
}

function Name({ name, onSaved }: { name: string; onSaved: () => void }) {
  const [typed, setTyped] = useState(name);
  const [problem, setProblem] = useState<Problem | null>(null);
  const save = async () => {
    if (typed.trim() === name) return;
    const answer = await ask<ReportName>("PUT", "/api/report/name", { name: typed });
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) onSaved();
  };
  return (
    <>
      <label class="field">
        <span>{t("reporting.name")}</span>
        <input
          type="text"
          autocomplete="name"
          maxLength={120}
          placeholder={t("reporting.name.hint")}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onChange={() => void save()}
        />
      </label>
      {problem ? <ProblemCard problem={problem} /> : null}
    </>
  );
}

export function ReportPage(_: { id: string }) {
  const [span, setSpan] = useState<Span>("56");
  const [own, setOwn] = useState({ from: daysAgo(55), to: daysAgo(0) });
  const days = span === "own" ? own : { from: daysAgo(Number(span) - 1), to: daysAgo(0) };
  const wish = `from=${days.from}&to=${days.to}`;
  const { resource, reload } = useResource<ReportShown>(`/api/report/page?${wish}`);
  const href = (format: string) => `/api/report?${wish}&format=${format}`;
  return (
    <div class="page">
      <header class="stack tight">
        <h1>{t("reporting.title")}</h1>
        <p class="quiet">{t("reporting.text")}</p>
      </header>
      <Choice
        legend={t("reporting.period")}
        value={span}
        onChange={(value) => setSpan(value as Span)}
        options={SPANS.map((one) => [one, t(`reporting.period.${one}`)] as const)}
      />
      {span === "own" ? (
        <div class="row">
          {(["from", "to"] as const).map((end) => (
            <label key={end} class="field">
              <span>{t(`reporting.${end}`)}</span>
              <input
                type="date"
                max={daysAgo(0)}
                value={own[end]}
                onChange={(event) => {
                  if (event.currentTarget.value) setOwn({ ...own, [end]: event.currentTarget.value });
                }}
              />
            </label>
          ))}
        </div>
      ) : null}
      <Loaded resource={resource} onRetry={reload} title={t("reporting.title")}>
        {(shown) => (
          <div class="stack wide">
            <Name name={shown.name} onSaved={() => void reload()} />
            <p class="row actions">
              <a class="button main" href={href("pdf")} download>
                {t("reporting.save")}
              </a>
              <a class="button" href={href("html")} target="_blank" rel="noreferrer">
                {t("reporting.print")}
              </a>
              <a class="button plain" href={href("json")} download>
                {t("reporting.data")}
              </a>
            </p>
            <p class="quiet">{t("reporting.words")}</p>
            <Paper shown={shown} />
          </div>
        )}
      </Loaded>
    </div>
  );
}
