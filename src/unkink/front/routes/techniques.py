"""The techniques, as the pages show and compare them.

In: the rulebook and today's permissions. Out: one description per technique. Next file:
:mod:`unkink.front.routes.sessions`.
"""

from __future__ import annotations

from fastapi import APIRouter

from unkink.coach.exercise import Exercise
from unkink.coach.rulebook import Rulebook
from unkink.front import day
from unkink.front.routes import shapes_day, wording
from unkink.front.services import Here

router = APIRouter(prefix="/api", tags=["techniques"])


@router.get("/techniques")
def list_techniques(here: Here) -> list[shapes_day.Technique]:
    """List the techniques with what is allowed today."""
    standing = day.compute_standing(here)
    shown = []
    for exercise in here.rulebook.exercises.values():
        technique = None if standing.today is None else standing.today.techniques.get(exercise.id)
        permission = None
        dose = None
        if technique is not None:
            allowed = technique.permission
            permission = wording.to_permission(allowed, here.rulebook, technique.reasons)
            planned = day.prescribe_today(here, standing, exercise.id)
            dose = None if planned is None else wording.to_dose(planned.amount)
        elif standing.assessment is not None and standing.state in {"valid", "locked"}:
            permission = wording.to_permission(standing.assessment.permissions[exercise.id], here.rulebook)
        described = _describe(exercise, here.rulebook, permission, dose)
        shown.append(_shut(described) if standing.is_shut else described)
    return shown


def _shut(technique: shapes_day.Technique) -> shapes_day.Technique:
    """Leave out how it is done."""
    return technique.model_copy(
        update={
            "setup_keys": [],
            "steps_keys": [],
            "dont_keys": [],
            "unseen_keys": [],
            "ladder_keys": [],
            "variants": [],
            "is_shut": True,
        }
    )


def _describe(
    exercise: Exercise,
    rulebook: Rulebook,
    permission: shapes_day.Permission | None,
    dose: shapes_day.Dose | None,
) -> shapes_day.Technique:
    return shapes_day.Technique(
        id=exercise.id,
        code=exercise.code,
        position=exercise.position,
        facing=exercise.camera.facing,
        equipment=list(exercise.equipment),
        minutes=exercise.minutes,
        sides=list(exercise.sides),
        name_key=f"exercise.{exercise.id}.name",
        what_key=f"exercise.{exercise.id}.what",
        benefit_key=f"exercise.{exercise.id}.benefit",
        camera_key=f"exercise.{exercise.id}.camera",
        setup_keys=list(exercise.setup),
        steps_keys=_steps(exercise),
        dont_keys=list(exercise.dont),
        unseen_keys=list(exercise.unseen),
        ladder_keys=list(exercise.ladder),
        evidence=[wording.to_evidence(i, rulebook) for i in exercise.evidence],
        variants=[
            shapes_day.VariantInfo(
                id=v.id,
                name_key=f"exercise.{v.id}.name",
                what_key=f"exercise.{v.id}.what",
                setup_keys=list(v.setup),
                equipment=list(v.equipment or exercise.equipment),
            )
            for v in exercise.variants
        ],
        doses={
            "short": wording.to_dose(exercise.doses.short),
            "start": wording.to_dose(exercise.doses.start),
            "middle": wording.to_dose(exercise.doses.middle or exercise.doses.start),
            "standard": wording.to_dose(exercise.doses.standard),
        },
        dose=dose,
        permission=permission,
        is_shut=False,
    )


def _steps(exercise: Exercise) -> list[str]:
    """Return the keys of the spoken guidance, in order, for the first side."""
    side = exercise.sides[0]
    shown = [g for g in exercise.guides if g.phase not in {"rest", "switch"}]
    return [f"{g.cue}.{side}" if g.per_side else g.cue for g in shown]
