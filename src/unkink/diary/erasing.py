"""Erase what the person wants gone: one session, what is older than a day, or everything.

In: an open store. Out: rows, log, copies and recordings without it, in no byte of any file. Of a session
whose pain, stop signs or amounts still count for a limit, a rest or a lock, one bare line stays; so erasing
a part never opens anything. Erasing everything leaves nothing. Next file: :mod:`unkink.diary.recordings`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from unkink.coach.history import SIGNS
from unkink.diary import kept_locks, lease, tables
from unkink.diary.compacting import erase_copies, fold_log
from unkink.diary.engine import Store
from unkink.diary.history import Told, load_told, merge_told
from unkink.diary.import_checks import is_recording_name
from unkink.diary.problems import Translated
from unkink.diary.records import Erased

LOOK_BACK = timedelta(days=28)
"""Limits on amounts, rests and repeated pain look no farther back."""

_ASKING = frozenset(
    {"nerve", "harm", "fall", "illness", "medicine", "pregnancy", "surgery", "cancer", *SIGNS}
)
"""Notes that ask for the Check again, or for somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to erase."""

    person_id: str
    before: datetime
    """What is older goes."""
    locked_at: frozenset[datetime]
    """What was written at these times locks now and stays."""


# ------------------------------------------------------------------------------------------- what has to stay


def _is_sign(row: Mapping[Any, Any], told: Told) -> bool:
    """Whether pain, a stop sign or a bad course was told of a session."""
    merged = merge_told(dict(row), told)
    has_hurt = any(pain for pain in (merged["pain_during"], row["pain_after"]) if pain is not None)
    is_coloured = row["signal"] not in (None, "green") or row["settled"] is not None
    is_worse = row["relief"] == "worse"
    return bool(has_hurt or merged["pain_kinds"] or merged["stop_rule_ids"] or is_coloured or is_worse)


def _counts(row: Mapping[Any, Any], now: datetime) -> bool:
    """Whether what was done in a session may still count for a limit."""
    is_work = row["status"] == "finished" or row["rolled_s"] > 0 or row["repetitions"] > 0
    is_work = is_work or any(seconds > 0 for seconds in row["held_s"].values())
    return is_work and row["started_at"] > now - LOOK_BACK


def _leave_trace(connection: sa.Connection, row: Mapping[Any, Any], told: Told, now: datetime) -> None:
    """Strip a session to when, which technique, how much, pain and stop signs."""
    session = tables.session
    session_id = row["id"]
    is_open = row["status"] in ("running", "interrupted")
    merged = merge_told(dict(row), told)
    values: dict[str, Any] = {
        **merged,
        "pain_kinds": list(merged["pain_kinds"]),
        "stop_rule_ids": list(merged["stop_rule_ids"]),
        "pain_during": None if merged["pain_during"] is None else round(merged["pain_during"]),
        "status": "left" if is_open else row["status"],
        "deleted_at": row["deleted_at"] or now,
        "owner": "",
        "plan": {},
        "client": {},
        "snapshot": {},
        "summary": {},
        "felt": None,
        "stiffness_after": None,
    }
    connection.execute(session.update().where(session.c.id == session_id).values(values))
    for table in (tables.exercise_set, tables.measurement, tables.session_event, tables.recording):
        connection.execute(table.delete().where(table.c.session_id == session_id))


def _remove(connection: sa.Connection, session_id: str) -> None:
    """Remove a session; pops that were told in it stay, they count by themselves."""
    pop, session = tables.pop, tables.session
    connection.execute(pop.update().where(pop.c.session_id == session_id).values(session_id=None))
    connection.execute(session.delete().where(session.c.id == session_id))


# ------------------------------------------------------------------------------------------------ one session


def delete_session(store: Store, recordings_dir: Path, session_id: str, now: datetime) -> bool:
    """Delete a session with its recording; return whether there was one.

    What limits, rests and locks need of it stays: else deleting a session that hurt would take the rest away.
    """
    session = tables.session
    with store.write() as connection:
        is_it = sa.and_(session.c.id == session_id, session.c.deleted_at.is_(None))
        row = connection.execute(sa.select(session).where(is_it)).mappings().first()
        path = connection.execute(
            sa.select(tables.recording.c.path).where(tables.recording.c.session_id == session_id)
        ).scalar()
        if row is not None:
            told = load_told(connection, is_it).get(session_id, Told())
            if row["mode"] != "demo" and (_is_sign(row, told) or _counts(row, now)):
                _leave_trace(connection, row, told, now)
            else:
                _remove(connection, session_id)
    # The name is also tried when it is not listed: a crash comes before the listing.
    _erase_files(recordings_dir, {path, f"{session_id}.parquet"} if row is not None else ())
    if store.path is not None:
        fold_log(store, patience_s=0.0)
    return row is not None


def _erase_files(folder: Path, names: Iterable[str | None]) -> int:
    """Delete recordings; return how many there were."""
    count = 0
    for name in names:
        if name is not None and is_recording_name(name):
            with Translated(folder / name):
                count += (folder / name).is_file()
                (folder / name).unlink(missing_ok=True)
                (folder / f"{name}.part").unlink(missing_ok=True)
    return count


# --------------------------------------------------------------------------------------------- before a day


def erase_before(store: Store, recordings_dir: Path, wish: Wish, now: datetime) -> Erased:
    """Erase what is older than a time: rows, log, copies, recordings.

    What stays: what locks now; the Check that is in force, and what was told after it that asks for a new
    one; the newest word of a clinician on each rule; and for four weeks bare lines of what limits and rests
    count.
    """
    person = tables.person
    with store.write() as connection:
        connection.execute(sa.select(person.c.id).where(person.c.id == wish.person_id).with_for_update())
        n_before = _count_before(connection, wish)
        last_seq = _seq_of_last_screening(connection, wish.person_id)
        names = _thin_sessions(connection, wish, now, last_seq)
        n_sessions = len(names)
        _thin_check_ins(connection, wish, now, last_seq)
        _thin_notes(connection, wish, last_seq)
        _thin_pops(connection, wish, now)
        _drop_old(connection, wish, tables.screening, tables.screening.c.seq != last_seq)
        _drop_old(connection, wish, tables.clearance, tables.clearance.c.id.not_in(_newest_words(connection)))
        _drop_old(connection, wish, tables.review, sa.not_(_is_asking_review(last_seq)))
        _drop_old(connection, wish, tables.referral_answer)
        draft = tables.screening_draft
        mine = sa.and_(draft.c.person_id == wish.person_id, draft.c.saved_at < wish.before)
        connection.execute(draft.delete().where(mine, draft.c.saved_at.not_in(wish.locked_at)))
        n_kept = _count_before(connection, wish)
    n_recordings = _erase_files(recordings_dir, names)
    n_backups = erase_copies(store)
    return Erased(
        n_sessions=n_sessions,
        n_recordings=n_recordings,
        n_backups=n_backups,
        n_entries=n_before - n_kept,
        n_kept=n_kept,
    )


def _is_old(wish: Wish, table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.person_id == wish.person_id, table.c[tables.TIMES[table.name]] < wish.before)


def _count_before(connection: sa.Connection, wish: Wish) -> int:
    return sum(
        connection.execute(
            sa.select(sa.func.count()).select_from(table).where(_is_old(wish, table))
        ).scalar_one()
        for table in tables.DATED
    )


def _drop_old(
    connection: sa.Connection, wish: Wish, table: sa.Table, *conditions: sa.ColumnElement[bool]
) -> None:
    at = table.c[tables.TIMES[table.name]]
    is_locking = at.in_(wish.locked_at) if wish.locked_at else sa.false()
    connection.execute(table.delete().where(_is_old(wish, table), sa.not_(is_locking), *conditions))


def _seq_of_last_screening(connection: sa.Connection, person_id: str) -> int:
    """Return the number of the Check that is in force, 0 when there is none."""
    table = tables.screening.c
    query = (
        sa.select(table.seq)
        .where(table.person_id == person_id)
        .order_by(table.came_along, table.seq.desc())
        .limit(1)
    )
    return connection.execute(query).scalar() or 0


def _newest_words(connection: sa.Connection) -> list[str]:
    """Return the clearances that are the newest on some rule: they still say something."""
    table = tables.clearance
    newest: dict[str, str] = {}
    for clearance_id, rule_ids in connection.execute(
        sa.select(table.c.id, table.c.rule_ids).order_by(table.c.came_along.desc(), table.c.seq)
    ):
        newest.update(dict.fromkeys(rule_ids, clearance_id))
    return sorted(set(newest.values()))


def _thin_sessions(connection: sa.Connection, wish: Wish, now: datetime, last_seq: int) -> list[str]:
    """Remove or strip old sessions; return the names that their recordings may have, one each."""
    session, recording = tables.session, tables.recording
    rows = connection.execute(sa.select(session).where(_is_old(wish, session))).mappings().fetchall()
    told = load_told(connection, _is_old(wish, session))
    query = sa.select(recording.c.session_id, recording.c.path)
    paths: dict[str, str] = {row.session_id: row.path for row in connection.execute(query)}
    names: list[str] = []
    for row in rows:
        if row["status"] == "running" and lease.is_alive(row["owner"], row["seen_at"], now):
            continue
        own = told.get(row["id"], Told())
        is_sign = _is_sign(row, own)
        is_recent = row["started_at"] > now - LOOK_BACK and (is_sign or _counts(row, now))
        is_asking = row["seq"] > last_seq and is_sign
        is_locking = row["started_at"] in wish.locked_at
        if row["mode"] != "demo" and (is_locking or is_recent or is_asking):
            _leave_trace(connection, row, own, now)
        else:
            _remove(connection, row["id"])
        if row["deleted_at"] is None:
            names.append(paths.get(row["id"], f"{row['id']}.parquet"))
    return names


def _thin_check_ins(connection: sa.Connection, wish: Wish, now: datetime, last_seq: int) -> None:
    """Remove old check-ins; of a yes or much pain the bare answers stay while they ask for something."""
    table = tables.check_in
    query = sa.select(table.c.id, table.c.at, table.c.seq, table.c.answers, table.c.pain_now)
    gone: list[str] = []
    for row in connection.execute(query.where(_is_old(wish, table))).fetchall():
        is_telling = any(answer != "no" for answer in row.answers.values()) or row.pain_now >= MUCH_PAIN
        is_recent = row.at > now - LOOK_BACK or row.seq > last_seq
        if row.at in wish.locked_at or (is_telling and is_recent):
            bare = {"places": [], "details": {}, "stiffness": None}
            connection.execute(table.update().where(table.c.id == row.id).values(bare))
        else:
            gone.append(row.id)
    _delete_all(connection, table, gone)


MUCH_PAIN = 6
"""From here on a check-in closes a day or more; whatever the rules say exactly, it stays as told."""


def _thin_notes(connection: sa.Connection, wish: Wish, last_seq: int) -> None:
    """Remove old notes; what was told since the Check and asks for a new one stays without its words."""
    table = tables.note
    stays = sa.and_(table.c.seq > last_seq, table.c.kind.in_(_ASKING))
    connection.execute(table.update().where(_is_old(wish, table)).values(text=None))
    _drop_old(connection, wish, table, sa.not_(stays))


def _is_asking_review(last_seq: int) -> sa.ColumnElement[bool]:
    """Tell of reviews since the Check whether they speak of nights or much pain: that asks for a new one."""
    review = tables.review.c
    pains = (review.pain_worst, review.pain_average)
    is_bad = sa.or_(review.nights_woken > 0, *(pain >= MUCH_PAIN for pain in pains), review.is_constant)
    return sa.and_(review.seq > last_seq, sa.func.coalesce(is_bad, sa.false()))


def _thin_pops(connection: sa.Connection, wish: Wish, now: datetime) -> None:
    """Remove old pops; the deliberate ones of the last weeks count."""
    table = tables.pop
    stays = sa.and_(table.c.deliberate, table.c.at > now - LOOK_BACK)
    _drop_old(connection, wish, table, sa.not_(stays))


def _delete_all(connection: sa.Connection, table: sa.Table, ids: Sequence[str]) -> None:
    if ids:
        is_it = table.c.id == sa.bindparam("row_id")
        connection.execute(table.delete().where(is_it), [{"row_id": one} for one in ids])


# ----------------------------------------------------------------------------------------------- everything


def erase_all(store: Store, recordings_dir: Path, person_id: str) -> Erased:
    """Erase a person: rows, log, copies and recordings; nothing of the other people in the same database."""
    session, recording = tables.session, tables.recording
    mine = session.c.person_id == person_id
    with store.write() as connection:
        n_sessions = connection.execute(
            sa.select(sa.func.count()).select_from(session).where(mine)
        ).scalar_one()
        names = list(
            connection.execute(
                sa.select(recording.c.path).join(session, session.c.id == recording.c.session_id).where(mine)
            ).scalars()
        )
        n_entries = sum(
            connection.execute(
                sa.select(sa.func.count()).select_from(table).where(table.c.person_id == person_id)
            ).scalar_one()
            for table in tables.DATED
        )
        connection.execute(tables.person.delete().where(tables.person.c.id == person_id))
        others = connection.execute(sa.select(sa.func.count()).select_from(tables.person)).scalar_one()
    n_recordings = _erase_recordings(recordings_dir, names, everything=others == 0)
    n_backups = erase_copies(store)
    kept_locks.erase(recordings_dir.parent)
    return Erased(n_sessions=n_sessions, n_recordings=n_recordings, n_backups=n_backups, n_entries=n_entries)


def _erase_recordings(folder: Path, names: Sequence[str], *, everything: bool) -> int:
    with Translated(folder):
        if not folder.is_dir():
            return 0
        if everything and not folder.is_symlink():
            count = len([p for p in folder.iterdir() if p.suffix == ".parquet"])
            shutil.rmtree(folder)
            return count
    return _erase_files(folder, names)
