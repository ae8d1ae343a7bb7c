/** The frame around every page: the way between pages, the help that is always there, the banner, the page itself. */
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon, type IconName } from "../design/Icon";
import { Mark, Waiting } from "../design/Mark";
import { Sheet } from "../design/Sheet";
import { HelpContent, HelpPage } from "../pages/HelpPage";
import { NotFoundPage } from "../pages/NotFoundPage";
import { TodayPage } from "../pages/TodayPage";
import { t } from "../text/catalogue";
import { areTextsHere } from "../text/whole";
import { Banner } from "./Banner";
import { HelpButton } from "./HelpButton";
import { fetchAhead, later } from "./later";
import { path, query } from "./router";
import { isHelpOpen } from "./state";

interface Place {
  readonly href: string;
  readonly icon: IconName;
  readonly key: string;
}

const PLACES: readonly Place[] = [
  { href: "/", icon: "today", key: "ui.place.today" },
  { href: "/progress", icon: "progress", key: "ui.place.progress" },
  { href: "/techniques", icon: "techniques", key: "ui.place.techniques" },
  { href: "/learn", icon: "learn", key: "ui.place.learn" },
  { href: "/settings", icon: "settings", key: "ui.place.settings" },
];

interface Route {
  readonly pattern: RegExp;
  readonly titleKey: string;
  /** `bare`: a page that takes the whole window and brings its own help button. `focused`: no way between pages. */
  readonly frame: "full" | "focused" | "bare";
  readonly Page: ComponentType<{ id: string }>;
}

const CheckPage = later(() => import("../pages/CheckPage").then((module) => module.CheckPage));
const AboutDoor = later(() => import("../pages/AboutPage").then((module) => module.AboutPage));
const LearnDoor = later(() => import("../pages/LearnPage").then((module) => module.LearnPage));
const LookBackPage = later(() => import("../pages/LookBackPage").then((module) => module.LookBackPage));
const ProgressPage = later(() => import("../pages/ProgressPage").then((module) => module.ProgressPage));
const ReportPage = later(() => import("../pages/ReportPage").then((module) => module.ReportPage));
const HarmPage = later(() => import("../pages/HarmPage").then((module) => module.HarmPage));
const SettingsPage = later(() => import("../pages/SettingsPage").then((module) => module.SettingsPage));
const SummaryPage = later(() => import("../pages/SummaryPage").then((module) => module.SummaryPage));
const TechniquePage = later(() => import("../pages/TechniquePage").then((module) => module.TechniquePage));
const TechniquesPage = later(() => import("../pages/TechniquesPage").then((module) => module.TechniquesPage));
/** The session comes with the camera and the pose engine. */
const Session = later(() => import("../session/SessionPage").then((module) => module.SessionPage), { isHeavy: true });

/** Another address is another session. */
const SessionDoor = () => <Session key={query.value.toString()} />;

const ROUTES: readonly Route[] = [
  { pattern: /^\/$/, titleKey: "ui.place.today", frame: "full", Page: TodayPage },
  { pattern: /^\/check$/, titleKey: "ui.place.check", frame: "focused", Page: CheckPage },
  { pattern: /^\/session$/, titleKey: "ui.place.session", frame: "bare", Page: SessionDoor },
  { pattern: /^\/summary\/([^/]+)$/, titleKey: "ui.place.summary", frame: "full", Page: SummaryPage },
  { pattern: /^\/look-back$/, titleKey: "ui.place.look-back", frame: "full", Page: LookBackPage },
  { pattern: /^\/progress$/, titleKey: "ui.place.progress", frame: "full", Page: ProgressPage },
  { pattern: /^\/techniques$/, titleKey: "ui.place.techniques", frame: "full", Page: TechniquesPage },
  { pattern: /^\/techniques\/([^/]+)$/, titleKey: "ui.place.techniques", frame: "full", Page: TechniquePage },
  { pattern: /^\/learn(?:\/([^/]+))?$/, titleKey: "ui.place.learn", frame: "full", Page: LearnDoor },
  { pattern: /^\/about$/, titleKey: "ui.place.about", frame: "full", Page: AboutDoor },
  { pattern: /^\/report$/, titleKey: "ui.place.report", frame: "full", Page: ReportPage },
  { pattern: /^\/problem$/, titleKey: "ui.place.problem", frame: "full", Page: HarmPage },
  { pattern: /^\/settings$/, titleKey: "ui.place.settings", frame: "full", Page: SettingsPage },
  { pattern: /^\/help$/, titleKey: "ui.place.help", frame: "full", Page: HelpPage },
];

const NOWHERE: Route = { pattern: /^/, titleKey: "ui.place.nowhere", frame: "full", Page: NotFoundPage };

/** An address cut in the middle of a letter is an address all the same; the page says that there is nothing. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function findRoute(at: string): readonly [Route, string] {
  for (const route of ROUTES) {
    const match = route.pattern.exec(at);
    if (match) return [route, decode(match[1] ?? "")];
  }
  return [NOWHERE, ""];
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** `?` and F1 open the help from everywhere. */
function useHelpKey(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isQuestion = event.key === "?" && !isTyping(event.target);
      if (event.key !== "F1" && !isQuestion) return;
      event.preventDefault();
      isHelpOpen.value = true;
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

function focusHeading(): void {
  const heading = document.querySelector<HTMLElement>("main h1") ?? document.querySelector<HTMLElement>("main");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
}

/** What had the focus is gone: whoever goes by keys or by ear goes on at the heading of what came, not at the top of the window. */
function keepFocus(): () => void {
  let last: EventTarget | null = null;
  const onFocus = (event: FocusEvent) => {
    last = event.target;
  };
  const observer = new MutationObserver(() => {
    if (!(last instanceof Element) || last.isConnected || document.activeElement !== document.body) return;
    last = null;
    focusHeading();
  });
  document.addEventListener("focusin", onFocus);
  observer.observe(document.body, { childList: true, subtree: true });
  return () => {
    document.removeEventListener("focusin", onFocus);
    observer.disconnect();
  };
}

/** After a change of page: its name in the title, the focus on its heading. */
function useArrival(route: Route, at: string): void {
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${t(route.titleKey)} · Unkink`;
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    focusHeading();
  }, [route, at]);
  useEffect(keepFocus, []);
}

function Places({ at }: { at: string }) {
  return (
    <nav class="places" aria-label={t("ui.places")}>
      {PLACES.map(({ href, icon, key }) => {
        const isHere = href === "/" ? at === "/" : at.startsWith(href);
        return (
          <a key={href} href={href} aria-current={isHere ? "page" : undefined}>
            <Icon name={icon} />
            {t(key)}
          </a>
        );
      })}
    </nav>
  );
}

const Opening = () => <Waiting label={t("ui.waiting")} />;

export function App() {
  const at = path.value;
  const [route, id] = findRoute(at);
  useHelpKey();
  useArrival(route, at);
  useEffect(fetchAhead, []);
  const { frame } = route;
  // The help speaks from the start; the other pages wait for their sentences.
  const Page = areTextsHere.value || route.Page === HelpPage ? route.Page : Opening;
  const help = (
    <Sheet isOpen={isHelpOpen.value} onClose={() => (isHelpOpen.value = false)} labelledBy="help-title">
      <HelpContent onClose={() => (isHelpOpen.value = false)} />
    </Sheet>
  );
  if (frame === "bare") {
    return (
      <>
        <Page key={at} id={id} />
        {help}
      </>
    );
  }
  return (
    <div class={frame === "full" ? "shell with-places" : "shell"}>
      <a class="button skip" href="#content">
        {t("ui.skip")}
      </a>
      <div>
        <header class="top">
          <a class="home" href="/" aria-label={t("ui.home")}>
            <Mark />
            <span>unkink</span>
          </a>
          {frame === "full" ? <Places at={at} /> : <span />}
          <HelpButton />
        </header>
        <Banner />
      </div>
      <main id="content" tabIndex={-1}>
        <Page key={at} id={id} />
      </main>
      {help}
    </div>
  );
}
