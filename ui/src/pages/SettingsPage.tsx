/** Settings: few, each with a sentence; and what this person's data is, where it is, and how it goes. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ask } from "../api/client";
import type { Erased, Problem, Settings } from "../api/types";
import { changeSettings, settings, status } from "../app/state";
import { Choice } from "../design/choices";
import { Sheet } from "../design/Sheet";
import { t } from "../text/catalogue";
import { EmergencyNumber } from "./EmergencyNumber";
import { ProblemCard } from "./Loaded";
import "./settings.css";

function Setting({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <section class="setting">
      <div>
        <h2>{t(`ui.settings.${name}.title`)}</h2>
        <p class="quiet">{t(`ui.settings.${name}.text`)}</p>
      </div>
      <div class="control">{children}</div>
    </section>
  );
}

type Flag = "mirrored" | "big_numerals" | "record_landmarks";

function Switch({ flag }: { flag: Flag }) {
  return (
    <label class="switch">
      <input
        class="check-box"
        type="checkbox"
        checked={settings.value[flag]}
        onChange={(event) => void changeSettings({ [flag]: event.currentTarget.checked })}
      />
      <span>{t(`ui.settings.${flag}.label`)}</span>
    </label>
  );
}

function Words<K extends "sound" | "theme" | "reduced_motion">({
  name,
  options,
}: {
  name: K;
  options: readonly Settings[K][];
}) {
  return (
    <Choice
      legend={t(`ui.settings.${name}.title`)}
      isLegendUnseen
      value={settings.value[name] as string}
      onChange={(value) => void changeSettings({ [name]: value } as Partial<Settings>)}
      options={options.map((option) => [option as string, t(`ui.settings.${name}.${option}`)] as const)}
    />
  );
}

function EraseSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const word = t("ui.erase.word");
  const isRight = typed.trim().toLowerCase() === word;
  const erase = async (event: Event) => {
    event.preventDefault();
    if (!isRight) return;
    const answer = await ask<Erased>("POST", "/api/erase", { confirm: "erase" });
    if (!answer.ok) {
      setProblem(answer.problem);
      return;
    }
    try {
      localStorage.clear();
      sessionStorage.clear();
    } catch {
      // Nothing was kept there then.
    }
    location.assign("/");
  };
  return (
    <Sheet isOpen={isOpen} onClose={onClose} labelledBy="erase-title">
      <form class="stack" onSubmit={erase}>
        <h2 id="erase-title">{t("ui.erase.title")}</h2>
        <p>{t("ui.erase.text")}</p>
        <label class="field">
          <span>{t("ui.erase.type", { word })}</span>
          <input
            type="text"
            autocomplete="off"
            spellcheck={false}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
        {problem ? <ProblemCard problem={problem} /> : null}
        <div class="row actions">
          <button type="submit" class="button help" disabled={!isRight}>
            {t("ui.erase.do")}
          </button>
          <button type="button" class="button" onClick={onClose}>
            {t("ui.erase.keep")}
          </button>
        </div>
      </form>
    </Sheet>
  );
}

export function SettingsPage(_: { id: string }) {
  const [isErasing, setErasing] = useState(false);
  return (
    <div class="page">
      <h1>{t("ui.place.settings")}</h1>
      <div class="settings">
        <Setting name="number">
          <EmergencyNumber isLegendUnseen />
          <label class="row">
            <span>{t("telling.crisis-line.title")}</span>
            <input
              type="text"
              autocomplete="off"
              maxLength={60}
              value={settings.value.crisis_line}
              onChange={(event) => void changeSettings({ crisis_line: event.currentTarget.value.trim() })}
            />
          </label>
          <p class="quiet small">{t("telling.crisis-line.text")}</p>
        </Setting>
        <Setting name="sound">
          <Words name="sound" options={["voice", "bell", "silent"]} />
        </Setting>
        <Setting name="mirrored">
          <Switch flag="mirrored" />
        </Setting>
        <Setting name="theme">
          <Words name="theme" options={["auto", "light", "dark"]} />
        </Setting>
        <Setting name="reduced_motion">
          <Words name="reduced_motion" options={["auto", "on", "off"]} />
        </Setting>
        <Setting name="big_numerals">
          <Switch flag="big_numerals" />
        </Setting>
        <Setting name="check">
          <a class="button" href="/check">
            {t("ui.settings.check.go")}
          </a>
        </Setting>
        <Setting name="record_landmarks">
          <Switch flag="record_landmarks" />
        </Setting>
        <Setting name="privacy">
          <p>{t("ui.settings.privacy.more")}</p>
        </Setting>
        <Setting name="export">
          <a class="button" href="/api/export" download>
            {t("ui.settings.export.go")}
          </a>
        </Setting>
        <Setting name="erase">
          <button type="button" class="button help" onClick={() => setErasing(true)}>
            {t("ui.settings.erase.go")}
          </button>
        </Setting>
      </div>
      <footer class="quiet small stack tight">
        <p>
          {t("use.short")} <a href="/about">{t("use.more")}</a>
        </p>
        {status.value ? (
          <p>{t("ui.settings.version", { version: status.value.version, rules: status.value.rules_version })}</p>
        ) : null}
      </footer>
      <EraseSheet isOpen={isErasing} onClose={() => setErasing(false)} />
    </div>
  );
}
