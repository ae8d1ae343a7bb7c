/**
 * "Why am I seeing this?": the rules behind a text, what they rest on and how firmly. In: ids of rows. Out: a quiet disclosure.
 * The whole book of evidence is asked for at once, so that no address tells which rule somebody met.
 */
import { signal } from "@preact/signals";
import { ask, whenServerReturns } from "../api/client";
import type { EvidenceBook, Source } from "../api/types";
import { t } from "../text/catalogue";
import "./why.css";

const book = signal<EvidenceBook | "waiting" | "away" | null>(null);

async function open(): Promise<void> {
  if (book.value !== null && book.value !== "away") return;
  book.value = "waiting";
  const answer = await ask<EvidenceBook>("GET", "/api/evidence");
  book.value = answer.ok ? answer.value : "away";
  if (!answer.ok) whenServerReturns(() => void open());
}

function SourceLine({ source }: { source: Source }) {
  if (source.provenance === "D") return null;
  return (
    <li>
      {source.reference}. <span class="quiet">{t(`why.provenance.${source.provenance}`)}</span>{" "}
      {source.confirmed && source.provenance !== "M" ? (
        <span class="quiet">{t("why.confirmed", { what: source.confirmed })}</span>
      ) : null}
    </li>
  );
}

function Row({ id }: { id: string }) {
  const known = book.value;
  if (known === null || typeof known === "string") {
    return <b>{t("why.rule", { id })}</b>;
  }
  const row = known.rows[id];
  const sources = (row?.sources ?? []).flatMap((key) => known.sources[key] ?? []);
  const hasJudgement = !row || sources.some(({ provenance }) => provenance === "D");
  return (
    <>
      <p>
        <b>{row ? t("why.rule", { id }) : t("why.judgement")}</b> {t(`why.grade.${row?.grade ?? "D"}`)}
      </p>
      <ul>
        {sources.map((source) => (
          <SourceLine key={source.reference} source={source} />
        ))}
        {hasJudgement && row ? <li>{t("why.judgement")}</li> : null}
      </ul>
    </>
  );
}

/** What rows rest on, for pages that have their own disclosure. */
export function Sources({ ids }: { ids: readonly string[] }) {
  return (
    <div class="why-body stack tight small">
      {[...new Set(ids)].map((id) => (
        <div key={id}>
          <Row id={id} />
        </div>
      ))}
      {book.value === "waiting" ? <p class="quiet">{t("why.waiting")}</p> : null}
      {book.value === "away" ? <p class="quiet">{t("why.away")}</p> : null}
    </div>
  );
}

interface WhyProps {
  /** Ids of rows, such as `U07`; those without a row of evidence are our own judgement and say so. */
  readonly ids: readonly string[];
  /** What the disclosure is called; "Why am I seeing this?" if not said. */
  readonly label?: string;
  /** A sentence to read before the rules. */
  readonly note?: string;
}

export function Why({ ids, label, note }: WhyProps) {
  if (ids.length === 0) return null;
  return (
    <details class="why" onToggle={(event) => event.currentTarget.open && void open()}>
      <summary>{label ?? t("why.ask")}</summary>
      {note ? <p class="why-body small">{note}</p> : null}
      <Sources ids={ids} />
    </details>
  );
}
