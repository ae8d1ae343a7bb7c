/** What lies over the stage when something has to be read: a stop, a trouble, a pause. Each says what to do. Next file: `SessionPage.tsx`. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { isHelpOpen } from "../app/state";
import { CallNow } from "../pages/EmergencyScreen";
import { has, say, t } from "../text/catalogue";
import type { SessionController } from "./controller";
import { isPaused, type View } from "./view";

interface CardProps {
  readonly role: "alertdialog" | "status";
  readonly titleKey: string;
  readonly isWide?: boolean;
  readonly children: ComponentChildren;
}

function Card({ role, titleKey, isWide, children }: CardProps) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (role === "alertdialog") title.current?.focus();
  }, [role]);
  return (
    <section class={isWide ? "session-card is-wide" : "session-card"} role={role} aria-labelledby="session-card-title">
      <h1 id="session-card-title" ref={title} tabIndex={-1}>
        {t(titleKey)}
      </h1>
      {children}
    </section>
  );
}

/** Steps of a help card, bundled with the page. */
function HelpSteps({ card }: { card: string }) {
  const steps: string[] = [];
  for (let i = 1; has(`help.${card}.step.${i}`); i++) steps.push(`help.${card}.step.${i}`);
  if (steps.length === 0) return null;
  return (
    <ol>
      {steps.map((key) => (
        <li key={key}>{t(key)}</li>
      ))}
    </ol>
  );
}

export function StopCard({ session }: { session: SessionController }) {
  const { verdict, isOwnVerdict, summary_id } = session.view.value;
  const reasons = verdict?.reasons ?? [];
  // The signs that the page itself stopped for are all of the kind for which the number belongs on the screen.
  const card = verdict?.card ?? (isOwnVerdict ? "advice" : null);
  const isGrave = card !== null && has(`help.${card}.title`);
  return (
    <Card role="alertdialog" titleKey="session.stop.title" isWide>
      {reasons.map((reason) => (
        <p class="lead" key={reason.rule_id + reason.key}>
          {say(reason)}
        </p>
      ))}
      {isOwnVerdict ? <p>{t("session.stop.own")}</p> : null}
      {card && isGrave ? (
        <div class="note help stack tight">
          <h2>{t(`help.${card}.title`)}</h2>
          <HelpSteps card={card} />
        </div>
      ) : null}
      {card ? <CallNow /> : null}
      <div class="row actions">
        <button type="button" class="button main" onClick={() => session.act("summary")}>
          {t(summary_id ? "session.stop.summary" : "session.stop.today")} <kbd>Enter</kbd>
        </button>
        <button type="button" class="button help" onClick={() => (isHelpOpen.value = true)}>
          {t("ui.help.button")}
        </button>
      </div>
    </Card>
  );
}

function CameraTrouble({ session, view }: { session: SessionController; view: View }) {
  const { camera, mode } = view;
  return (
    <Card role="alertdialog" titleKey={`camera.problem.${camera}.title`}>
      <p class="lead">{t(`camera.problem.${camera}.text`)}</p>
      <div class="row actions">
        <button type="button" class="button main" onClick={() => void session.retryCamera()}>
          {t("camera.again")}
        </button>
        <button type="button" class="button" onClick={() => void session.change("timer")}>
          {t("session.setup.to.timer")}
        </button>
        {mode === "demo" ? null : (
          <button type="button" class="button" onClick={() => void session.change("demo")}>
            {t("session.setup.to.demo")}
          </button>
        )}
      </div>
    </Card>
  );
}

function LostServer({ session }: { session: SessionController }) {
  return (
    <Card role="status" titleKey="session.lost.title">
      <p class="lead">{t("session.lost.text")}</p>
      <div class="row actions">
        <button type="button" class="button" onClick={() => session.lookForServer()}>
          {t("session.lost.now")}
        </button>
        <button type="button" class="button plain" onClick={() => session.act("leave")}>
          {t("session.lost.leave")}
        </button>
      </div>
    </Card>
  );
}

/** Codes after which answering the questions is the way on. */
const SCREENING_CODES = /screening|check-first|locked/;
const OTHER_TAB_CODES = /other-tab|taken|in-use|session-open|busy/;

function Problem({ session, view }: { session: SessionController; view: View }) {
  const problem = view.problem;
  if (!problem) return null;
  return (
    <Card role="alertdialog" titleKey="session.problem.title">
      <p class="lead">{say(problem)}</p>
      {problem.error_id ? <p class="quiet">{t("session.problem.error", { error_id: problem.error_id })}</p> : null}
      <div class="row actions">
        {OTHER_TAB_CODES.test(problem.code) ? (
          <button type="button" class="button main" onClick={() => session.takeOver()}>
            {t("session.problem.take-over")}
          </button>
        ) : (
          <button type="button" class="button main" onClick={() => void session.start()}>
            {t("session.problem.again")}
          </button>
        )}
        {SCREENING_CODES.test(problem.code) ? (
          <a class="button" href="/check">
            {t("session.problem.check")}
          </a>
        ) : null}
        <a class="button plain" href="/">
          {t("session.problem.today")}
        </a>
      </div>
    </Card>
  );
}

function Paused({ session, view }: { session: SessionController; view: View }) {
  const reason = view.state?.paused ?? "user";
  const key = `paused.${reason}`;
  return (
    <section class="session-card is-slim" role="status">
      <h1>{t("session.paused.title")}</h1>
      <p>{t(has(key) ? key : "paused.user")}</p>
      <button type="button" class="button" onClick={() => session.act("resume")}>
        {t("session.paused.go-on")} <kbd>{t("session.key.space")}</kbd>
      </button>
    </section>
  );
}

function Over({ session, view }: { session: SessionController; view: View }) {
  return (
    <Card role="status" titleKey="session.over.title">
      <p class="lead">{t("session.over.text")}</p>
      {view.summary_id ? (
        <button type="button" class="button main" onClick={() => session.act("summary")}>
          {t("session.over.summary")} <kbd>Enter</kbd>
        </button>
      ) : null}
    </Card>
  );
}

/** At most one card, the most important first; a stop is shown by the page itself. */
export function StageCard({ session }: { session: SessionController }) {
  const view = session.view.value;
  if (view.problem?.fatal) return <Problem session={session} view={view} />;
  if (view.camera) return <CameraTrouble session={session} view={view} />;
  if (view.connection === "lost" && view.stage !== "over") return <LostServer session={session} />;
  if (view.stage === "over") return <Over session={session} view={view} />;
  if (view.stage === "live" && isPaused(view)) return <Paused session={session} view={view} />;
  return null;
}
