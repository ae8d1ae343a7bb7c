"""A problem after exercise as a text that the person may send by themselves; nothing is sent from here.

In: what was written down, the session it is about, versions. Out: plain text without a name, without answers
to the safety questions. Next file: :mod:`unkink.front.reporting`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from unkink.exchange.report_teller import Teller, clean, minutes
from unkink.exchange.wording import load_wording

if TYPE_CHECKING:
    from unkink.diary import records
    from unkink.exchange.report_source import Source


def make_problem_text(
    note: records.Note, session: records.Session | None, source: Source, rules_version: str
) -> str:
    """Return one written-down problem as text.

    Parameters
    ----------
    note : Note
        Of kind ``harm``.
    session : Session or None
        That it is about.
    source : Source
        For the person's own days.
    rules_version : str
    """
    from unkink import __version__
    from unkink.exchange.report_source import day_of

    teller = Teller(load_wording())
    lines = [
        teller.say("problem.title"),
        "",
        f"{teller.say('problem.when')}: {teller.day(day_of(note.at, note.utc_offset_min, source))}",
    ]
    if session is not None:
        name = teller.wording.name_exercise(session.exercise_id, session.variant)
        lines.append(f"{teller.say('problem.technique')}: {name}, {minutes(session.duration_s)}")
        told = [
            teller.say(f"problem.pain.{word}", n=score)
            for word, score in (
                ("before", session.pain_before),
                ("during", session.pain_during),
                ("after", session.pain_after),
            )
            if score is not None
        ]
        told += [teller.row(rule_id) for rule_id in session.stop_rule_ids]
        if told:
            lines.append(f"{teller.say('problem.told')}: {', '.join(told)}")
    what = clean(note.text or "") or teller.say("problem.no-words")
    lines.append(f"{teller.say('problem.what')}: {what}")
    lines.append(f"{teller.say('problem.program')}: Unkink {__version__}, {rules_version}")
    return "\n".join(lines) + "\n"
