/** A page that needs an answer of the server: waits, explains, or draws. */
import type { ComponentChildren } from "preact";
import type { Resource } from "../api/resource";
import type { Problem } from "../api/types";
import { EmptyLine, Waiting } from "../design/Mark";
import { say, t } from "../text/catalogue";

export function ProblemCard({ problem, onRetry }: { problem: Problem; onRetry?: (() => void) | undefined }) {
  return (
    <div class="note warm stack tight" role="alert">
      <p>
        <b>{say(problem)}</b>
      </p>
      {onRetry ? (
        <p>
          <button type="button" class="button" onClick={onRetry}>
            {t("ui.problem.again")}
          </button>
        </p>
      ) : null}
    </div>
  );
}

interface LoadedProps<T> {
  readonly resource: Resource<T>;
  readonly onRetry: () => void;
  readonly title: string;
  readonly children: (value: T) => ComponentChildren;
}

export function Loaded<T>({ resource, onRetry, title, children }: LoadedProps<T>) {
  if (resource.state === "here") return <>{children(resource.value)}</>;
  return (
    <div class="page">
      <h1 class={resource.state === "waiting" ? "unseen" : undefined}>{title}</h1>
      {resource.state === "waiting" ? (
        <Waiting label={t("ui.waiting")} />
      ) : resource.problem.code === "server-stopped" || resource.problem.status === 401 ? (
        // The banner says what happened and what to do; the page waits.
        <div class="line-place">
          <EmptyLine />
          {resource.problem.status === 401 ? null : <p class="quiet">{t("ui.server.waiting")}</p>}
        </div>
      ) : (
        <>
          {/* What is not there will not be there when it is asked for again. */}
          <ProblemCard problem={resource.problem} onRetry={resource.problem.status === 404 ? undefined : onRetry} />
          <p>
            <a class="button plain" href="/">
              {t("ui.nowhere.home")}
            </a>
          </p>
        </>
      )}
    </div>
  );
}
