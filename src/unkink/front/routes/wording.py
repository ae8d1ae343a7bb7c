"""From the coach's and the diary's values to the shapes of the page.

In: values. Out: pydantic models with a sentence's key wherever a rule is named. Next file:
:mod:`unkink.front.routes.shapes`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from unkink.coach import dose, exercise, prescription, safety, screening, standing
from unkink.coach.rulebook import Rulebook
from unkink.coach.safety_grammar import Sign
from unkink.diary import records
from unkink.front.problems import plain_params
from unkink.front.routes import shapes, shapes_day, shapes_session


def to_note(reason: safety.Reason) -> shapes.Note:
    """Return a reason of the safety rules."""
    return shapes.Note(rule_id=reason.rule_id, key=reason.message_key, params=plain_params(reason.params))


def to_permission(
    permission: screening.Permission, rulebook: Rulebook, reasons: Iterable[safety.Reason] = ()
) -> shapes.Permission:
    """Return a permission whose reasons are sentences."""
    told = {reason.rule_id: to_note(reason) for reason in reasons}
    texts = rulebook.texts.get("en", {})
    for rule_id in permission.reasons:
        key = f"screening.{rule_id}.told"
        if rule_id not in told and key in texts:
            told[rule_id] = shapes.Note(rule_id=rule_id, key=key, params={})
    return shapes.Permission(
        effect=permission.effect,
        variants=list(permission.variants),
        dose_frac=permission.dose_frac,
        range_frac=permission.range_frac,
        max_hold_s=permission.max_hold_s,
        pain_limit=permission.pain_limit,
        notes=[shapes.Note(rule_id=n.rule_id, key=n.message_key, params={}) for n in permission.notes],
        reasons=list(told.values()),
    )


def to_assessment(
    assessment: screening.Assessment, rulebook: Rulebook, lock_ids: tuple[str, ...]
) -> shapes.Assessment:
    """Return what came of the safety questions, with everything that locks now."""
    rows = rulebook.safety.rows
    return shapes.Assessment(
        tier=assessment.tier,
        findings=[
            shapes.Finding(
                rule_id=f.rule_id,
                tier=f.tier,
                key=f.message_key,
                params=plain_params(f.params),
                when_key=f.when_key,
                within_h=f.within_h,
                unsure=f.unsure,
                cleared=f.cleared,
                card=f.card,
            )
            for f in assessment.findings
        ],
        permissions={i: to_permission(p, rulebook) for i, p in assessment.permissions.items()},
        locked=bool(lock_ids),
        lock_ids=list(lock_ids),
        missing=list(assessment.missing),
        can_clear=bool(lock_ids) and all(rows[i].is_clearable for i in lock_ids if i in rows),
    )


def to_question(row_id: str, rulebook: Rulebook) -> shapes_day.Question:
    """Return one row of the safety questions."""
    row = rulebook.safety.rows[row_id]
    tier = {"E": "emergency", "U": "urgent"}.get(row_id[0], "caution")
    return shapes_day.Question(
        id=row_id,
        tier=tier,
        short_key=f"screening.{row_id}.label",
        text_key=f"screening.{row_id}.question",
        details=list(row.details),
    )


def to_sign(sign: Sign) -> shapes_day.Sign:
    """Return what is read first."""
    first = sign.rows[0]
    return shapes_day.Sign(
        id=sign.id or first,
        text_key=f"screening.sign.{sign.id}" if sign.id else f"screening.{first}.label",
        rows=list(sign.rows),
        is_row=sign.is_row or sign.id is None,
    )


def to_cards(rulebook: Rulebook) -> list[shapes_day.Card]:
    """Return all pages of the safety questions."""
    return [
        shapes_day.Card(
            id=card.id,
            title_key=f"screening.card.{card.id}.title",
            intro_key=f"screening.card.{card.id}.intro" if card.has_intro else None,
            signs=[to_sign(sign) for sign in card.signs],
            questions=[to_question(row_id, rulebook) for row_id in card.rows],
        )
        for card in rulebook.safety.cards.cards
    ]


def to_details(details: screening.Details) -> shapes.Details:
    """Return what was told beyond yes and no; what the page could not have sent is left out."""
    pain = details.pain_now
    return shapes.Details(
        pain_now=None if pain is None else round(pain),
        constant=details.constant,
        linked_to_movement=details.linked_to_movement,
        trimester=details.trimester,
        disc_region=details.disc_region,
        agreed=list(details.agreed),
    )


def to_check_in(stored: records.CheckIn, told: dose.CheckIn) -> shapes_day.CheckIn:
    """Return today's check-in."""
    return shapes_day.CheckIn(
        at=told.at,
        pain_now=stored.pain_now,
        stiffness=stored.stiffness,
        answers=dict(stored.answers),
        places=list(stored.places),
        head_turn=told.head_turn,
        position=told.position,
        minutes=told.minutes,
        details=to_details(told.details),
    )


def to_check_in_questions(
    rulebook: Rulebook, last: records.Screening | None, past: dose.History
) -> list[shapes_day.CheckInQuestion]:
    """Return the short questions of the day, and rows about today that were answered with yes."""
    asked = [(q.id, "check-in") for q in dose.list_questions(past, rulebook.safety)]
    if last is not None:
        rows = standing.for_today_rows(dict(last.answers), rulebook.safety)
        asked += [(row_id, "screening") for row_id in rows]
    return [
        shapes_day.CheckInQuestion(
            id=rule_id, short_key=f"{area}.{rule_id}.label", text_key=f"{area}.{rule_id}.question"
        )
        for rule_id, area in asked
    ]


def to_dose(planned: exercise.Dose | prescription.Amount) -> shapes.Dose:
    """Return a dose of a technique file, or what is made of it for today."""
    return shapes.Dose(
        sets=planned.sets if isinstance(planned, exercise.Dose) else planned.n_sets,
        hold_s=planned.hold_s,
        repetitions=planned.repetitions,
        roll_s=planned.roll_s,
        rest_s=planned.rest_s,
    )


def to_help(card: dose.Card) -> shapes.HelpPointer:
    """Return a help card to show."""
    return shapes.HelpPointer(
        id=card.id, tier=card.tier, rule_ids=list(card.rule_ids), params=plain_params(card.params)
    )


def to_row(session: records.Session) -> shapes_session.SessionRow:
    """Return one session of the diary."""
    return shapes_session.SessionRow(
        id=session.id,
        seq=session.seq,
        exercise_id=session.exercise_id,
        variant=session.variant,
        mode=session.mode,
        short=session.short,
        status=session.status,
        started_at=session.started_at,
        ended_at=session.ended_at,
        duration_s=session.duration_s,
        held_s=session.held_s,
        rolled_s=session.rolled_s,
        repetitions=session.repetitions,
        pain_before=session.pain_before,
        pain_during=session.pain_during,
        pain_after=session.pain_after,
        stiffness_after=session.stiffness_after,
        relief=session.relief,
        felt=session.felt,
        signal=session.signal,
        stop_rule_ids=list(session.stop_rule_ids),
    )


def to_interrupted(session: records.Session) -> shapes_day.Interrupted:
    """Return a session that broke off."""
    return shapes_day.Interrupted(
        id=session.id,
        exercise_id=session.exercise_id,
        variant=session.variant,
        mode=session.mode,
        short=session.short,
        started_at=session.started_at,
        held_s=session.held_s,
        at_s=session.duration_s,
    )


def to_sentence(line: Any) -> shapes.Sentence:
    """Return a line of the coach (anything with ``key`` and ``params``)."""
    return shapes.Sentence(key=line.key, params=plain_params(line.params))


def to_evidence(evidence_id: str, rulebook: Rulebook) -> shapes.Evidence:
    """Return on what a row rests."""
    known = rulebook.evidence.get(evidence_id)
    if known is None:
        return shapes.Evidence(id=evidence_id, source=None, grade=None, provenance=None)
    return shapes.Evidence(
        id=evidence_id, source="; ".join(known.references), grade=known.grade, provenance=known.provenance
    )
