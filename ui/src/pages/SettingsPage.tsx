/** Settings: few, each with a sentence; and what this person's data is, where it is, and how it goes. */
import type { ComponentChildren } from "preact";
import type { Settings } from "../api/types";
import { changeSettings, settings, status } from "../app/state";
import { Choice, Several } from "../design/choices";
import { t } from "../text/catalogue";
import { Belongings } from "./Belongings";
import { EmergencyNumber } from "./EmergencyNumber";
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

type Flag = "mirrored" | "big_numerals" | "record_landmarks" | "floor";

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

const THINGS = ["chair", "wall", "roller", "towel"] as const;

/** What is at hand: the suggestion keeps to it, and closes nothing. */
function Equipment() {
  return (
    <div class="stack tight">
      <Several
        legend={t("ui.settings.equipment.title")}
        isLegendUnseen
        values={settings.value.equipment}
        onChange={(values) => void changeSettings({ equipment: THINGS.filter((thing) => values.includes(thing)) })}
        options={THINGS.map((thing) => [thing, t(`ui.settings.equipment.${thing}`)] as const)}
      />
      <Switch flag="floor" />
    </div>
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

export function SettingsPage(_: { id: string }) {
  return (
    <div class="page">
      <h1>{t("ui.place.settings")}</h1>
      <div class="settings">
        <Setting name="number">
          <EmergencyNumber isLegendUnseen />
          <label class="row">
            <span>{t("telling.crisis-line.title")}</span>
            <input
              class="number words"
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
        <Setting name="equipment">
          <Equipment />
        </Setting>
        <Setting name="record_landmarks">
          <Switch flag="record_landmarks" />
        </Setting>
        <Setting name="privacy">
          <p>{t("ui.settings.privacy.more")}</p>
        </Setting>
        <Belongings />
      </div>
      <footer class="quiet small stack tight">
        <p>
          {t("use.short")} <a href="/about">{t("use.more")}</a>
        </p>
        {status.value ? (
          <p>{t("ui.settings.version", { version: status.value.version, rules: status.value.rules_version })}</p>
        ) : null}
      </footer>
    </div>
  );
}
