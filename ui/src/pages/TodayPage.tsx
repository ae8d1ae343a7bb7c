/** Today: how it is now, what to do about it, how it has been. */
import { useState } from "preact/hooks";
import { useResource } from "../api/resource";
import type { CheckIn, DayPlan, Referral, Screening, Today } from "../api/types";
import { isAllClear } from "../app/state";
import { PainTrend } from "../design/charts";
import { EmptyLine } from "../design/Mark";
import { toTimes } from "../design/series";
import { say, t, tn } from "../text/catalogue";
import { AskOn } from "./AskOn";
import { CheckInForm } from "./CheckInForm";
import { FollowUp } from "./FollowUp";
import { EmergencyNote, HelpCardNote } from "./HelpCards";
import { InterruptedCard } from "./InterruptedCard";
import { Loaded } from "./Loaded";
import { LockedCard, reasonsOf } from "./LockedCard";
import { MobilityOffer } from "./Mobility";
import { OpenReferrals, TellDoor } from "./ReferralsDoor";
import { ReviewOffer } from "./ReviewOffer";
import { Suggestion } from "./Suggestion";
import { Welcome } from "./Welcome";
import "./today.css";

function Trend({ today }: { today: Today }) {
  const { noise, start, sentence } = today.trend;
  const points = toTimes(today.trend.pain);
  return (
    <section class="pair">
      <div class="ruled stack tight">
        <h2>{t("ui.today.trend.title")}</h2>
        {points.length > 1 ? (
          <figure class="chart">
            <PainTrend
              points={points}
              course={toTimes(today.trend.line)}
              start={start}
              noise={noise}
              label={t("ui.today.trend.label", { n: points.length })}
            />
            <figcaption class="quiet">{sentence ? say(sentence) : t("ui.today.trend.few")}</figcaption>
          </figure>
        ) : (
          <div class="stack">
            <EmptyLine />
            <p class="quiet">{t("ui.today.trend.empty")}</p>
          </div>
        )}
      </div>
      <div class="ruled stack tight">
        <h2>{t("ui.today.week.title")}</h2>
        <p class="week">
          <span class="numeral">{today.sessions_this_week}</span>
          <span>{tn("ui.today.week.sessions", today.sessions_this_week)}</span>
        </p>
        <p class="quiet">{t("ui.today.week.note")}</p>
        <p>
          <a href="/progress">{t("ui.today.week.more")}</a>
        </p>
      </div>
    </section>
  );
}

function Now({ today, onChange }: { today: Today; onChange: () => void }) {
  const { check_in } = today;
  if (!check_in) return null;
  return (
    <section class="now-line">
      <h1>{t("ui.today.now", { pain: check_in.pain_now })}</h1>
      <span class="quiet">{check_in.stiffness ? t(`ui.today.stiff.${check_in.stiffness}`) : null}</span>
      <button type="button" class="button plain" onClick={onChange}>
        {t("ui.today.change")}
      </button>
    </section>
  );
}

/** Closed until a clinician has spoken: the findings of the Check are the reasons. */
function LockedByCheck({ plan, alarm }: { plan: DayPlan | null; alarm: Today["alarm"] }) {
  const { resource } = useResource<Screening>("/api/screening");
  const assessment = resource.state === "here" ? resource.value.assessment : null;
  const found = assessment ? reasonsOf(assessment) : (plan?.lock?.reasons ?? []);
  const urgent =
    assessment?.findings
      .filter(({ rule_id, tier }) => tier === "emergency" && assessment.lock_ids.includes(rule_id))
      .map(({ card }) => card) ?? [];
  const told = plan?.cards.filter(({ tier }) => tier === "emergency").map(({ id }) => id) ?? [];
  const cards = [...told, ...urgent, ...(alarm ?? [])].filter((card) => card !== null);
  return (
    <>
      <EmergencyNote ids={cards} />
      <LockedCard reasons={found} isScreening />
    </>
  );
}

/** What follows from the check-in: something more to ask, a reason to wait, or a suggestion. */
function Day({ plan, checkIn, put }: { plan: DayPlan; checkIn: CheckIn | null; put: (value: Today) => void }) {
  if (plan.ask.length > 0 && checkIn) return <AskOn plan={plan} checkIn={checkIn} onDone={put} />;
  return (
    <>
      {plan.cards.map((card) => (
        <HelpCardNote key={card.id} id={card.id} params={card.params} ruleIds={card.rule_ids} />
      ))}
      {plan.lock ? (
        <LockedCard reasons={plan.lock.reasons} until={plan.lock.until} isCheckNeeded={plan.lock.until === null} />
      ) : null}
      {plan.lock ? null : <Suggestion plan={plan} />}
    </>
  );
}

/** Reasons to talk to somebody that come before everything else; the others wait below the suggestion. */
const SOON: readonly Referral["urgency"][] = ["now", "same-day", "days"];

/** One question at a time: what is urgent leaves no room for others, the day after comes before the week. */
function chooseQuestion(today: Today, isUrgent: boolean, isAsking: boolean): "follow-up" | "review" | null {
  if (isUrgent) return null;
  if (today.follow_up) return "follow-up";
  const isAskedOn = (today.plan?.ask.length ?? 0) > 0;
  return today.review_due.length > 0 && !isAsking && !isAskedOn ? "review" : null;
}

/** A danger sign was ticked and the questions were left: nothing opens, and nothing is lost. */
function Unfinished({ cards }: { cards: readonly string[] }) {
  return (
    <>
      <EmergencyNote ids={cards} />
      <section class="card way-on stack">
        <h1>{t("ui.unfinished.title")}</h1>
        <p>{t("ui.unfinished.text")}</p>
        <p>
          <a class="button main" href="/check">
            {t("ui.welcome.go-on")}
          </a>
        </p>
      </section>
    </>
  );
}

function TodayContent({ today, put, reload }: { today: Today; put: (value: Today) => void; reload: () => void }) {
  const [isChanging, setChanging] = useState(false);
  if (today.screening_state === "none" || today.screening_state === "draft") {
    return (
      <div class="page">
        {today.alarm ? <Unfinished cards={today.alarm} /> : <Welcome isDraft={today.screening_state === "draft"} />}
      </div>
    );
  }
  const isAsking = isChanging || !today.check_in;
  // The first day is for the first exercise: nothing to look back on, and measuring first is offered where it is set up.
  const isNew = today.trend.pain.length < 2 && today.sessions_this_week === 0;
  const urgent = today.referrals.filter(({ urgency }) => SOON.includes(urgency));
  const question = chooseQuestion(today, urgent.length > 0, isAsking);
  return (
    <div class="page">
      {isAsking && isAllClear.value ? (
        <p class="lead">
          {t("ui.check.result.clear.title")} {t("ui.check.result.clear.text")}
        </p>
      ) : null}
      {today.welcome_back && isAsking ? <p class="lead">{t("ui.today.back")}</p> : null}
      {today.interrupted ? (
        <InterruptedCard session={today.interrupted} onClosed={() => put({ ...today, interrupted: null })} />
      ) : null}
      <OpenReferrals today={{ ...today, referrals: urgent }} onDone={reload} />
      {today.follow_up && question === "follow-up" ? (
        <FollowUp last={today.follow_up} onDone={() => put({ ...today, follow_up: null })} />
      ) : null}
      {today.screening_state === "expired" ? (
        <section class="note stack">
          <h1>{t("ui.today.expired.title")}</h1>
          <p>{today.referrals.find(({ rule_id }) => rule_id === "R16")?.text}</p>
          <p class="quiet">{t("ui.today.expired.text")}</p>
          <p>
            <a class="button main" href="/check">
              {t("ui.today.expired.go")}
            </a>
          </p>
        </section>
      ) : today.screening_state === "locked" ? (
        <LockedByCheck plan={today.plan} alarm={today.alarm} />
      ) : isAsking ? (
        <CheckInForm
          key="check-in"
          today={today}
          onDone={(next) => {
            isAllClear.value = false;
            setChanging(false);
            put(next);
            window.scrollTo(0, 0);
          }}
          onCancel={today.check_in ? () => setChanging(false) : undefined}
        />
      ) : (
        <>
          <Now today={today} onChange={() => setChanging(true)} />
          {question === "review" ? <ReviewOffer onLater={put} /> : null}
          {today.plan ? <Day plan={today.plan} checkIn={today.check_in} put={put} /> : null}
          {today.mobility && !isNew && question !== "review" ? <MobilityOffer today={today.mobility} /> : null}
        </>
      )}
      <OpenReferrals
        today={{ ...today, referrals: today.referrals.filter(({ urgency }) => !SOON.includes(urgency)) }}
        onDone={reload}
      />
      <TellDoor put={put} />
      {isNew ? null : <Trend today={today} />}
    </div>
  );
}

export function TodayPage(_: { id: string }) {
  const { resource, reload, put } = useResource<Today>("/api/today");
  return (
    <Loaded resource={resource} onRetry={reload} title={t("ui.place.today")}>
      {(today) => <TodayContent today={today} put={put} reload={() => void reload()} />}
    </Loaded>
  );
}
