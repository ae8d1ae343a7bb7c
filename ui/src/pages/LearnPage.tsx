/** Learn: what is known and how well, article by article, with a search that forgives. Next file: `LearnArticle.tsx`. */
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ask } from "../api/client";
import { useResource } from "../api/resource";
import type { LearnArticle as Article, LearnHit, LearnHits, LearnPart } from "../api/types";
import { t, tn } from "../text/catalogue";
import { LearnArticle } from "./LearnArticle";
import { Loaded } from "./Loaded";
import { NotFoundPage } from "./NotFoundPage";
import "./learn.css";

const PAUSE_MS = 120;

/** Kept while the page is open, so that going back from an article finds the list again; never in an address. */
const wanted = signal("");
const hits = signal<readonly LearnHit[] | null>(null);

function Parts({ parts }: { parts: readonly LearnPart[] }) {
  return parts.map(({ text, is_found }, i) => (is_found ? <mark key={i}>{text}</mark> : text));
}

function useSearch(): void {
  const query = wanted.value.trim();
  useEffect(() => {
    if (query.length < 2) {
      hits.value = null;
      return;
    }
    let isStale = false;
    const timer = setTimeout(() => {
      void ask<LearnHits>("POST", "/api/learn/search", { query: query.slice(0, 200) }).then((answer) => {
        if (!isStale && answer.ok) hits.value = answer.value.hits;
      });
    }, PAUSE_MS);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [query]);
}

/** Arrow keys go from the field through what was found, and back. */
function walk(event: KeyboardEvent): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  const places = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("input, .hits a")];
  const next = places[places.indexOf(document.activeElement as HTMLElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function Search() {
  useSearch();
  const field = useRef<HTMLInputElement>(null);
  const found = hits.value;
  const [before, after] = t("learn.page.belief").split("{text}");
  return (
    <search class="stack" onKeyDown={walk}>
      <label class="field">
        <b>{t("learn.page.search")}</b>
        <input
          ref={field}
          type="search"
          class="look-up"
          autocomplete="off"
          spellcheck={false}
          maxLength={200}
          aria-describedby="search-hint"
          value={wanted.value}
          onInput={(event) => (wanted.value = event.currentTarget.value)}
        />
        <span class="quiet small" id="search-hint">
          {t("learn.page.search.hint")}
        </span>
      </label>
      <p class="quiet small" role="status">
        {found === null ? "" : found.length === 0 ? t("learn.page.none") : tn("learn.page.found", found.length)}
      </p>
      {found && found.length > 0 ? (
        <ul class="hits">
          {found.map((hit) => (
            <li key={`${hit.article}/${hit.id}`}>
              <a href={`/learn/${hit.article}#${hit.id}`}>
                <span class="quiet small">{hit.article_title}</span>
                {hit.belief.length > 0 ? (
                  <span class="belief">
                    {before}
                    <Parts parts={hit.belief} />
                    {after}
                  </span>
                ) : null}
                <span>
                  <Parts parts={hit.parts} />
                </span>
              </a>
            </li>
          ))}
        </ul>
      ) : null}
    </search>
  );
}

function Articles({ articles }: { articles: readonly Article[] }) {
  return (
    <div class="page learn">
      <header class="stack tight">
        <h1>{t("learn.page.title")}</h1>
        <p>{t("learn.page.intro")}</p>
      </header>
      <Search />
      <section class="stack">
        <h2>{t("learn.page.articles")}</h2>
        <ul class="articles">
          {articles.map(({ id, title, summary }) => (
            <li key={id}>
              <a href={`/learn/${id}`}>
                <b>{title}</b>
                <span class="quiet">{summary}</span>
              </a>
            </li>
          ))}
        </ul>
      </section>
      <p class="quiet small use">
        {t("use.short")} <a href="/about">{t("use.more")}</a>
      </p>
    </div>
  );
}

export function LearnPage({ id }: { id: string }) {
  const { resource, reload } = useResource<readonly Article[]>("/api/learn");
  return (
    <Loaded resource={resource} onRetry={reload} title={t("ui.place.learn")}>
      {(articles) => {
        if (id === "") return <Articles articles={articles} />;
        const article = articles.find((one) => one.id === id);
        return article ? <LearnArticle article={article} /> : <NotFoundPage id="" />;
      }}
    </Loaded>
  );
}
