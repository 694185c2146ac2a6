"""Takes out of a question what it shares with any question in its language.

Embeddings of questions in one language share a large common part, and some passages lie near that
part whatever is asked. With m the mean of general questions in the question's language and d the
mean of the index's own vectors, passages are ranked by q - .75 m + .35 d instead of q: little
changes within one language, and questions find passages in other languages more often. The idea
is that of mean centring (Mu and Viswanath, "All-but-the-Top", 2018), per language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from index.embedder import Embedder
from index.general_questions import general_questions
from index.vectors import Floats

QUESTION_SHARE = 0.75
CENTRE_SHARE = 0.35

EMBEDDED_ANEW = ("tr", "en", "de", "ru")

Means = Mapping[str, Floats]

# What `question_means` gives for the bundled model; made by tools/make_question_means.py.
BUNDLED_MEANS = Path(__file__).with_name("question_means.npz")


def question_means(embedder: Embedder) -> dict[str, Floats]:
    """The mean vector of general questions in each language, (dim,) float32.

    Those of the bundled model come with the package, in all languages; of another model only those
    of `EMBEDDED_ANEW` are worked out, which takes seconds.
    """
    with np.load(BUNDLED_MEANS, allow_pickle=False) as shipped:
        if str(shipped["revision"]) == embedder.revision:
            return {name: shipped[name] for name in shipped.files if name != "revision"}
    return computed_means(embedder, EMBEDDED_ANEW)


def computed_means(embedder: Embedder, languages: Iterable[str]) -> dict[str, Floats]:
    """The means of some languages, embedded anew."""
    return {
        language: np.mean([embedder.query(q) for q in general_questions()[language]], axis=0)
        for language in languages
    }


class Centring:
    """Centres the questions to one index: `means` by language, `centre` the (dim,) mean vector."""

    def __init__(self, means: Means, centre: Floats) -> None:
        self._means = means
        self.centre = centre
        # Most of what questions share, they share in all languages.
        none = np.zeros_like(centre)
        self._any_language = np.mean(list(means.values()), axis=0) if means else none

    def __call__(self, query: Floats, language: str) -> Floats:
        """The vector to rank by: (dim,) float32, not of length 1.

        The language may be any, and "" where nothing tells it.
        """
        if not self._means:
            return query
        mean = self._means.get(language, self._any_language)
        return query - QUESTION_SHARE * mean + CENTRE_SHARE * self.centre
