/** "Something hurts": how strong, what kind, or one of the signs that stop at once. All of it by keys, all of it large. */
import { PAIN_SIGNS } from "virtual:safety-cards";
import { useRef, useState } from "preact/hooks";
import { Sheet } from "../design/Sheet";
import type { PainKind } from "../generated/messages";
import { t } from "../text/catalogue";
import type { SessionController } from "./controller";
import { DigitReader } from "./digits";

const SCORES = Array.from({ length: 11 }, (_, score) => score);
const KINDS: readonly PainKind[] = ["ache", "stretch", "sharp", "electric", "tingling", "dizzy", "breath", "spreading"];
const SIGNS = ["S01", "S02", "S03", "S04", "S05"] as const;

export function PainSheet({ session }: { session: SessionController }) {
  const isOpen = session.view.value.dialog === "pain";
  return (
    <Sheet isOpen={isOpen} onClose={() => isOpen && session.act("stay")} labelledBy="pain-title">
      <PainForm session={session} />
    </Sheet>
  );
}

function PainForm({ session }: { session: SessionController }) {
  const [score, setScore] = useState<number | null>(null);
  const [kind, setKind] = useState<PainKind | null>(null);
  const [isMissing, setMissing] = useState(false);
  const [digits] = useState(() => new DigitReader());
  const scores = useRef<HTMLDivElement>(null);

  const send = () => {
    if (kind !== null && score !== null) session.reportPain(score, kind);
    // A stop sign needs no number.
    else if (kind !== null && PAIN_SIGNS[kind]) session.reportSign(PAIN_SIGNS[kind]);
    else setMissing(true);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const typed = digits.read(event.key, event.timeStamp);
    if (typed !== null) {
      setScore(typed);
      scores.current?.querySelectorAll("input")[typed]?.focus();
    }
    if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault();
      send();
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: digits are short cuts for the radio buttons within
    <div class="pain" onKeyDown={onKeyDown}>
      <header>
        <h1 id="pain-title">{t("session.pain.title")}</h1>
        <p class="lead">{t("session.pain.calm")}</p>
      </header>
      <div class="pain-words">
        <fieldset>
          <legend>{t("session.pain.score")}</legend>
          <div class="pain-scores" ref={scores}>
            {SCORES.map((value) => (
              <label key={value} class="pain-choice">
                <input
                  type="radio"
                  name="pain-score"
                  // The sheet opens with the focus here, so that digits and arrows work at once.
                  autofocus={value === 0}
                  checked={score === value}
                  onChange={() => setScore(value)}
                  aria-label={value % 10 === 0 ? `${value}, ${t(`session.pain.score.${value}`)}` : undefined}
                />
                <span>{value}</span>
              </label>
            ))}
          </div>
          <p class="pain-ends small quiet" aria-hidden="true">
            <span>{t("session.pain.score.0")}</span>
            <span>{t("session.pain.score.10")}</span>
          </p>
        </fieldset>
        <fieldset>
          <legend>{t("session.pain.kind")}</legend>
          <div class="pain-kinds">
            {KINDS.map((value) => (
              <label key={value} class="pain-choice">
                <input type="radio" name="pain-kind" checked={kind === value} onChange={() => setKind(value)} />
                <span>{t(`session.pain.kind.${value}`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <div class="row actions">
          <button type="button" class="button main" onClick={send}>
            {t("session.pain.send")} <kbd>Enter</kbd>
          </button>
          <button type="button" class="button" onClick={() => session.act("stay")}>
            {t("session.pain.back")} <kbd>Esc</kbd>
          </button>
        </div>
        <p role="alert">{isMissing && (score === null || kind === null) ? t("session.pain.need") : ""}</p>
      </div>
      <section class="pain-signs">
        <h2>{t("session.pain.signs")}</h2>
        {SIGNS.map((rule_id) => (
          <button key={rule_id} type="button" class="button help" onClick={() => session.reportSign(rule_id)}>
            {t(`safety.symptom.${rule_id}`)}
          </button>
        ))}
      </section>
    </div>
  );
}
