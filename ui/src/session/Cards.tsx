/** What lies over the stage when something has to be read: a stop, a trouble, a pause. Each says what to do. Next file: `SessionPage.tsx`. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { isHelpOpen } from "../app/state";
import { Why } from "../design/Why";
import { HelpCardNote, numberParams } from "../pages/HelpCards";
import { has, say, t } from "../text/catalogue";
import type { SessionController } from "./controller";
import { MOBILITY_ID } from "./texts";
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

export function StopCard({ session }: { session: SessionController }) {
  const { verdict, isOwnVerdict, welcome } = session.view.value;
  return (
    <Card role="alertdialog" titleKey={welcome ? "session.stop.title" : "session.problem.title"} isWide>
      {verdict?.reasons.map((reason) => (
        <p class="lead" key={reason.rule_id + reason.key}>
          {t(reason.key, { ...numberParams(), ...reason.params })}
        </p>
      ))}
      <Why ids={verdict?.reasons.map(({ rule_id }) => rule_id) ?? []} />
      {isOwnVerdict ? <p>{t("session.stop.own")}</p> : null}
      {verdict?.card ? <HelpCardNote id={verdict.card} ruleIds={[]} /> : null}
    </Card>
  );
}

/** The ways on after a stop: in the bar, where they are always in sight. */
export function StopActions({ session }: { session: SessionController }) {
  const { summary_id, problem } = session.view.value;
  const way = problem ? WAYS[problem.code] : undefined;
  return (
    <div class="row session-stop-actions">
      <button type="button" class="button main" onClick={() => session.act("summary")}>
        {t(summary_id ? "session.stop.summary" : "session.stop.today")} <kbd>Enter</kbd>
      </button>
      {way ? (
        <a class="button" href={way.href}>
          {t(way.key)}
        </a>
      ) : null}
      <button type="button" class="button help" onClick={() => (isHelpOpen.value = true)}>
        {t("ui.help.button")}
      </button>
    </div>
  );
}

function CameraTrouble({ session, view }: { session: SessionController; view: View }) {
  const { camera, mode } = view;
  const isCheck = session.wish.exercise_id === MOBILITY_ID;
  return (
    <Card role="alertdialog" titleKey={`camera.problem.${camera}.title`}>
      <p class="lead">{t(`camera.problem.${camera}.text`)}</p>
      {isCheck ? <p>{t("mobility.needs-camera")}</p> : null}
      <div class="row actions">
        <button type="button" class="button main" onClick={() => void session.retryCamera()}>
          {t("camera.again")}
        </button>
        {isCheck ? null : (
          <button type="button" class="button" onClick={() => void session.change("timer")}>
            {t("session.setup.to.timer")}
          </button>
        )}
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

/** Where the way on is elsewhere, by the problem's code. */
const WAYS: Readonly<Record<string, { readonly href: string; readonly key: string }>> = {
  "screening-needed": { href: "/check", key: "session.problem.check" },
  "check-in-needed": { href: "/", key: "session.problem.check-in" },
  "not-allowed-today": { href: "/techniques", key: "session.problem.techniques" },
  "no-such-technique": { href: "/techniques", key: "session.problem.techniques" },
};
const OTHER_TAB = new Set(["session-elsewhere", "session-taken-over"]);
const FINAL = new Set(["session-over", "session-unknown", "no-key"]);

interface WayProps {
  readonly session: SessionController;
  readonly code: string;
}

function MainWay({ session, code }: WayProps) {
  const way = WAYS[code];
  if (way) {
    return (
      <a class="button main" href={way.href}>
        {t(way.key)}
      </a>
    );
  }
  if (FINAL.has(code)) return null;
  const [key, go] = OTHER_TAB.has(code)
    ? ["session.problem.take-over", () => session.takeOver()]
    : code === "version-mismatch"
      ? ["session.problem.reload", () => location.reload()]
      : ["session.problem.again", () => void session.start()];
  return (
    <button type="button" class="button main" onClick={go}>
      {t(key)}
    </button>
  );
}

function Problem({ session, view }: { session: SessionController; view: View }) {
  const problem = view.problem;
  if (!problem) return null;
  return (
    <Card role="alertdialog" titleKey="session.problem.title">
      <p class="lead">{say(problem)}</p>
      <div class="row actions">
        <MainWay session={session} code={problem.code} />
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

/** The session goes on although the diary cannot be written; the person has to know. */
export function StoreTrouble({ session }: { session: SessionController }) {
  const { problem } = session.view.value;
  if (!problem || problem.fatal || !problem.code.startsWith("store-")) return null;
  return (
    <p class="note warm store-trouble" role="status">
      {say(problem)}
    </p>
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
