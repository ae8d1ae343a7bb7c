"""How it was straight after each technique, and whether one helped more than chance would say.

In: sessions of the past, what ``rules/norms/change.yaml`` says of relief. Out: counts and intervals by
technique, and a winner only where there is one: the difference has to be several standard errors, over enough
sessions, because people look often and something always leads. Next file: :mod:`unkink.coach.recommendation`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from unkink.body.uncertainty import Z_90
from unkink.coach.events import Line
from unkink.coach.history import PastSession, clamp
from unkink.coach.lately import STARTS
from unkink.coach.outcome import compare_pain

if TYPE_CHECKING:
    from unkink.coach.outcome_norms import PainNorm, ReliefNorm
    from unkink.coach.progress import ChangeNorms

Verdict: TypeAlias = Literal["few", "same", "better", "worse"]
Standing: TypeAlias = Literal["nothing", "few", "one", "same", "most"]


class Relief(msgspec.Struct, frozen=True, kw_only=True):
    """What one technique did, as the person told it."""

    exercise_id: str
    n: int
    """Sessions after which it was told."""
    n_better: int
    n_same: int
    n_worse: int
    mean: float
    """Mean of the words as numbers: -1 worse, 0 same, 1 a bit, 2 a lot better."""
    low: float
    """Of its 90 % interval."""
    high: float
    n_pain: int
    """Sessions with pain before and after."""
    pain_change: float | None
    """Mean change of pain in a session, points of 0 to 10; below 0 is less."""
    pain_low: float | None
    """Of its 90 % interval; None for fewer than enough sessions."""
    pain_high: float | None
    verdict: Verdict
    sentence: Line


class ReliefOverview(msgspec.Struct, frozen=True, kw_only=True):
    """All techniques that were tried, and what may be said of them together."""

    techniques: tuple[Relief, ...]
    """In the order of their names in the rules."""
    standing: Standing
    """``nothing`` told, too ``few``, only ``one`` with enough, about the ``same``, or one helped ``most``."""
    best_id: str | None
    """Only with ``most``."""
    sentence: Line
    days: int
    """How far it looks back."""

    def find(self, exercise_id: str) -> Relief | None:
        """Return what is known of one technique."""
        return next((one for one in self.techniques if one.exercise_id == exercise_id), None)


def compute_relief(
    sessions: Sequence[PastSession], exercise_ids: Iterable[str], norms: ChangeNorms, now: datetime
) -> ReliefOverview:
    """Compare techniques by how it was straight after them.

    Parameters
    ----------
    sessions : sequence of PastSession, oldest first
        Demonstrations, deleted sessions and those without any work are left out.
    exercise_ids : iterable of str
        The techniques, in the order in which they are told.
    norms : ChangeNorms
    now : datetime
        Aware UTC.

    Returns
    -------
    ReliefOverview
    """
    norm = norms.relief
    since = now - timedelta(days=norm.look_back_days)
    told: dict[str, list[PastSession]] = {exercise_id: [] for exercise_id in exercise_ids}
    for session in STARTS.since(tuple(sessions), since):
        if clamp(session.started_at, now) <= since:
            continue
        if session.exercise_id in told and session.is_work and not session.is_deleted:
            told[session.exercise_id].append(session)
    steps = {i: [s for one in found if (s := find_step(one, norms)) is not None] for i, found in told.items()}
    sd = _pool_sd(list(steps.values()), norm)
    techniques = tuple(
        _to_relief(exercise_id, steps[exercise_id], found, sd, norms)
        for exercise_id, found in told.items()
        if steps[exercise_id]
    )
    standing, best_id = _find_best(techniques, sd, norm)
    days = round(norm.look_back_days)
    params: dict[str, str | int | float] = {"days": days}
    if best_id is not None:
        params["name"] = f"exercise.{best_id}.name"
    is_mixed = standing == "same" and _leads_some(techniques, sd, norm)
    sentence = Line(key=f"outcome.best.{'several' if is_mixed else standing}", params=params)
    return ReliefOverview(
        techniques=techniques, standing=standing, best_id=best_id, sentence=sentence, days=days
    )


def find_step(session: PastSession, norms: ChangeNorms) -> float | None:
    """Return how it was straight after a session, as a number.

    Parameters
    ----------
    session : PastSession
    norms : ChangeNorms

    Returns
    -------
    float or None
        Unitless, by the word that was told; without one by pain before and after, where a change that is
        clear counts like "a bit better" or "worse". None: nothing was told.
    """
    if session.relief is not None:
        return norms.relief.steps[session.relief]
    change = compare_pain(session.pain_before, session.pain_after, norms.pain)
    if change is None:
        return None
    if change.size != "clear":
        return norms.relief.steps["same"]
    return norms.relief.steps["bit" if change.change < 0 else "worse"]


def compute_interval(mean: float, sd: float, n: int, freedom: float) -> tuple[float, float]:
    """Return the 90 % interval of a mean.

    Parameters
    ----------
    mean, sd : float
        In the unit of the values.
    n : int
    freedom : float
        Degrees of freedom of ``sd``.

    Returns
    -------
    low, high : float
    """
    half = _t_90(freedom) * sd / math.sqrt(n)
    return mean - half, mean + half


def _t_90(freedom: float) -> float:
    """Return the factor of a 90 % interval for so many degrees of freedom, expanded around the normal."""
    z, v = Z_90, max(freedom, 2.0)
    return z + (z**3 + z) / (4 * v) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v * v)


def _pool_sd(groups: Sequence[Sequence[float]], norm: ReliefNorm) -> float:
    """Return the SD of single answers, pooled over techniques, drawn to the prior while there are few."""
    squares, weight = norm.prior_weight * norm.prior_sd**2, norm.prior_weight
    for values in groups:
        if values:
            mean = math.fsum(values) / len(values)
            squares += math.fsum((x - mean) ** 2 for x in values)
            weight += len(values) - 1
    return math.sqrt(squares / weight)


def _to_relief(
    exercise_id: str, steps: Sequence[float], sessions: Sequence[PastSession], sd: float, norms: ChangeNorms
) -> Relief:
    norm, n = norms.relief, len(steps)
    mean = math.fsum(steps) / n
    low, high = compute_interval(mean, sd, n, norm.prior_weight + n - 1)
    n_better, n_worse = sum(s > 0 for s in steps), sum(s < 0 for s in steps)
    verdict: Verdict = "same"
    if n < norm.least_sessions:
        verdict = "few"
    elif low > 0:
        verdict = "better"
    elif high < 0:
        verdict = "worse"
    n_pain, pain_change, pain_low, pain_high = _to_pain(sessions, norms.pain, norm)
    params: dict[str, str | int | float] = {"n": n, "n_better": n_better, "n_same": n - n_better - n_worse}
    return Relief(
        exercise_id=exercise_id,
        n=n,
        n_better=n_better,
        n_same=n - n_better - n_worse,
        n_worse=n_worse,
        mean=mean,
        low=low,
        high=high,
        n_pain=n_pain,
        pain_change=pain_change,
        pain_low=pain_low,
        pain_high=pain_high,
        verdict=verdict,
        sentence=Line(key=f"outcome.relief.{verdict}", params={**params, "n_worse": n_worse}),
    )


def _to_pain(
    sessions: Sequence[PastSession], pain: PainNorm, norm: ReliefNorm
) -> tuple[int, float | None, float | None, float | None]:
    """Return the mean change of pain in a session with its interval; it scatters no less than the norm."""
    changes = [
        c.change for s in sessions if (c := compare_pain(s.pain_before, s.pain_after, pain)) is not None
    ]
    n = len(changes)
    if not n:
        return 0, None, None, None
    mean = math.fsum(changes) / n
    if n < norm.least_sessions:
        return n, mean, None, None
    sd = math.sqrt(math.fsum((x - mean) ** 2 for x in changes) / (n - 1))
    # the noise of the difference of two single scores, even if all answers happen to agree
    least = pain.detectable / Z_90
    return n, mean, *compute_interval(mean, max(sd, least), n, n - 1)


def _leads_some(techniques: Sequence[Relief], sd: float, norm: ReliefNorm) -> bool:
    """Whether some two differ: then they are not about the same, though none leads all."""
    enough = [one for one in techniques if one.n >= norm.least_sessions]
    return any(_is_ahead(one, other, sd, norm) for one in enough for other in enough)


def _is_ahead(one: Relief, other: Relief, sd: float, norm: ReliefNorm) -> bool:
    return one.mean - other.mean >= norm.sds_apart * sd * math.sqrt(1 / one.n + 1 / other.n)


def _find_best(techniques: Sequence[Relief], sd: float, norm: ReliefNorm) -> tuple[Standing, str | None]:
    """Return the technique that helped most, if it leads every other far enough and helps at all."""
    if not techniques:
        return "nothing", None
    enough = [one for one in techniques if one.n >= norm.least_sessions]
    if not enough:
        return "few", None
    if len(enough) == 1:
        return "one", None
    best = max(enough, key=lambda one: one.mean)
    is_clear = all(_is_ahead(best, other, sd, norm) for other in enough if other is not best)
    return ("most", best.exercise_id) if is_clear and best.verdict == "better" else ("same", None)
