"""What the person answers and tells: the Check, the short check, reviews, notes, pops, answers to referrals.

In: values of :mod:`unkink.diary.records`. Out: the same, later. Next file: :mod:`unkink.diary.repository`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from unkink.diary import tables
from unkink.diary.opened import OpenDiary, offset_or_local
from unkink.diary.records import (
    CheckIn,
    Clearance,
    Note,
    Pop,
    ReferralAnswer,
    Review,
    Screening,
    ScreeningDraft,
)
from unkink.diary.rows import from_row, to_row


class Answers(OpenDiary):
    """The part of a diary that is told, not done."""

    def save_screening_draft(self, draft: ScreeningDraft) -> None:
        """Keep unfinished answers in place of those before."""
        row = to_row(draft, tables.screening_draft, person_id=self._person_id, saved_at=self.now())
        with self.store.write() as connection:
            self._drop_draft(connection)
            connection.execute(tables.screening_draft.insert().values(row))

    def screening_draft(self) -> ScreeningDraft | None:
        """Return unfinished answers."""
        table = tables.screening_draft
        query = sa.select(table).where(table.c.person_id == self._person_id)
        with self.store.read() as connection:
            row = connection.execute(query).mappings().first()
            return None if row is None else from_row(ScreeningDraft, row)

    def discard_screening_draft(self) -> None:
        """Forget unfinished answers."""
        with self.store.write() as connection:
            self._drop_draft(connection)

    def _drop_draft(self, connection: sa.Connection) -> None:
        table = tables.screening_draft
        connection.execute(table.delete().where(table.c.person_id == self._person_id))

    def save_screening(self, screening: Screening) -> Screening:
        """Save finished answers and forget the draft."""
        with self.store.write() as connection:
            self._drop_draft(connection)
            at = screening.answered_at or self.now()
            return self._add(connection, tables.screening, screening, answered_at=at)

    def screenings(self) -> tuple[Screening, ...]:
        """Return all rounds of safety questions, newest first."""
        return self._newest(tables.screening, Screening)

    def current_screening(self) -> Screening | None:
        """Return the last round of safety questions: one that was answered here, if there is any."""
        table = tables.screening
        query = (
            sa.select(table)
            .where(table.c.person_id == self._person_id)
            .order_by(table.c.came_along, table.c.seq.desc())
            .limit(1)
        )
        with self.store.read() as connection:
            row = connection.execute(query).mappings().first()
            return None if row is None else from_row(Screening, row)

    def save_clearance(self, clearance: Clearance) -> Clearance:
        """Save what a clinician said."""
        with self.store.write() as connection:
            at = clearance.saved_at or self.now()
            return self._add(connection, tables.clearance, clearance, saved_at=at)

    def clearances(self) -> tuple[Clearance, ...]:
        """Return what clinicians said, newest first."""
        return self._newest(tables.clearance, Clearance)

    def save_check_in(self, check_in: CheckIn) -> CheckIn:
        """Save the short questions before exercise."""
        with self.store.write() as connection:
            return self._add(
                connection,
                tables.check_in,
                check_in,
                at=check_in.at or self.now(),
                utc_offset_min=offset_or_local(check_in.utc_offset_min),
            )

    def check_ins(self, limit: int | None = 100) -> tuple[CheckIn, ...]:
        """Return check-ins, newest first."""
        return self._newest(tables.check_in, CheckIn, limit=limit)

    def current_check_in(
        self, now: datetime | None = None, utc_offset_min: int | None = None
    ) -> CheckIn | None:
        """Return the last check-in that was answered here when it is of the person's own today."""
        table = tables.check_in
        mine = sa.and_(table.c.person_id == self._person_id, table.c.came_along.is_(False))
        query = sa.select(table).where(mine).order_by(table.c.seq.desc()).limit(1)
        with self.store.read() as connection:
            row = connection.execute(query).mappings().first()
        last = None if row is None else from_row(CheckIn, row)
        if last is None or last.at is None:
            return None
        # Where the person was when answering: the server may stand in another time zone.
        own_min = offset_or_local(last.utc_offset_min)
        today_min = own_min if utc_offset_min is None else utc_offset_min
        today = ((now or self.now()) + timedelta(minutes=today_min)).date()
        its_day = (last.at + timedelta(minutes=own_min)).date()
        return last if its_day == today else None

    def save_pop(self, pop: Pop) -> Pop:
        """Save a pop that the person told of."""
        with self.store.write() as connection:
            return self._add(
                connection,
                tables.pop,
                pop,
                at=pop.at or self.now(),
                utc_offset_min=offset_or_local(pop.utc_offset_min),
            )

    def pops(self, limit: int | None = 100) -> tuple[Pop, ...]:
        """Return pops, newest first."""
        return self._newest(tables.pop, Pop, limit=limit)

    def save_review(self, review: Review) -> Review:
        """Save a longer look back."""
        at, offset = review.at or self.now(), offset_or_local(review.utc_offset_min)
        with self.store.write() as connection:
            return self._add(connection, tables.review, review, at=at, utc_offset_min=offset)

    def reviews(self, limit: int | None = 100) -> tuple[Review, ...]:
        """Return the longer looks back, newest first."""
        return self._newest(tables.review, Review, limit=limit)

    def save_note(self, note: Note) -> Note:
        """Save what the person told outside of any question."""
        at, offset = note.at or self.now(), offset_or_local(note.utc_offset_min)
        with self.store.write() as connection:
            return self._add(connection, tables.note, note, at=at, utc_offset_min=offset)

    def notes(self, limit: int | None = 100) -> tuple[Note, ...]:
        """Return what the person told, newest first."""
        return self._newest(tables.note, Note, limit=limit)

    def save_referral_answer(self, answer: ReferralAnswer) -> ReferralAnswer:
        """Save what the person answered to a referral."""
        at = answer.answered_at or self.now()
        with self.store.write() as connection:
            return self._add(connection, tables.referral_answer, answer, answered_at=at)

    def referral_answers(self, limit: int | None = 100) -> tuple[ReferralAnswer, ...]:
        """Return the answers to referrals, newest first."""
        return self._newest(tables.referral_answer, ReferralAnswer, limit=limit)
