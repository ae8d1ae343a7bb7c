"""What answers open and close beyond single rows: gates, agreements, escalations, clearances, time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from safety.cases import (
    IDS,
    MILD,
    NOW,
    RULES,
    TEXTS,
    answers,
    assessed,
    effect,
    hours_ago,
    past,
    replaced,
    session,
)
from unkink.coach.history import History, PastCheckIn, PastClearance, PastScreening
from unkink.coach.screening import Details, Permission, assess, combine, from_plain, to_plain
from unkink.coach.standing import (
    apply_today,
    cleared_rows,
    find_locks,
    for_today_rows,
    screening_state,
)

DAYS = timedelta(days=1)


def effects(assessment: Any) -> list[str]:
    return [effect(assessment, code) for code in IDS]


# ------------------------------------------------------------------------------------------- engine rules


def test_nothing_ticked_opens_everything() -> None:
    assessment = assessed()
    assert assessment.tier == "clear"
    assert effects(assessment) == ["ok"] * 4
    assert not assessment.locked


@pytest.mark.parametrize(
    ("given", "tier"),
    [
        ({"C01": "yes"}, "caution"),
        ({"C01": "yes", "U07": "yes"}, "urgent"),
        ({"C01": "yes", "U07": "yes", "E01": "yes"}, "emergency"),
        ({"U07": "yes", "E01": "unsure"}, "urgent"),
    ],
)
def test_highest_tier_wins(given: dict[str, str], tier: str) -> None:
    assessment = assessed(**given)
    assert assessment.tier == tier
    assert assessment.findings[0].tier == tier


def test_row_that_was_not_answered_closes_everything() -> None:
    given = answers()
    del given["C20"]
    assessment = assess(given, Details(), RULES)
    assert assessment.missing == ("C20",)
    assert effects(assessment) == ["block"] * 4


def test_row_that_is_not_known_closes_everything() -> None:
    assert effects(assess({**answers(), "X01": "yes"}, Details(), RULES)) == ["block"] * 4


def test_word_that_is_not_known_counts_as_not_sure() -> None:
    assert assessed(C07="maybe").permissions == assessed(C07="unsure").permissions


def test_assessment_survives_the_diary() -> None:
    assessment = assessed(C04="yes", U07="yes", C13="unsure")
    assert from_plain(to_plain(assessment)) == assessment


# ---------------------------------------------------------------------------------------------- U00, gated


@pytest.mark.parametrize(
    ("pain", "is_open"), [(0, True), (2.9, True), (3, True), (3.1, False), (4, False), (10, False)]
)
def test_u00_opens_half_a_dose_only_up_to_its_score(pain: float, is_open: bool) -> None:
    assessment = assessed(replaced(MILD, pain_now=pain), U00="yes")
    assert effects(assessment) == (["modify"] * 3 + ["block"] if is_open else ["block"] * 4)
    assert assessment.locked != is_open
    assert assessment.tier == "urgent"
    if is_open:
        assert {assessment.permissions[IDS[c]].dose_frac for c in ("TW", "SS", "WA")} == {0.5}


@pytest.mark.parametrize(
    "details",
    [
        Details(),
        replaced(MILD, pain_now=None),
        replaced(MILD, pain_now=-1),
        replaced(MILD, pain_now=float("nan")),
        replaced(MILD, constant=True),
        replaced(MILD, constant=None),
        replaced(MILD, linked_to_movement=False),
        replaced(MILD, linked_to_movement=None),
    ],
)
def test_u00_stays_closed_when_anything_is_missing_or_against_it(details: Details) -> None:
    assert effects(assessed(details, U00="yes")) == ["block"] * 4


@pytest.mark.parametrize("other", ["U13", "C23", "C25", "E08"])
@pytest.mark.parametrize("word", ["yes", "unsure"])
def test_u00_stays_closed_with_any_other_answer(other: str, word: str) -> None:
    assert effects(assessed(MILD, **{"U00": "yes", other: word})) == ["block"] * 4


def test_u00_tells_when() -> None:
    finding = assessed(MILD, U00="yes").findings[0]
    assert finding.when_key == "screening.U00.when"
    assert finding.within_h == 24


# ------------------------------------------------------------------------------------------ single features


@pytest.mark.parametrize(
    ("pain", "locks"), [(6, False), (6.9, True), (7, True), (10, True), (float("nan"), True)]
)
def test_u16_follows_from_the_score(pain: float, locks: bool) -> None:
    assessment = assessed(Details(pain_now=pain))
    assert assessment.locked == locks
    assert assessment.lock_ids == (("U16",) if locks else ())


def test_u15_is_sooner_with_another_urgent_answer() -> None:
    assert assessed(U15="yes").findings[0].within_h == 168
    together = {f.rule_id: f.within_h for f in assessed(U15="yes", U04="yes").findings}
    assert together == {"U15": 48, "U04": 72}


def test_u18_needs_the_clinician() -> None:
    assert effects(assessed(U18="yes")) == ["block"] * 4
    agreed = assessed(Details(agreed=("U18",)), U18="yes")
    assert effects(agreed) == ["modify"] * 3 + ["block"]
    assert not agreed.locked
    assert effects(assessed(cleared=("U18",), U18="yes")) == ["modify"] * 3 + ["block"]


def test_c07_opens_the_towel_only_when_agreed() -> None:
    assert effect(assessed(C07="yes"), "FR") == "block"
    agreed = assessed(Details(agreed=("C07",)), C07="yes")
    assert agreed.permissions[IDS["FR"]].variants == ("fr-alt",)
    assert agreed.permissions[IDS["TW"]].variants == ("tw-soft",)


def test_c10_opens_the_soft_twist_only_when_agreed() -> None:
    assert effect(assessed(C10="yes"), "TW") == "block"
    agreed = assessed(Details(agreed=("C10",)), C10="yes")
    assert agreed.permissions[IDS["TW"]].variants == ("tw-soft",)
    assert effect(agreed, "FR") == "block"


@pytest.mark.parametrize("word", ["yes", "unsure"])
def test_c08_is_only_for_those_without_weakness(word: str) -> None:
    assert effects(assessed(C08="yes", U08=word, C01="no")) == ["block"] * 4


@pytest.mark.parametrize(
    ("region", "sign", "is_emergency"),
    [
        ("mid", "U09", True),
        (None, "U08", True),
        ("mid", "C14", True),
        ("low", "U08", False),
        ("neck", "C14", False),
        ("mid", "C18", False),
    ],
)
def test_c08_of_the_mid_back_with_leg_or_balance_is_an_emergency(
    region: Any, sign: str, is_emergency: bool
) -> None:
    assessment = assessed(Details(disc_region=region), **{"C08": "yes", sign: "yes"})
    assert ("E05" in [f.rule_id for f in assessment.findings]) == is_emergency
    assert (assessment.tier == "emergency") == is_emergency


@pytest.mark.parametrize(("trimester", "reclined"), [(1, False), (2, True), (3, True), (None, True)])
def test_c04_lies_back_only_half_after_the_first_trimester(trimester: int | None, reclined: bool) -> None:
    permission = assessed(Details(trimester=trimester), C04="yes").permissions[IDS["FR"]]
    assert ("screening.note.semi-reclined" in [n.message_key for n in permission.notes]) == reclined
    assert permission.variants == ("fr-alt",)


@pytest.mark.parametrize(
    ("row_id", "code", "field", "value"),
    [
        ("C01", "TW", "variants", ("tw-soft",)),
        ("C06", "SS", "range_frac", 0.8),
        ("C13", "SS", "variants", ("ss-1",)),
        ("C13", "WA", "variants", ("wa-low",)),
        ("C13", "FR", "pain_limit", 3),
        ("C15", "SS", "max_hold_s", 15),
        ("C18", "TW", "variants", ("tw-soft",)),
        ("C21", "FR", "variants", ("fr-alt",)),
        ("C24", "TW", "dose_frac", 0.5),
        ("C26", "FR", "dose_frac", 0.5),
    ],
)
def test_how_a_row_makes_it_gentler(row_id: str, code: str, field: str, value: Any) -> None:
    assert getattr(assessed(**{row_id: "yes"}).permissions[IDS[code]], field) == value


@pytest.mark.parametrize("row_id", ["C01", "C06", "C08", "C14", "C18"])
def test_z05_gives_the_soft_twist(row_id: str) -> None:
    assert assessed(**{row_id: "yes"}).permissions[IDS["TW"]].variants == ("tw-soft",)


def test_c27_closes_everything_until_asked_again() -> None:
    assert effects(assessed(C27="yes")) == ["block"] * 4
    assert assessed(C27="yes").lock_ids == ("C27",)
    assert effects(assessed(cleared=("C27",), C27="yes")) == ["modify"] * 3 + ["block"]


def test_every_note_has_its_words() -> None:
    for row_id in RULES.rows:
        for permission in assessed(MILD, **{row_id: "yes"}).permissions.values():
            for note in permission.notes:
                assert note.message_key in TEXTS
                assert note.rule_id == row_id


# ----------------------------------------------------------------------------------------------- combining


def test_combining_takes_the_strictest_of_everything() -> None:
    combined = combine(
        Permission(effect="modify", variants=("tw-soft",), dose_frac=0.5, reasons=("C24",)),
        Permission(effect="modify", range_frac=0.8, max_hold_s=15, pain_limit=3, reasons=("C06",)),
        Permission(),
    )
    assert combined == Permission(
        effect="modify",
        variants=("tw-soft",),
        dose_frac=0.5,
        range_frac=0.8,
        max_hold_s=15,
        pain_limit=3,
        reasons=("C24", "C06"),
    )


def test_combining_variants_that_exclude_each_other_closes() -> None:
    assert combine(Permission(variants=("a",)), Permission(variants=("b",))).effect == "block"
    assert combine(Permission(variants=("a", "b")), Permission(variants=("b",))).variants == ("b",)


# ------------------------------------------------------------------------------- clearances, locks and time


def screened(hours: float, *lock_ids: str) -> PastScreening:
    return PastScreening(
        answered_at=hours_ago(hours), tier="urgent" if lock_ids else "clear", lock_ids=lock_ids
    )


def clearance(hours: float, *rule_ids: str, ok: bool = True, on: date | None = None) -> PastClearance:
    saved_at = hours_ago(hours)
    return PastClearance(
        saved_at=saved_at, assessed_on=on or saved_at.date(), gentle_ok=ok, rule_ids=rule_ids
    )


def state_of(history: History, **given: str) -> str:
    assessment = assess(answers(**given), Details(), RULES, cleared_rows(history, RULES))
    return screening_state(assessment, history, NOW, RULES)


def test_without_answers_there_is_nothing() -> None:
    assert screening_state(None, History(), NOW, RULES) == "none"
    assert screening_state(assessed(), History(), NOW, RULES) == "none"


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (timedelta(0), "valid"),
        (28 * DAYS - timedelta(seconds=1), "valid"),
        (28 * DAYS, "expired"),
        (28 * DAYS + timedelta(seconds=1), "expired"),
        (-DAYS, "valid"),
    ],
)
def test_answers_hold_for_28_days(age: timedelta, state: str) -> None:
    history = History(screenings=(PastScreening(answered_at=NOW - age, tier="clear"),))
    assert state_of(history) == state


def test_gap_of_28_days_asks_again() -> None:
    rules = replaced(RULES, engine=replaced(RULES.engine, rescreen_after_days=365))
    old = PastScreening(answered_at=hours_ago(60 * 24), tier="clear")
    for days, state in ((27.9, "valid"), (28, "expired")):
        history = History(screenings=(old,), sessions=(session(days * 24),))
        assert screening_state(assessed(), history, NOW, rules) == state


def test_answers_by_other_rules_are_asked_again() -> None:
    other = replaced(assessed(), rules_version="0.9.0")
    assert screening_state(other, past(), NOW, RULES) == "expired"


def test_lock_opens_only_with_a_clearance_after_it() -> None:
    locked = History(screenings=(screened(48, "U07"),))
    assert state_of(locked, U07="yes") == "locked"
    cleared = replaced(locked, clearances=(clearance(2, "U07"),))
    assert state_of(cleared, U07="yes") == "valid"
    assessment = assess(answers(U07="yes"), Details(), RULES, cleared_rows(cleared, RULES))
    assert effects(assessment) == ["modify"] * 3 + ["block"]
    assert {assessment.permissions[IDS[c]].dose_frac for c in ("TW", "SS", "WA")} == {0.5}
    assert assessment.tier == "caution"


@pytest.mark.parametrize(
    "given",
    [
        clearance(2, "U07", ok=False),
        clearance(2, "U05"),
        clearance(72, "U07"),
        clearance(2, "U07", on=(NOW - 40 * DAYS).date()),
        clearance(2, "U07", on=(NOW + 3 * DAYS).date()),
    ],
    ids=["refused", "for-another", "before", "seen-long-ago", "seen-in-the-future"],
)
def test_clearance_that_does_not_count(given: PastClearance) -> None:
    assert state_of(History(screenings=(screened(48, "U07"),), clearances=(given,)), U07="yes") == "locked"


def test_later_no_takes_an_earlier_yes_back() -> None:
    history = History(
        screenings=(screened(48, "U07"),), clearances=(clearance(3, "U07"), clearance(2, "U07", ok=False))
    )
    assert state_of(history, U07="yes") == "locked"


def test_answering_again_does_not_open_a_lock() -> None:
    history = History(screenings=(screened(48, "U07"), screened(1)))
    assert state_of(history) == "locked"
    assert [lock.rule_id for lock in find_locks(assessed(), history, RULES)] == ["U07"]
    cleared = History(screenings=(screened(48, "U07"), screened(1)), clearances=(clearance(0.5, "U07"),))
    assert state_of(cleared) == "valid"


def test_new_yes_after_a_clearance_locks_again_unless_the_condition_is_lasting() -> None:
    for row_id, state in (("U07", "locked"), ("U17", "valid")):
        history = History(
            screenings=(screened(48, row_id), screened(1, row_id)), clearances=(clearance(24, row_id),)
        )
        assert state_of(history, **{row_id: "yes"}) == state
        assert (row_id in cleared_rows(history, RULES, is_fresh=True)) == (state == "valid")


def test_u14_cannot_be_cleared_and_goes_by_the_newest_answer() -> None:
    history = History(screenings=(screened(48, "U14"),), clearances=(clearance(2, "U14"),))
    assert state_of(history, U14="yes") == "locked"
    assert state_of(History(screenings=(screened(48, "U14"), screened(1)))) == "valid"


@pytest.mark.parametrize(
    ("check_in", "rule_id"),
    [
        (PastCheckIn(at=hours_ago(2), pain_now=7), "U16"),
        (PastCheckIn(at=hours_ago(2), pain_now=0, answers={"P02": "yes"}), "P02"),
        (PastCheckIn(at=hours_ago(2), pain_now=0, answers={"P03": "unsure"}), "P03"),
    ],
)
def test_check_in_locks_until_cleared_and_then_asks_again(check_in: PastCheckIn, rule_id: str) -> None:
    history = past(check_ins=(check_in,))
    assert state_of(history) == "locked"
    cleared = replaced(history, clearances=(clearance(1, rule_id),))
    assert state_of(cleared) == "expired"
    asked = replaced(cleared, screenings=(*history.screenings, screened(0.5)))
    assert state_of(asked) == "valid"


def test_stop_sign_in_a_session_locks_until_cleared() -> None:
    history = past(session(2, stop_rule_ids=("S01",), status="stopped"))
    assert state_of(history) == "locked"
    demo = past(session(2, stop_rule_ids=("S01",), status="stopped", mode="demo"))
    assert state_of(demo) == "valid"


def test_emergency_sign_needs_a_look_after_it_happened() -> None:
    history = past(check_ins=(PastCheckIn(at=hours_ago(2), pain_now=0, answers={"P02": "yes"}),))
    early = clearance(1, "P02", on=(NOW - 5 * DAYS).date())
    assert state_of(replaced(history, clearances=(early,))) == "locked"


@pytest.mark.parametrize("word", ["yes", "unsure"])
def test_p04_asks_everything_again(word: str) -> None:
    change = PastCheckIn(at=hours_ago(2), pain_now=0, answers={"P04": word})
    assert state_of(past(check_ins=(change,))) == "expired"
    asked = past(check_ins=(change,), screenings=(screened(24), screened(1)))
    assert state_of(asked) == "valid"


def test_order_of_writing_beats_the_clock() -> None:
    # The clock was set back between lock and clearance: the diary's own order counts.
    history = History(
        screenings=(replaced(screened(1, "U07"), seq=5),), clearances=(replaced(clearance(3, "U07"), seq=6),)
    )
    assert state_of(history, U07="yes") == "valid"
    swapped = History(
        screenings=(replaced(screened(3, "U07"), seq=6),), clearances=(replaced(clearance(1, "U07"), seq=5),)
    )
    assert state_of(swapped, U07="yes") == "locked"


def test_rows_about_today_are_asked_again() -> None:
    given = answers(C24="yes", C07="yes")
    assert for_today_rows(given, RULES) == ("C24",)
    later = apply_today(given, {"C24": "no", "C07": "no", "P02": "no"}, RULES)
    assert later["C24"] == "no"
    assert later["C07"] == "yes"
    assert set(later) == set(RULES.rows)
