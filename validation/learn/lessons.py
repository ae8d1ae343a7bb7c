"""What each network learns.

In: examples. Out: trained networks: carriage and slouch from one picture, change since the neutral, arms, and
the doubt of the latter two: what nine in ten of their errors stay below, learned from the errors in set-ups
that were left out. Next file: :mod:`validation.learn.train`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from validation.learn import features, nets
from validation.learn.examples import Examples, Floats, Indices, change_truth, choose_pairs, weigh_slouch
from validation.learn.nets import Recipe, Trained

TURN_DEG, LEAN_DEG, ARM_DEG = 30.0, 15.0, 60.0
CARRIAGE = Recipe(
    hidden=(48, 24),
    scale=(TURN_DEG, TURN_DEG, LEAN_DEG),
    odd=(True, True, False),
    epochs=36,
    decay=3e-5,
    jitter=0.02,
)
"""Turn of the shoulders and of the head against the ray from the camera, lean against the camera's height."""
CARRIAGE_WEIGHTS = (1.0, 0.7, 0.7)
SLOUCHED = Recipe(
    hidden=(32, 16), scale=(1.0,), odd=(False,), epochs=30, decay=1e-4, jitter=0.02, loss="chance"
)
CHANGE = Recipe(
    hidden=(48, 24),
    scale=(TURN_DEG, TURN_DEG, LEAN_DEG, LEAN_DEG, 1.0),
    odd=(True, True, False, True, False),
    epochs=25,
    decay=1e-4,
    jitter=0.01,
)
"""Change of turn, head, lean, side bend and slouch since the neutral."""
CHANGE_LARGE = replace(CHANGE, hidden=(96, 48), epochs=45)
"""A second network for the same: the two are averaged."""
CHANGE_SHARES = (0.5, 0.5, 0.5, 1.0, 0.5)
"""How much the first counts. The side bend is all its: of a real person the large network knew less of it."""
CHANGE_WEIGHTS = (1.0, 0.7, 0.7, 1.0, 0.6)
RARE_SHARES = (0.3, 0.2)
"""Who has both arms up hardly turns: turns of such people count so much, for ``change`` and for ``reach``."""
TWIST_WEIGHT, LATE_WEIGHT, MANY_WEIGHT = 2.0, 2.0, 0.5
"""Who sits and turns counts double; so do the later pictures, in the techniques' own postures or followed."""
_UP_DEG, _TURNED_DEG, _TWISTED_DEG = 70.0, 12.0, 20.0
CHANGE_DOUBT = Recipe(
    hidden=(24, 12), scale=(1.0,) * 4, odd=(False,) * 4, epochs=15, decay=1e-4, jitter=0.02, loss="quantile"
)
"""Logarithm of the error, degrees: turn, head against shoulders, lean, side bend."""
ARMS = Recipe(
    hidden=(48, 24), scale=(ARM_DEG, ARM_DEG), odd=(False, False), epochs=40, decay=1e-4, jitter=0.02
)
"""Elevation of the upper arm and flexion of the elbow."""
ARMS_DOUBT = Recipe(
    hidden=(16, 8), scale=(1.0, 1.0), odd=(False, False), epochs=15, decay=1e-4, jitter=0.02, loss="quantile"
)
COPIES = 2
SEED, CHANGE_SEED = 0, 1
FOLDS = 3
LEAST_ERROR_DEG = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """All networks."""

    carriage: Trained
    slouch: Trained
    change: Trained
    reach: Trained
    """The same with the elbows: rules where the arms are up."""
    change_doubt: Trained
    arms: Trained
    arms_doubt: Trained


def learn_all(everybody: Examples, epochs: int | None) -> Learnt:
    """Learn everything; ``epochs`` shortens every lesson.

    The round of turns is only for ``change``: with it in the others, the recorded person's side bend came out
    at an RMSE of 4.3 instead of 3.5 degrees.
    """
    e = everybody.take(~everybody.is_turns)

    def cut(recipe: Recipe) -> Recipe:
        return replace(recipe, epochs=min(recipe.epochs, epochs)) if epochs else recipe

    carriage, slouch = learn_carriage_and_slouch(e, cut(CARRIAGE), cut(SLOUCHED))
    return Learnt(
        carriage=carriage,
        slouch=slouch,
        change=learn_change_twice(
            everybody, cut(CHANGE), cut(CHANGE_LARGE), features.CARRIAGE, RARE_SHARES[0]
        ),
        reach=learn_change_twice(e, cut(CHANGE), cut(CHANGE_LARGE), features.SLOUCH, RARE_SHARES[1]),
        change_doubt=learn_change_doubt(e, cut(CHANGE), cut(CHANGE_DOUBT)),
        arms=learn_arms(e, cut(ARMS)),
        arms_doubt=learn_arms_doubt(e, cut(ARMS), cut(ARMS_DOUBT)),
    )


def learn_carriage_and_slouch(e: Examples, carriage: Recipe, slouched: Recipe) -> tuple[Trained, Trained]:
    """Learn what one picture says."""
    r = np.random.default_rng(SEED)
    varied = np.concatenate([features.vary_depth(e.points, r, 0.12, 0.06) for _ in range(COPIES)])
    target = np.stack([e.turn_deg, e.head_deg, e.lean_seen_deg], 1)
    weight = np.tile(CARRIAGE_WEIGHTS, (len(target), 1))
    first = _fit_one(varied, features.CARRIAGE, target, weight, carriage)
    weight = weigh_slouch(e)
    rows = weight > 0
    varied = np.concatenate([features.vary_depth(e.points[rows], r, 0.10, 0.0) for _ in range(COPIES)])
    target = np.clip((e.slouch - 0.15) / 0.35, 0, 1)
    second = _fit_one(varied, features.SLOUCH, target[rows, None], weight[rows, None], slouched)
    return first, second


def _fit_one(
    varied: Floats, landmarks: tuple[int, ...], target: Floats, weight: Floats, recipe: Recipe
) -> Trained:
    x, mirrored = (features.carriage(p, landmarks) for p in (varied, features.mirror(varied)))
    return nets.fit(x, mirrored, np.tile(target, (COPIES, 1)), np.tile(weight, (COPIES, 1)), recipe)


def learn_change(e: Examples, recipe: Recipe, landmarks: tuple[int, ...], rare_share: float) -> Trained:
    """Learn what a picture says beside the person's own neutral."""
    i, j = choose_pairs(e)
    r = np.random.default_rng(CHANGE_SEED)
    now, neutral = e.points[i].copy(), e.points[j].copy()
    # one camera and one body: the depth's gain is the same in both pictures
    gain = np.exp(r.normal(0, 0.12, (len(i), 1)))
    now[:, :, 2] *= gain
    neutral[:, :, 2] *= gain
    now = features.vary_distance(now, r, 0.04)
    truth = change_truth(e, i, j)
    weight = np.tile(CHANGE_WEIGHTS, (len(i), 1)) * _weigh_turn(e, i, truth[:, 0], rare_share)[:, None]
    weight[:, 4] *= weigh_slouch(e)[i] > 0
    x = features.change(now, neutral, landmarks)
    mirrored = features.change(features.mirror(now), features.mirror(neutral), landmarks)
    return nets.fit(x, mirrored, truth, weight, recipe)


def learn_change_twice(
    e: Examples, recipe: Recipe, large: Recipe, landmarks: tuple[int, ...], rare_share: float
) -> Trained:
    """Learn it with two networks of different sizes, and average them."""
    first, second = (learn_change(e, each, landmarks, rare_share) for each in (recipe, large))
    return nets.join(first, second, CHANGE_SHARES)


def _weigh_turn(e: Examples, i: Indices, turn_deg: Floats, rare_share: float) -> Floats:
    """How much each pair counts, (N,): pictures were drawn more evenly than people move."""
    arms_up = e.elevation_deg[i].min(1) > _UP_DEG
    rare = np.where(arms_up & (np.abs(turn_deg) > _TURNED_DEG), rare_share, 1.0)
    twists = e.is_sitting[i] & ~arms_up & (np.abs(turn_deg) > _TWISTED_DEG)
    return np.where(twists, TWIST_WEIGHT, rare) * np.select(
        [e.is_many[i], e.is_early[i]], [MANY_WEIGHT, 1.0], LATE_WEIGHT
    )


def judge_change(change: Trained, reach: Trained, e: Examples, i: Indices, j: Indices) -> Floats:
    """Answers (N, 5) as Unkink gives them: both networks, blended by how far the arms are up."""
    plain = _since_still(change, e, i, j, features.CARRIAGE)
    full = _since_still(reach, e, i, j, features.SLOUCH)
    answer = 0.5 * (plain + full)
    share = features.reach_share(e.points[i], e.points[j])
    answer[:, 0] = plain[:, 0] + share * (full[:, 0] - plain[:, 0])
    answer[:, 3] = full[:, 3]
    return answer


def _since_still(net: Trained, e: Examples, i: Indices, j: Indices, landmarks: tuple[int, ...]) -> Floats:
    """Answers (N, 5) of one network: what it says to "no movement" is taken off."""
    x, mirrored = change_features(e, i, j, landmarks)
    still, still_mirrored = x.copy(), mirrored.copy()
    half = x.shape[1] // 2
    still[:, :half] = still_mirrored[:, :half] = 0
    return net.judge(x, mirrored) - net.judge(still, still_mirrored)


def change_features(
    e: Examples, i: Indices, j: Indices, landmarks: tuple[int, ...] = features.SLOUCH
) -> tuple[Floats, Floats]:
    """Features of the pairs, and of the mirrored people's, (N, 6K) each."""
    now, neutral = e.points[i], e.points[j]
    here = features.change(now, neutral, landmarks)
    return here, features.change(features.mirror(now), features.mirror(neutral), landmarks)


def change_error(change: Trained, reach: Trained, e: Examples, i: Indices, j: Indices) -> Floats:
    """Errors in degrees, (N, 4): turn, head against shoulders, lean, side bend."""
    error = judge_change(change, reach, e, i, j) - change_truth(e, i, j)
    return np.abs(np.column_stack([error[:, 0], error[:, 1] - error[:, 0], error[:, 2], error[:, 3]]))


def learn_change_doubt(e: Examples, recipe: Recipe, doubt: Recipe) -> Trained:
    """Learn how wrong the change may be, from set-ups that it did not learn from.

    The first network alone is asked: quicker, and a little worse, so the doubt is on the safe side.
    """
    x: list[Floats] = []
    mirrored: list[Floats] = []
    errors: list[Floats] = []
    for fold in range(FOLDS):
        held = e.setup_idx % FOLDS == fold
        pupils, rest = e.take(~held), e.take(held)
        change = learn_change(pupils, recipe, features.CARRIAGE, RARE_SHARES[0])
        reach = learn_change(pupils, recipe, features.SLOUCH, RARE_SHARES[1])
        i, j = choose_pairs(rest)
        for parts, part in zip((x, mirrored), change_features(rest, i, j), strict=True):
            parts.append(part)
        errors.append(change_error(change, reach, rest, i, j))
    return _fit_doubt(np.concatenate(x), np.concatenate(mirrored), np.concatenate(errors), doubt)


def _fit_doubt(x: Floats, mirrored: Floats, error_deg: Floats, recipe: Recipe) -> Trained:
    target = np.log(np.maximum(error_deg, LEAST_ERROR_DEG))
    return nets.fit(x, mirrored, target, np.ones_like(target), recipe)


def arms_examples(e: Examples) -> tuple[Floats, Floats]:
    """Features and truth of both arms, (2N, 15) and (2N, 2): a right arm is a mirrored left one."""
    points = np.concatenate([e.points, features.mirror(e.points)])
    truth = np.column_stack([e.elevation_deg.T.ravel(), e.elbow_deg.T.ravel()])
    return features.arm(points), truth


def learn_arms(e: Examples, recipe: Recipe) -> Trained:
    """Learn what an arm does."""
    r = np.random.default_rng(SEED)
    points = np.concatenate([e.points, features.mirror(e.points)])
    x = features.arm(features.vary_depth(points, r, 0.10, 0.0))
    truth = arms_examples(e)[1]
    return nets.fit(x, x, truth, np.ones_like(truth), recipe)


def learn_arms_doubt(e: Examples, recipe: Recipe, doubt: Recipe) -> Trained:
    """Learn how wrong that may be, from set-ups that it did not learn from."""
    x: list[Floats] = []
    errors: list[Floats] = []
    for fold in range(FOLDS):
        held = e.setup_idx % FOLDS == fold
        net = learn_arms(e.take(~held), recipe)
        seen, truth = arms_examples(e.take(held))
        x.append(seen)
        errors.append(np.abs(net.judge(seen, seen) - truth))
    joined = np.concatenate(x)
    return _fit_doubt(joined, joined, np.concatenate(errors), doubt)
