"""Write a database anew, so that nothing of what was deleted is left in it.

In: an open store. Out: a file without what was deleted, and an empty log. Next file:
:mod:`unkink.diary.erasing`.
"""

from __future__ import annotations

import time
from contextlib import closing

from unkink.diary import backups, tables
from unkink.diary.engine import BUSY_S, Store
from unkink.diary.problems import Translated, store_error


def fold_log(store: Store, *, patience_s: float) -> bool:
    """Fold the log into the file and empty it; True when it is empty."""
    deadline = time.monotonic() + patience_s
    with store.alone(), Translated(store.path), closing(store.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        while True:
            # Busy: somebody still reads what is in the log.
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not busy or time.monotonic() >= deadline:
                return not busy
            time.sleep(0.05)


def _compact(store: Store) -> None:
    """Write the file anew, so that nothing of what was deleted is left in it."""
    with store.alone(), Translated(store.path), closing(store.engine.raw_connection()) as connection:
        connection.cursor().execute("VACUUM")
    if not fold_log(store, patience_s=2 * BUSY_S):
        raise store_error(code="store-locked", path=str(store.path))


def _compact_server(store: Store) -> None:
    with Translated(None), store.engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in tables.metadata.sorted_tables:
            alone.exec_driver_sql(f'VACUUM FULL "{table.name}"')


def erase_copies(store: Store) -> int:
    """Erase the copies and write the database anew; return how many copies there were."""
    if store.path is None:
        _compact_server(store)
        return 0
    with Translated(store.path):
        n_backups = backups.erase(store.path)
    _compact(store)
    return n_backups
