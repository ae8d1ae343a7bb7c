"""What was ever measured, kept between two looks and brought up to date by what was written since.

In: an open transaction and the values as they were kept. Out: the values as they are; those that did not
change stay the same ones. As for the past, whatever is not plain is read from the beginning. Next file:
:mod:`unkink.coach.dose`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain
from typing import Any

import sqlalchemy as sa

from unkink.diary import tables
from unkink.diary.engine import Stand, read_stand
from unkink.diary.kept_past import MOST_ROWS
from unkink.diary.records import Measurement
from unkink.diary.touching import GONE, find_touched, is_tracked


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMeasured:
    """What a person measured, as it was at one stand of the diary."""

    stand: Stand
    person_id: str
    is_tracked: bool
    n_rows: int
    """In the table, of whomever."""
    session_ids: tuple[str, ...]
    """Sessions in which something was measured, in the diary's order."""
    seqs: tuple[int, ...]
    groups: tuple[tuple[Measurement, ...], ...]
    values: tuple[Measurement, ...]
    """All of them, oldest first."""


def bring_up_to_date(connection: sa.Connection, person_id: str, kept: KeptMeasured | None) -> KeptMeasured:
    """Return what was measured; nothing of the diary may have been read in the transaction before.

    Parameters
    ----------
    connection : Connection
    person_id : str
    kept : KeptMeasured or None
        As it was the last time.
    """
    stand = read_stand(connection)
    if kept is None or kept.person_id != person_id:
        return _load(connection, person_id, stand)
    if kept.stand == stand:
        return kept
    touched = find_touched(connection, kept.stand.n_changes, stand.n_changes) if kept.is_tracked else None
    if touched is None:
        return _load(connection, person_id, stand)
    ids = touched.get("session", frozenset())
    if GONE in ids or len(ids) > MOST_ROWS:
        return _load(connection, person_id, stand)
    return _follow(connection, kept, stand, ids) or _load(connection, person_id, stand)


def _load(connection: sa.Connection, person_id: str, stand: Stand) -> KeptMeasured:
    found = _load_measured(connection, person_id)
    groups = tuple(values for _, _, values in found)
    return KeptMeasured(
        stand=stand,
        person_id=person_id,
        is_tracked=is_tracked(connection),
        n_rows=_count(connection),
        session_ids=tuple(session_id for _, session_id, _ in found),
        seqs=tuple(seq for seq, _, _ in found),
        groups=groups,
        values=tuple(chain.from_iterable(groups)),
    )


def _follow(
    connection: sa.Connection, kept: KeptMeasured, stand: Stand, ids: Collection[str]
) -> KeptMeasured | None:
    """Read the sessions that were written since; None where their place is not plain."""
    rows = _load_measured(connection, kept.person_id, ids) if ids else []
    places = {session_id: idx for idx, session_id in enumerate(kept.session_ids)}
    found = {session_id for _, session_id, _ in rows}
    if any(session_id in places and session_id not in found for session_id in ids):
        return None
    session_ids, seqs, groups = list(kept.session_ids), list(kept.seqs), list(kept.groups)
    n_rows = kept.n_rows
    has_changed = False
    for seq, session_id, values in rows:
        idx = places.get(session_id)
        if idx is None:
            if seqs and seq <= seqs[-1]:
                return None
            session_ids.append(session_id)
            seqs.append(seq)
            groups.append(values)
            n_rows += len(values)
        elif seqs[idx] != seq:
            return None
        elif groups[idx] != values:
            n_rows += len(values) - len(groups[idx])
            groups[idx] = values
        else:
            continue
        has_changed = True
    if n_rows != _count(connection):
        return None
    return KeptMeasured(
        stand=stand,
        person_id=kept.person_id,
        is_tracked=True,
        n_rows=n_rows,
        session_ids=tuple(session_ids),
        seqs=tuple(seqs),
        groups=tuple(groups),
        values=tuple(chain.from_iterable(groups)) if has_changed else kept.values,
    )


def _count(connection: sa.Connection) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(tables.measurement)).scalar_one()


_MEASURED = tuple(column.name for column in tables.measurement.columns if column.name != "idx")
_OF_SESSION = ("exercise_id", "variant", "mode")


def _load_measured(
    connection: sa.Connection, person_id: str, ids: Collection[str] | None = None
) -> list[tuple[int, str, tuple[Measurement, ...]]]:
    """Load what was measured, session by session in the diary's order: its ``seq``, its id, its values.

    Parameters
    ----------
    connection : Connection
    person_id : str
    ids : collection of str or None
        Only of these sessions; None: of all.
    """
    table = tables.measurement
    columns = [table.c[name] for name in _MEASURED] + [tables.session.c[name] for name in _OF_SESSION]
    wanted = [tables.session.c.person_id == person_id]
    if ids is not None:
        wanted.append(tables.session.c.id.in_(sorted(ids)))
    query = (
        sa.select(tables.session.c.seq, *columns)
        .join(tables.session, tables.session.c.id == table.c.session_id)
        .where(*wanted)
        .order_by(tables.session.c.seq, table.c.idx)
    )
    names = (*_MEASURED, *_OF_SESSION)
    found: dict[tuple[int, str], list[Measurement]] = {}
    for seq, *rest in connection.execute(query):
        values: dict[str, Any] = dict(zip(names, rest, strict=True))
        values["repeats_deg"] = tuple(values["repeats_deg"])
        found.setdefault((seq, values["session_id"]), []).append(Measurement(**values))
    return [(seq, session_id, tuple(values)) for (seq, session_id), values in found.items()]
