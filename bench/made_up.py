"""Vectors that are made up, spread and clustered as the model's own are.

Mean and covariance are those of the shipped seeds as the bundled model embeds them (e5's vectors
lie in a narrow cone: two unrelated sentences have a cosine near .8). A passage is drawn around
one of many topics, its sentences around the passage.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.vectors import Floats

TOPICS = 4096
TOPIC_SHARE = 0.5  # of the variance
SENTENCE_DISTANCE = 1.1  # from a passage to its sentences, in the spread of all passages
SHRINKAGE = 0.1  # towards equal variance in all directions: few sentences, many dimensions
NOISE_ROWS = 20_000


class MadeUpVectors:
    """Draws unit vectors that lie as those of `sample`, (n, dim) float32 unit rows, do."""

    def __init__(self, sample: Floats, seed: int = 0) -> None:
        self._chance = np.random.default_rng(seed)
        self._mean = sample.mean(axis=0)
        covariance = np.cov(sample.T)
        even = np.trace(covariance) / len(covariance)
        covariance = (1 - SHRINKAGE) * covariance + SHRINKAGE * even * np.eye(len(covariance))
        self._spread = np.linalg.cholesky(covariance).T.astype(np.float32)
        # The same topics whatever the seed, so that parts drawn apart belong together.
        self._topics = self._draw(TOPICS, np.random.default_rng(0))
        self._noise = SENTENCE_DISTANCE * self._draw(NOISE_ROWS, self._chance)

    def _draw(self, n: int, chance: np.random.Generator) -> Floats:
        normal = chance.standard_normal((n, len(self._mean)), dtype=np.float32)
        return normal @ self._spread

    def passages(self, n: int) -> Floats:
        """(n, dim) float32 unit rows."""
        topics = self._topics[self._chance.integers(TOPICS, size=n)]
        own = self._draw(n, self._chance)
        return unit(self._mean + np.sqrt(TOPIC_SHARE) * topics + np.sqrt(1 - TOPIC_SHARE) * own)

    def sentences(self, passages: Floats, each: int) -> Floats:
        """(n * each, dim) float32 unit rows: `each` sentences of every passage, in order."""
        rows = np.repeat(passages, each, axis=0)
        return unit(rows + self._noise[self._chance.integers(NOISE_ROWS, size=len(rows))])


def unit(rows: npt.NDArray[np.float32]) -> Floats:
    """The rows with length 1."""
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)
