/** The bar below: the one instruction, the tools, and the pain button, which never moves. Next file: `SessionPage.tsx`. */
import { settings } from "../app/state";
import { say, t } from "../text/catalogue";
import type { SessionController } from "./controller";
import type { Intent } from "./keys";
import { chooseLine, isPaused, type View } from "./view";

interface ToolProps {
  readonly session: SessionController;
  readonly intent: Intent;
  readonly label: string;
  readonly kbd: string;
  readonly shortcut: string;
  readonly isPressed?: boolean;
  readonly title?: string;
}

function Tool({ session, intent, label, kbd, shortcut, isPressed, title }: ToolProps) {
  return (
    <button
      type="button"
      class="button tool"
      data-tool={intent}
      aria-keyshortcuts={shortcut}
      aria-pressed={isPressed}
      title={title}
      // A tool never keeps the focus: Space and Enter stay the session's own.
      onClick={(event) => {
        session.act(intent);
        if (event.detail > 0) event.currentTarget.blur();
      }}
    >
      {label} <kbd>{kbd}</kbd>
    </button>
  );
}

function textOf(view: View, step: string): string {
  if (view.stage === "opening") return t(`session.opening.${step}`);
  if (view.stage === "live" && view.connection === "lost") return t("cue.paused");
  const line = chooseLine(view);
  return line ? say(line) : "";
}

export function Line({ session }: { session: SessionController }) {
  const view = session.view.value;
  const text = textOf(view, session.step.value);
  return (
    <p class="session-line" aria-live="polite" data-long={text.length > 60} data-urgency={view.cue?.urgency}>
      {text}
    </p>
  );
}

export function Tools({ session }: { session: SessionController }) {
  const view = session.view.value;
  const level = settings.value.sound;
  const isLive = view.stage === "live";
  const hasVoice = session.hasVoice();
  const voiceTitle = level === "voice" && !hasVoice ? { title: t("session.tool.no-voice") } : {};
  return (
    <div class="session-tools">
      <Tool session={session} intent="sound" label={t(`session.tool.${level}`)} kbd="V" shortcut="V" {...voiceTitle} />
      {isLive && view.mode === "timer" && !isPaused(view) ? (
        <Tool session={session} intent="next" label={t("session.tool.done")} kbd="Enter" shortcut="Enter" />
      ) : null}
      {isLive && view.state?.part && !isPaused(view) ? (
        <Tool session={session} intent="next" label={t("mobility.tool.skip")} kbd="→" shortcut="ArrowRight" />
      ) : null}
      {isLive ? (
        <Tool
          session={session}
          intent={isPaused(view) ? "resume" : "pause"}
          label={t(isPaused(view) ? "session.tool.resume" : "session.tool.pause")}
          kbd={t("session.key.space")}
          shortcut="Space"
        />
      ) : null}
      {isLive && view.mode !== "timer" && !view.state?.part ? (
        <Tool
          session={session}
          intent="mirror"
          label={t("session.tool.mirror")}
          kbd="M"
          shortcut="M"
          isPressed={settings.value.mirrored}
        />
      ) : null}
      <Tool
        session={session}
        intent={isLive ? "ask-end" : "leave"}
        label={t(isLive ? "session.tool.end" : "session.setup.leave")}
        kbd="Esc"
        shortcut="Escape"
      />
    </div>
  );
}

export function PainButton({ session }: { session: SessionController }) {
  return (
    <button type="button" class="button help hurts" aria-keyshortcuts="H" onClick={() => session.act("pain")}>
      {t("session.hurts")} <kbd>H</kbd>
    </button>
  );
}
