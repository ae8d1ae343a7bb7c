"""The grammar of the safety rules: what each file of ``rules/safety`` may say, as frozen types.

In: nothing. Out: types that :mod:`unkink.coach.safety_rules` decodes into. Texts are not here: a row ``E01``
has the keys ``screening.E01.label``, ``.question``, ``.told``. Next file: :mod:`unkink.coach.safety_rules`.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias, cast

import msgspec

Code: TypeAlias = Literal["TW", "SS", "WA", "FR"]
CODES: tuple[Code, ...] = ("TW", "SS", "WA", "FR")
Grade: TypeAlias = Literal["A", "B", "C", "D"]
Provenance: TypeAlias = Literal["S", "S2", "M", "D"]
DetailName: TypeAlias = Literal[
    "pain_now", "constant", "linked_to_movement", "trimester", "disc_region", "agreed"
]

Kebab = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
RuleId = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{1,2}[0-9]{2}$")]
Share = Annotated[float, msgspec.Meta(gt=0, le=1)]
Score = Annotated[float, msgspec.Meta(ge=0, le=10)]
Positive = Annotated[float, msgspec.Meta(gt=0)]
Count = Annotated[int, msgspec.Meta(ge=1)]


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all rule types: unknown fields are faults."""


class Evidenced(Strict, frozen=True, kw_only=True):
    """A rule with its identity and what it rests on."""

    id: RuleId
    sources: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    grade: Grade


# ------------------------------------------------------------------------------------------------ screening


class ConditionalNote(Strict, frozen=True, kw_only=True):
    """A note that is left out in the trimesters named."""

    note: Kebab
    unless_trimester: tuple[int, ...]


class Modify(Strict, frozen=True, kw_only=True):
    """How a technique is made gentler."""

    variants: tuple[Kebab, ...] = ()
    dose_frac: Share = 1.0
    range_frac: Share = 1.0
    max_hold_s: Positive | None = None
    pain_limit: Score | None = None
    notes: tuple[Kebab | ConditionalNote, ...] = ()
    """Names of the sentences ``screening.note.<name>``."""


RowEffect: TypeAlias = Literal["ok", "block"] | Modify


class Effects(Strict, frozen=True, kw_only=True):
    """What a row does to each technique."""

    TW: RowEffect
    SS: RowEffect
    WA: RowEffect
    FR: RowEffect

    def of(self, code: Code) -> RowEffect:
        """Return what it does to one technique."""
        return cast("RowEffect", getattr(self, code))


class Gate(Strict, frozen=True, kw_only=True):
    """U00: all of these have to hold for the row's effects; otherwise everything is closed."""

    pain_at_most: Score
    constant: bool
    linked_to_movement: bool
    no_other_yes: bool


class Row(Evidenced, frozen=True, kw_only=True):
    """One screening question."""

    effects: Effects
    within_h: Annotated[float, msgspec.Meta(ge=0)] | None = None
    """How soon to ask a clinician, hours; 0 is now."""
    within_h_combined: Positive | None = None
    """The same when another urgent row is answered with yes."""
    card: Kebab | None = None
    """Help card."""
    details: tuple[DetailName, ...] = ()
    """What is asked along with a yes."""
    gate: Gate | None = None
    needs_agreement: bool = False
    """Whether the effects need the person's own clinician to agree; until then everything is closed."""
    closed_unless_no: tuple[RuleId, ...] = ()
    """Rows that have to be answered with no; otherwise everything is closed."""
    agreed: Effects | None = None
    """What replaces the effects once the person's own clinician has agreed."""
    is_clearable: bool = True
    is_lasting: bool = False
    """A standing condition: a clearance once given stays with it. Otherwise a new yes asks for a new one."""
    is_for_today: bool = False
    """Asked again at every check-in once it was answered with yes."""


class Rows(Strict, frozen=True, kw_only=True):
    """One file of rows."""

    format: Literal[1]
    rows: tuple[Row, ...]


class Sign(Strict, frozen=True, kw_only=True):
    """What is read first: a few words for one row, or for all rows that can only apply if it does."""

    id: Kebab | None = None
    """Text ``screening.sign.<id>``; None: the name of its one row."""
    rows: Annotated[tuple[RuleId, ...], msgspec.Meta(min_length=1)]
    is_row: bool = False
    """Whether ticking it answers its one row with yes; else its rows are asked then. Without an id: yes."""


class ScreeningCard(Strict, frozen=True, kw_only=True):
    """One page of the Check: tick what applies, or none of these."""

    id: Kebab
    """Text ``screening.card.<id>.title``, and ``.intro`` where ``has_intro``."""
    signs: Annotated[tuple[Sign, ...], msgspec.Meta(min_length=1)]
    has_intro: bool = False

    @property
    def rows(self) -> tuple[str, ...]:
        """Rows that may be asked on this page, each once."""
        return tuple(dict.fromkeys(row_id for sign in self.signs for row_id in sign.rows))


class ScreeningCards(Strict, frozen=True, kw_only=True):
    """The Check, in order."""

    format: Literal[1]
    cards: tuple[ScreeningCard, ...]


class Escalation(Strict, frozen=True, kw_only=True):
    """A row that becomes another one together with others."""

    row: RuleId
    with_any: tuple[RuleId, ...]
    unless_disc_region: tuple[Literal["neck", "mid", "low"], ...] = ()
    becomes: RuleId


class Engine(Strict, frozen=True, kw_only=True):
    """Rules about the rules (evidence section 0)."""

    format: Literal[1]
    version: Annotated[str, msgspec.Meta(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")]
    rescreen_after_days: Count
    rescreen_after_gap_days: Count
    follow_up_days: Count
    stale_s: Positive
    near_ceiling_frac: Share
    escalations: tuple[Escalation, ...]
    cleared: Effects
    """What a clinician's clearance for gentle exercise opens after an emergency or urgent row."""
    techniques: dict[Kebab, Code]
    """Exercise id to evidence code."""
    variants: dict[Kebab, Code]
    """Variant id to evidence code."""


# -------------------------------------------------------------------------------------------- check and pain


class CheckQuestion(Evidenced, frozen=True, kw_only=True):
    """One of P02 to P05: what a yes does."""

    then: Literal["lock", "ask", "regress"]
    rows: tuple[RuleId, ...] = ()
    """Rows that a yes counts as (``lock``) or that are asked (``ask``)."""
    is_about_last: bool = False
    """Whether it is about the last session; before the first there is nothing to ask."""


class PainBands(Evidenced, frozen=True, kw_only=True):
    """P01: upper ends of the bands of pain now, inclusive; above the last one everything locks."""

    normal_to: Score
    half_to: Score
    rest_to: Score
    half_dose_frac: Share
    half_closes: tuple[Code, ...]
    lock_row: RuleId


class CheckRules(Strict, frozen=True, kw_only=True):
    """The short check before a session."""

    format: Literal[1]
    pain_now: PainBands
    questions: tuple[CheckQuestion, ...]


class Green(Evidenced, frozen=True, kw_only=True):
    """L01."""

    pain_to: Score


class Amber(Evidenced, frozen=True, kw_only=True):
    """L02."""

    pain_to: Score
    next_dose_frac: Share
    next_closes: tuple[Code, ...]
    back_after_running: Count
    """So many ambers in a row: one level back."""


class Red(Evidenced, frozen=True, kw_only=True):
    """L03."""

    rise_points: Positive
    rest_h: Positive
    kinds: tuple[str, ...]
    """Kinds of pain that are red at any score."""


class Black(Evidenced, frozen=True, kw_only=True):
    """L04."""


class Progression(Evidenced, frozen=True, kw_only=True):
    """D12 with D01: when the standard dose comes."""

    n_green: Count
    """Green sessions of the technique, running."""
    start_days: Count
    """Days since its first session (D01's weeks at the start dose)."""


class PainRules(Strict, frozen=True, kw_only=True):
    """The traffic light."""

    format: Literal[1]
    kinds: tuple[str, ...]
    signs: dict[str, RuleId]
    """Kinds of pain that are stop signs, too."""
    green: Green
    amber: Amber
    red: Red
    black: Black
    progression: Progression


class StopRule(Evidenced, frozen=True, kw_only=True):
    """One stop sign in a session."""

    card: Kebab
    rows: tuple[RuleId, ...]
    """Rows that it counts as."""
    rest_h: Annotated[float, msgspec.Meta(ge=0)] = 0
    rests: Literal["technique", "all"] = "all"
    until_cleared: bool = False


class StopRules(Strict, frozen=True, kw_only=True):
    """All stop signs."""

    format: Literal[1]
    stops: tuple[StopRule, ...]


# ---------------------------------------------------------------------------------------------- caps and pops


class SessionCeiling(Strict, frozen=True, kw_only=True):
    """D03 for one technique."""

    hold_s_per_side: Positive | None = None
    repetitions: Count | None = None


class SessionCeilings(Evidenced, frozen=True, kw_only=True):
    """D03."""

    TW: SessionCeiling
    SS: SessionCeiling
    WA: SessionCeiling
    FR: SessionCeiling


class RoutineCap(Evidenced, frozen=True, kw_only=True):
    """O01: full routines a day. Sessions that follow each other closely are one routine."""

    per_day: Count
    apart_h: Positive
    together_min: Positive


class SessionsCap(Evidenced, frozen=True, kw_only=True):
    """D05: full sessions of one technique a day."""

    per_day: dict[Code, int]


class RollCap(Evidenced, frozen=True, kw_only=True):
    """O02."""

    hard_s_per_day: Positive
    recommended_s_per_day: Positive


class WeekNudge(Evidenced, frozen=True, kw_only=True):
    """O03."""

    hold_s_per_week: Positive


class StartGate(Evidenced, frozen=True, kw_only=True):
    """D01: techniques that wait for some sessions."""

    waits: dict[Code, int]
    """Technique to number of sessions before."""


class Frequency(Evidenced, frozen=True, kw_only=True):
    """D04: days a week, and no two days running while sore."""

    days_per_week: dict[Code, int]
    not_consecutive_if_sore: tuple[Code, ...]
    advised_per_week: dict[Code, int]
    """Days of seven above which a remark says that fewer are enough."""


class Caps(Strict, frozen=True, kw_only=True):
    """Over-use."""

    format: Literal[1]
    ceilings: SessionCeilings
    routines: RoutineCap
    sessions: SessionsCap
    roll: RollCap
    week: WeekNudge
    start: StartGate
    frequency: Frequency


class PopHabit(Evidenced, frozen=True, kw_only=True):
    """O04: when the habit card shows."""

    deliberate_per_day_max: Count
    repeat_within_min: Positive
    card: Kebab
    closes: tuple[Code, ...] = ()
    """Techniques that rest for the day when the card showed."""


class NeckPop(Evidenced, frozen=True, kw_only=True):
    """O05: any crack of the neck shows the neck card."""

    regions: tuple[Kebab, ...]
    card: Kebab


class Refractory(Evidenced, frozen=True, kw_only=True):
    """K05: minutes in which trying again makes no sound; shown, never as a timer."""

    least_min: Positive
    prudent_min: Positive


class Neutral(Evidenced, frozen=True, kw_only=True):
    """K15, K22: rows that only carry their text."""


class PopRules(Strict, frozen=True, kw_only=True):
    """Pops."""

    format: Literal[1]
    habit: PopHabit
    neck: NeckPop
    refractory: Refractory
    facts: tuple[Neutral, ...]


# ----------------------------------------------------------------------------------------------- prescription


class SessionLength(Evidenced, frozen=True, kw_only=True):
    """Y05: how long a whole session, and its short version, may be at most."""

    most_s: Positive
    short_s: Positive


class WeekVolume(Evidenced, frozen=True, kw_only=True):
    """D06: seconds held in a week, a side, that are worth having."""

    useful_s_per_week: Positive


class Speed(Evidenced, frozen=True, kw_only=True):
    """D07: seconds into a hold, for half a repetition, or for a pass: least and most."""

    move_s: dict[Code, tuple[float, float]]


class Effort(Evidenced, frozen=True, kw_only=True):
    """D08: how much it may be felt, of 10: least and most."""

    of_ten: dict[Code, tuple[float, float]]


class Least(Strict, frozen=True, kw_only=True):
    """Less than this is no exercise any more; only ever up to the dose itself."""

    hold_s: Positive
    repetitions: Count
    roll_s: Positive


class PrescriptionRules(Strict, frozen=True, kw_only=True):
    """What every session keeps to, whatever its dose."""

    format: Literal[1]
    length: SessionLength
    volume: WeekVolume
    speed: Speed
    effort: Effort
    warm_up_s: Positive
    least: Least


# ---------------------------------------------------------------------------------------------- help, sources


class HelpCard(Strict, frozen=True, kw_only=True):
    """One card: ``help.<id>.title``, ``.why``, ``.do.1`` to ``.do.<n_steps>``, ``.say`` if it has one."""

    id: Kebab
    tier: Literal["emergency", "urgent", "info"]
    call: Literal["emergency", "clinician", "none"]
    n_steps: Count
    has_say: bool = False
    rows: tuple[RuleId, ...] = ()
    """Rules that lead here."""
    on_help_page: bool = False


class HelpCards(Strict, frozen=True, kw_only=True):
    """Everything under "I need help now", in order."""

    format: Literal[1]
    cards: tuple[HelpCard, ...]


class Source(Strict, frozen=True, kw_only=True):
    """One entry of the bibliography."""

    reference: str
    provenance: Provenance
    confirmed: str


class Sources(Strict, frozen=True, kw_only=True):
    """The bibliography, by key."""

    format: Literal[1]
    sources: dict[str, Source]
