/** One article: calm to read; under every statement what it rests on and how firmly. */
import { useEffect } from "preact/hooks";
import type { LearnArticle as Article, LearnStatement } from "../api/types";
import { Why } from "../design/Why";
import { t } from "../text/catalogue";

const HREFS: Readonly<Record<string, string>> = {
  help: "/help",
  check: "/check",
  techniques: "/techniques",
  progress: "/progress",
  settings: "/settings",
  about: "/about",
  accuracy: "/about#accuracy",
};

function Statement({ statement, isSought }: { statement: LearnStatement; isSought: boolean }) {
  const { id, text, belief, rows, grade, provenance } = statement;
  const isRemembered = provenance === "M";
  const key = isRemembered ? "learn.page.weight.M" : "learn.page.weight";
  return (
    <div id={id} class={isSought ? "statement is-sought" : "statement"} tabIndex={-1}>
      {belief ? <p class="belief">{t("learn.page.belief", { text: belief })}</p> : null}
      <p>
        {belief ? <span class="unseen">{t("learn.page.known")}: </span> : null}
        {text}
      </p>
      <Why
        ids={rows}
        label={t(key, { grade: t(`why.short.${grade}`) })}
        note={isRemembered ? t("learn.page.memory") : ""}
      />
    </div>
  );
}

/** Somebody came for one statement: show it, and let a reader start there. */
function useSought(sought: string): void {
  useEffect(() => {
    if (!sought) return;
    const frame = requestAnimationFrame(() => {
      const place = document.getElementById(sought);
      place?.scrollIntoView({ block: "center" });
      place?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [sought]);
}

export function LearnArticle({ article }: { article: Article }) {
  const sought = decodeURIComponent(location.hash.slice(1));
  useSought(sought);
  return (
    <div class="page learn article">
      <p class="small">
        <a href="/learn">{t("learn.page.all")}</a>
      </p>
      <header class="stack tight">
        <h1>{article.title}</h1>
        <p class="lead quiet">{article.summary}</p>
      </header>
      {article.sections.length > 2 ? (
        <nav class="contents" aria-label={t("learn.page.contents")}>
          <ul>
            {article.sections.map(({ id, title }) => (
              <li key={id}>
                <a href={`#${id}-title`}>{title}</a>
              </li>
            ))}
          </ul>
        </nav>
      ) : null}
      {article.sections.map(({ id, title, statements }) => (
        <section key={id} class="stack" aria-labelledby={`${id}-title`}>
          <h2 id={`${id}-title`}>{title}</h2>
          {statements.map((statement) => (
            <Statement
              key={`${statement.article}/${statement.id}`}
              statement={statement}
              isSought={statement.id === sought}
            />
          ))}
        </section>
      ))}
      {article.links.length > 0 ? (
        <nav class="row ruled" aria-label={t("learn.page.on")}>
          {article.links.map(({ name, text }) => (
            <a key={name} class="button" href={HREFS[name] ?? "/"}>
              {text}
            </a>
          ))}
        </nav>
      ) : null}
    </div>
  );
}
