"""The small networks and how they learn: numpy only.

In: features (N, F) of people and of the same people mirrored, targets (N, T), weights (N, T). Out: a
:class:`Trained` network that answers, and that :func:`pack` turns into the text kept in
``src/unkink/body/weights.py``.

Two hidden layers of tanh, Adam, a cosine-shaped learning rate, weight decay on matrices only, noise on the
inputs, and in every batch a random half of the people mirrored. The order in which random numbers are drawn
is part of the recipe: change it and other weights come out. Next file: :mod:`validation.learn.features`.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BATCH = 256
LEARNING_RATE = 3e-3
SEED = 0
QUANTILE = 0.9
HUBER = 0.4
"""Errors beyond this, in units of the target's scale, pull no harder."""


class Net:
    """Layers of tanh, the last one linear."""

    def __init__(self, sizes: tuple[int, ...], seed: int) -> None:
        r = np.random.default_rng(seed)
        pairs = list(pairwise(sizes))
        self.matrices: list[Floats] = [r.normal(0, np.sqrt(1.5 / a), (a, b)) for a, b in pairs]
        self.biases: list[Floats] = [np.zeros(b) for _, b in pairs]
        self.matrices[-1] *= 0.1
        self.layers: list[Floats] = []

    def answer(self, x: Floats) -> Floats:
        """Answers (N, T) to standardised features (N, F), dimensionless; layers are kept for the slopes."""
        self.layers = [x]
        for i, (matrix, bias) in enumerate(zip(self.matrices, self.biases, strict=True)):
            x = x @ matrix + bias
            if i < len(self.matrices) - 1:
                x = np.tanh(x)
            self.layers.append(x)
        return x

    def slopes(self, d: Floats) -> list[Floats]:
        """Slopes of the matrices, then of the biases, for the answer's slope ``d`` (N, T)."""
        matrices: list[Floats] = []
        biases: list[Floats] = []
        for i in range(len(self.matrices) - 1, -1, -1):
            matrices.append(self.layers[i].T @ d)
            biases.append(d.sum(0))
            if i:
                d = (d @ self.matrices[i].T) * (1 - self.layers[i] ** 2)
        return matrices[::-1] + biases[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one network learns."""

    hidden: tuple[int, int]
    scale: tuple[float, ...]
    """What an answer of 1 means, one per target."""
    odd: tuple[bool, ...]
    """Whether the target changes sign in a mirror (turns do, lean and slouch do not)."""
    epochs: int
    decay: float
    jitter: float
    """Standard deviation of the noise on the features, trunk lengths."""
    loss: Literal["huber", "chance", "quantile"] = "huber"
    """``chance``: the answer is a log odds and the target a chance, 0..1. ``quantile``: the answer is what
    nine in ten targets stay below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A network with the mean and spread of its features."""

    net: Net
    recipe: Recipe
    mean: Floats
    spread: Floats

    def judge(self, x: Floats, mirrored: Floats) -> Floats:
        """Answers (N, T) in the targets' units, from features (N, F) of the person and mirrored."""
        a = self.net.answer((x - self.mean) / self.spread)
        b = self.net.answer((mirrored - self.mean) / self.spread)
        both = np.where(self.recipe.odd, (a - b) / 2, (a + b) / 2) * np.array(self.recipe.scale)
        return 1 / (1 + np.exp(-both)) if self.recipe.loss == "chance" else both


def fit(x: Floats, mirrored: Floats, target: Floats, weight: Floats, recipe: Recipe) -> Trained:
    """Learn targets (N, T) from features (N, F) of people and of the same people mirrored.

    Parameters
    ----------
    x, mirrored : ndarray (N, F), trunk lengths
    target : ndarray (N, T), in the targets' units
    weight : ndarray (N, T), dimensionless
    recipe : Recipe
    """
    r = np.random.default_rng(SEED)
    mean = (x.mean(0) + mirrored.mean(0)) / 2
    spread = np.sqrt((((x - mean) ** 2).mean(0) + ((mirrored - mean) ** 2).mean(0)) / 2) + 1e-3
    net = Net((x.shape[1], *recipe.hidden, target.shape[1]), SEED)
    adam = Adam([*net.matrices, *net.biases])
    sign = np.where(recipe.odd, -1, 1)
    n_matrices = len(net.matrices)
    for epoch in range(recipe.epochs):
        order = r.permutation(len(target))
        rate = LEARNING_RATE * 0.5 * (1 + np.cos(np.pi * epoch / recipe.epochs))
        for k in range(0, len(target), BATCH):
            i = order[k : k + BATCH]
            flip = (r.random(len(i)) < 0.5)[:, None]  # noqa: PLR2004  (one half)
            seen = np.where(flip, mirrored[i], x[i]) + r.normal(0, recipe.jitter, (len(i), x.shape[1]))
            want = np.where(flip, target[i] * sign, target[i]) / np.array(recipe.scale)
            slope = _slope(net.answer((seen - mean) / spread), want, recipe)
            slopes = net.slopes(slope * weight[i] / len(i))
            for q in range(n_matrices):
                slopes[q] = slopes[q] + recipe.decay * net.matrices[q]
            adam.step(slopes, rate)
    return Trained(net=net, recipe=recipe, mean=mean, spread=spread)


def join(a: Trained, b: Trained, shares: tuple[float, ...]) -> Trained:
    """One network that answers with the weighted mean of two of the same features and targets.

    Parameters
    ----------
    a, b : Trained
    shares : tuple of float, how much the first counts, 0..1, one per target
    """
    net = Net(
        (len(a.mean), *(m + n for m, n in zip(a.recipe.hidden, b.recipe.hidden, strict=True)), len(shares)), 0
    )
    share = np.array(shares)
    first, second, last = zip(a.net.matrices, b.net.matrices, strict=True)
    block = np.zeros(net.matrices[1].shape)
    block[: len(second[0]), : second[0].shape[1]] = second[0]
    block[len(second[0]) :, second[0].shape[1] :] = second[1]
    net.matrices = [
        np.concatenate(first, axis=1),
        block,
        np.concatenate([last[0] * share, last[1] * (1 - share)]),
    ]
    net.biases = [np.concatenate(pair) for pair in zip(a.net.biases[:2], b.net.biases[:2], strict=True)]
    net.biases.append(a.net.biases[2] * share + b.net.biases[2] * (1 - share))
    return Trained(net=net, recipe=a.recipe, mean=a.mean, spread=a.spread)


def _slope(out: Floats, want: Floats, recipe: Recipe) -> Floats:
    """Slope of the loss for every answer, (N, T)."""
    if recipe.loss == "chance":
        return 1 / (1 + np.exp(-out)) - want
    if recipe.loss == "quantile":
        return np.where(out > want, 1 - QUANTILE, -QUANTILE)
    return np.clip(out - want, -HUBER, HUBER)


class Adam:
    """Adam (Kingma & Ba 2015); changes the parameters in place."""

    def __init__(self, parameters: list[Floats]) -> None:
        self.parameters = parameters
        self.first = [0 * p for p in parameters]
        self.second = [0 * p for p in parameters]
        self.n_steps = 0

    def step(self, slopes: list[Floats], rate: float) -> None:
        """One step down the slopes."""
        self.n_steps += 1
        for q, slope in enumerate(slopes):
            self.first[q] = 0.9 * self.first[q] + 0.1 * slope
            self.second[q] = 0.999 * self.second[q] + 0.001 * slope * slope
            first = self.first[q] / (1 - 0.9**self.n_steps)
            second = self.second[q] / (1 - 0.999**self.n_steps)
            self.parameters[q] -= rate * first / (np.sqrt(second) + 1e-8)


def pack(trained: Trained) -> str:
    """Matrices and biases as float16 in base64, the features' mean and spread folded into the first layer."""
    net = trained.net
    first = net.matrices[0] / trained.spread[:, None]
    bias = net.biases[0] - (trained.mean / trained.spread) @ net.matrices[0]
    parts = [first, bias]
    for matrix, other in zip(net.matrices[1:], net.biases[1:], strict=True):
        parts += [matrix, other]
    flat = np.concatenate([p.ravel() for p in parts]).astype("<f2")
    if not np.isfinite(flat).all():
        msg = "a weight does not fit float16"
        raise ValueError(msg)
    return base64.b64encode(flat.tobytes()).decode()
