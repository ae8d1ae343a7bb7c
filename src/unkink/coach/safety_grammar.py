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
