"""Reads a question and a passage as one text, by the bundled model's lower layers and some trained
for that: whether the passage answers, and which of its sentences.

The trained layers follow where the model's own would turn to the meaning of the whole. They are
told which pieces are the passage's; the state of the first piece then tells whether it answers, the
states of a sentence's pieces whether the answer stands there. How: tools/train_reader.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.embedder import Reading, clean
from index.prepared import Arrays

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

TRAINED = Path(__file__).with_name("pair_reader.npz")
HEADS = ("kind", "dense.w", "dense.b", "out.w", "out.b", "span.w", "span.b")

_QUESTION = 60  # pieces that are read of a question
_SENTENCE = 120  # and of a sentence
_WHOLE = 320  # after so many no further sentence is begun


def trained_for(revision: str) -> Arrays | None:
    """The trained weights by name; None where there are none for this revision of the model."""
    if not TRAINED.exists():
        return None
    with np.load(TRAINED, allow_pickle=False) as kept:
        arrays: Arrays = {name: kept[name] for name in kept.files}
    return arrays if str(arrays.pop("revision")) == revision else None


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage as pieces of one text, begin and end marks left out.

    starts: where the passage begins, counting the begin mark, where each sentence that is read
        does, and where the last one ends.
    """

    ids: list[int]
    starts: list[int]

    @property
    def kinds(self) -> NDArray[np.int64]:
        """(pieces + 2,) 0 for the question's and the marks around it, 1 for the passage's."""
        kinds = np.zeros(len(self.ids) + 2, np.int64)
        kinds[self.starts[0] :] = 1
        return kinds


def pair_of(
    cut: Callable[[str], list[int]], end: int, question: str, title: str, sentences: Sequence[str]
) -> Pair:
    """The pair as it is read, cut into pieces by `cut`; `end` is the piece that ends a text."""
    ids = [*cut(clean(question))[:_QUESTION], end]
    starts = [len(ids) + 1]
    for part in (f"{title}.", *sentences):
        ids += cut(clean(part))[:_SENTENCE]
        starts.append(len(ids) + 1)
        if len(ids) > _WHOLE:
            break
    return Pair(ids, starts)


class PairReader:
    """The trained layers and what is read off them. Safe to share between threads."""

    def __init__(self, session: InferenceSession, heads: Arrays) -> None:
        self._session = session
        self._heads = {name: heads[name].astype(np.float32) for name in HEADS}

    def __call__(self, states: NDArray[np.float32], pair: Pair, sentences: int) -> Reading:
        """From the states of a pair after the lower layers, (pieces + 2, dim); `sentences` is how
        many the passage has."""
        heads = self._heads
        told = (states + heads["kind"][pair.kinds])[None]
        (read,) = self._session.run(None, {"given": told})[0]
        first = np.tanh(read[0] @ heads["dense.w"].T + heads["dense.b"])
        spans = read @ heads["span.w"][0] + heads["span.b"]
        logits = np.full(sentences, -np.inf, np.float32)
        bounds = zip(pair.starts[1:-1], pair.starts[2:], strict=True)
        for place, (start, stop) in enumerate(bounds):
            logits[place] = spans[start:stop].max(initial=-np.inf)
        return Reading(float(first @ heads["out.w"][0] + heads["out.b"][0]), logits)
