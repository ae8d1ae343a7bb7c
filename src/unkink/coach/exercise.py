"""The grammar of a technique file: what a physiotherapist writes, as frozen types.

In: nothing. Out: :class:`Exercise`, decoded strictly from ``rules/exercises/*.yaml`` by
:mod:`unkink.coach.rulebook`. Every threshold is in degrees or seconds, never in frames. Next file:
:mod:`unkink.coach.rulebook`.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

ExerciseCode: TypeAlias = Literal["TW", "SS", "WA", "FR"]
SideName: TypeAlias = Literal["right", "left", "both"]
BreathName: TypeAlias = Literal["in", "out", "easy", "none"]
PhaseName: TypeAlias = Literal["lengthen", "move", "hold", "return", "work", "rest", "switch"]

Positive = Annotated[float, msgspec.Meta(gt=0)]
NotNegative = Annotated[float, msgspec.Meta(ge=0)]
Kebab = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Key = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]+(\.[A-Za-z0-9_-]+)+$")]


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all rule types: unknown fields are faults."""


class CameraView(Strict, frozen=True, kw_only=True):
    """Where the camera stands and what it has to see."""

    facing: Literal["front", "side"]
    required: tuple[str, ...]
    """Landmark names in lower case (``left_shoulder``) without which nothing counts."""
    preferred: tuple[str, ...] = ()
    """Landmark names that make the measurement better; their absence shows as ``partly``."""


class HoldCounting(Strict, frozen=True, kw_only=True, tag="hold", tag_field="kind"):
    """A stretch that is reached, held still and left, on each side."""

    quantity: str
    smallest_deg: Positive
    """Excursion from neutral from which a hold counts. Small on purpose: nobody is told to go further."""
    leave_frac: Annotated[float, msgspec.Meta(gt=0, lt=1)]
    """The hold is over when the excursion falls below this share of its own level."""
    still_deg_per_s: Positive
    """Slower than this is held."""
    settle_s: Positive
    """For how long it has to be still before it is called a hold (its start is then dated back)."""
    shortest_s: Positive
    """Shorter rests within a movement are not holds."""
    drawn_to_deg: Positive
    """Where the band on the screen ends: wide, so that it is no target."""


class RepetitionCounting(Strict, frozen=True, kw_only=True, tag="repetition", tag_field="kind"):
    """Both arms from the top to the bottom and back to the top."""

    quantities: tuple[str, str]
    """Left and right, degrees, larger is higher."""
    top_deg: Positive
    bottom_deg: Positive
    floor_deg: Positive
    """Below this the arms hang: the set is interrupted and no repetition is open."""
    release_deg: Positive
    """Hysteresis by which an end has to be left before it can be reached again."""


class RollingCounting(Strict, frozen=True, kw_only=True, tag="rolling", tag_field="kind"):
    """Rolling slowly to and fro; the time that it lasts counts, passes are told."""

    quantity: str
    smallest_travel_norm: Positive
    """Travel of one pass, in body lengths, from which it is a pass."""
    longest_rest_s: Positive
    """Lying still for longer is a rest and is not counted."""


class RestCounting(Strict, frozen=True, kw_only=True, tag="rest", tag_field="kind"):
    """Lying in position: time counts while the person is seen and still in place."""

    quantity: str


class ExcursionCounting(Strict, frozen=True, kw_only=True, tag="excursion", tag_field="kind"):
    """Going to each side as far as is comfortable, waiting there, and back: how far it was is what counts."""

    quantity: str
    smallest_deg: Positive
    """From which it has begun. Small on purpose: nobody is told to go further."""
    back_frac: Annotated[float, msgspec.Meta(gt=0, lt=1)]
    """It is over below this share of its own peak."""
    level_frac: Annotated[float, msgspec.Meta(gt=0, lt=1)]
    """From this share of its own peak on it is at its end."""
    top_s: Positive
    """How much from the middle of the time at its end is measured."""
    shortest_s: NotNegative
    """A shorter time at its end is a swing, and is asked for again."""
    linger_s: Positive
    """After so long at its end the person is asked to come back."""
    drawn_to_deg: Positive


Counting: TypeAlias = HoldCounting | RepetitionCounting | RollingCounting | RestCounting | ExcursionCounting


class Level(Strict, frozen=True, kw_only=True, tag="level", tag_field="kind"):
    """One quantity beyond a bound, with hysteresis in its unit and in seconds."""

    quantity: str
    above: float | None = None
    below: float | None = None
    clear: float
    """Value on the good side of which the fault is over."""
    for_s: NotNegative
    clear_for_s: NotNegative
    absolute: bool = False
    """Whether the sign is dropped first."""


class Difference(Strict, frozen=True, kw_only=True, tag="difference", tag_field="kind"):
    """Two quantities further apart than a bound."""

    quantities: tuple[str, str]
    above: Positive
    clear: Positive
    for_s: NotNegative
    clear_for_s: NotNegative


class ShortOfTop(Strict, frozen=True, kw_only=True, tag="short-of-top", tag_field="kind"):
    """The arms turned back, or rest, before the top of the movement (repetitions only)."""

    least_deg: Positive
    """Arms lower than this are on their way up, not short of the top."""
    for_s: NotNegative
    drop_deg: Positive
    """Falling by this much from the highest point means turned back."""


class FastPass(Strict, frozen=True, kw_only=True, tag="fast-pass", tag_field="kind"):
    """A pass (rolling) or a half repetition that took less than a bound."""

    shorter_than_s: Positive
    clear_for_s: NotNegative


Condition: TypeAlias = Level | Difference | ShortOfTop | FastPass


class FaultRule(Strict, frozen=True, kw_only=True):
    """A fault of form: when, what it stops, what is said."""

    id: Kebab
    when: Condition
    during: tuple[PhaseName, ...]
    blocks_count: bool
    """Whether nothing counts while it lasts."""
    cue: Key
    importance: Annotated[int, msgspec.Meta(ge=1, le=9)]
    """1 is said first."""
    evidence: tuple[str, ...] = ()


class Guide(Strict, frozen=True, kw_only=True):
    """One phase of the spoken guidance."""

    phase: PhaseName
    breath: BreathName
    duration_s: Positive | None = None
    cue: Key
    per_side: bool = False
    """Whether the cue has a text of its own for each side (``.right``, ``.left``)."""
    again: Key | None = None
    """Said instead of ``cue`` from the second set on: shorter."""
    evidence: tuple[str, ...] = ()


class Dose(Strict, frozen=True, kw_only=True):
    """How much: one of ``hold_s`` (per side), ``repetitions`` or ``roll_s`` per set."""

    sets: Annotated[int, msgspec.Meta(ge=1, le=6)]
    hold_s: Positive | None = None
    repetitions: Annotated[int, msgspec.Meta(ge=1, le=30)] | None = None
    roll_s: Positive | None = None
    rest_s: NotNegative
    evidence: tuple[str, ...]


class Doses(Strict, frozen=True, kw_only=True):
    """The doses of a technique; the ceiling per session is judged by ``coach.safety``."""

    short: Dose
    """The 2-minute version."""
    start: Dose
    middle: Dose | None = None
    """Between the two (D13); None: the start dose goes on."""
    standard: Dose


class Variant(Strict, frozen=True, kw_only=True):
    """A gentler way of the same technique; fields that are set replace those of the technique."""

    id: Kebab
    evidence_name: str
    counting: Counting | None = None
    guides: tuple[Guide, ...] | None = None
    faults: tuple[FaultRule, ...] | None = None
    doses: Doses | None = None
    equipment: tuple[Kebab, ...] | None = None
    sides: tuple[SideName, ...] | None = None
    setup: tuple[Key, ...]
    evidence: tuple[str, ...]


class Exercise(Strict, frozen=True, kw_only=True):
    """One technique."""

    format: Literal[1]
    id: Kebab
    code: ExerciseCode
    position: Literal["sitting", "standing", "supine"]
    equipment: tuple[Kebab, ...]
    minutes: Positive
    camera: CameraView
    sides: tuple[SideName, ...]
    counting: Counting
    guides: tuple[Guide, ...]
    faults: tuple[FaultRule, ...]
    unseen: tuple[Key, ...]
    """What one camera cannot see and is left to the spoken cue."""
    doses: Doses
    ladder: tuple[Key, ...]
    setup: tuple[Key, ...]
    dont: tuple[Key, ...]
    variants: tuple[Variant, ...]
    parts: tuple[Kebab, ...] = ()
    """Variants that are done one after the other when all are allowed (the mobility check).

    Empty for a technique: its variants are ways of doing it.
    """
    patience_s: Positive | None = None
    """With parts: without a repetition for so long, it goes on with the next one."""
    evidence: tuple[str, ...]

    def with_variant(self, variant_id: str | None) -> Exercise:
        """Return the exercise as the variant has it.

        Raises
        ------
        KeyError
            If there is no such variant.
        """
        if variant_id is None:
            return self
        variant = {v.id: v for v in self.variants}[variant_id]
        changes = {
            name: value
            for name in ("counting", "guides", "faults", "doses", "equipment", "sides")
            if (value := getattr(variant, name)) is not None
        }
        return msgspec.structs.replace(self, setup=variant.setup, **changes)

    def guide(self, phase: PhaseName) -> Guide | None:
        """Return the guidance of a phase, or None where the technique has none."""
        return next((g for g in self.guides if g.phase == phase), None)


class CueTiming(Strict, frozen=True, kw_only=True):
    """When a cue may be said."""

    gap_s: Positive
    """Between any two cues."""
    form_after_prompt_s: NotNegative
    """A form cue may follow an instruction sooner."""
    repeat_s: Positive
    """Before the same cue is said again."""
    speak_s_per_word: Positive
    """To estimate when the voice is done."""


class ViewTiming(Strict, frozen=True, kw_only=True):
    """When the view counts as lost and found, in seconds."""

    lost_after_s: Positive
    partly_after_s: Positive
    found_after_s: Positive
    left_after_s: Positive
    """Nobody for longer: the person has left."""
    fill_gap_s: Positive
    """Shorter gaps inside a hold are filled, and the result says so."""


class Coaching(Strict, frozen=True, kw_only=True):
    """How the coach behaves, whatever the technique: all design judgement (grade D)."""

    format: Literal[1]
    cues: CueTiming
    view: ViewTiming
    get_ready_s: Positive
    calibrate_longest_s: Positive
    """Without a steady neutral for this long, the coach says what to do."""
    move_longest_s: Positive
    return_longest_s: Positive
    switch_s: Positive
    timer_ready_s: Positive
    """Without a camera: time to get into place before the first side."""
    timer_move_s: Positive
    """Without a camera: time to get into and out of the position."""
    time_jump_s: Positive
    """A larger jump of the clock (closed lid) pauses the session."""
    evidence: tuple[str, ...]
