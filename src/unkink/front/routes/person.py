"""Settings, texts, help.

In: the diary and the rulebook. Out: what every page needs. Next file:
:mod:`unkink.front.routes.belongings`.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError

from unkink import __version__
from unkink.coach.recommendation import THINGS
from unkink.front.routes import shapes
from unkink.front.services import Here, Services

router = APIRouter(prefix="/api", tags=["person"])

_DEFAULTS: dict[str, Any] = {
    "emergency_number": "",
    "crisis_line": "",
    "sound": "voice",
    "voice_name": None,
    "mirrored": True,
    "theme": "auto",
    "reduced_motion": "auto",
    "record_landmarks": False,
    "big_numerals": False,
    "equipment": list(THINGS),
    "floor": True,
}


def load_settings(here: Services) -> shapes.Settings:
    """Return the person's settings; what was never set has its default."""
    settings = dict(_DEFAULTS)
    for name, value in here.diary.settings().items():
        if name in _DEFAULTS and _fits({**settings, name: value}):
            settings[name] = value
    return shapes.Settings.model_validate(settings)


def _fits(settings: dict[str, Any]) -> bool:
    """Whether settings can be what they are: an import can have brought anything."""
    try:
        shapes.Settings.model_validate(settings)
    except ValidationError:
        return False
    return True


@router.get("/status")
def read_status(here: Here) -> shapes.Status:
    """Read what runs here."""
    return shapes.Status(
        version=__version__,
        rules_version=here.rulebook.safety.version,
        emergency_number=load_settings(here).emergency_number,
        mode="local",
    )


@router.get("/settings")
def read_settings(here: Here) -> shapes.Settings:
    """Read the settings."""
    return load_settings(here)


@router.put("/settings")
def save_settings(change: shapes.SettingsChange, here: Here) -> shapes.Settings:
    """Change settings; what is left out stays."""
    changes = change.model_dump(exclude_unset=True)
    voice = {"voice_name": changes["voice_name"] or None} if "voice_name" in changes else {}
    here.diary.save_settings({k: v for k, v in changes.items() if v is not None} | voice)
    return load_settings(here)


@router.get("/catalogue")
def read_catalogue(here: Here) -> dict[str, str]:
    """Read all texts of the language."""
    return dict(here.rulebook.texts["en"])


@router.get("/rules/help")
def list_help(here: Here) -> list[shapes.HelpCard]:
    """List the help cards."""
    return [
        shapes.HelpCard(
            id=card.id,
            tier=card.tier,
            call=card.call,
            title_key=f"help.{card.id}.title",
            why_key=f"help.{card.id}.why",
            step_keys=[f"help.{card.id}.do.{i + 1}" for i in range(card.n_steps)],
            say_key=f"help.{card.id}.say" if card.has_say else None,
            on_help_page=card.on_help_page,
        )
        for card in here.rulebook.safety.help.cards
    ]
