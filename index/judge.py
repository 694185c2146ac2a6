"""Judges how sure the first passage of a ranking is: by the signals of the search, and by reading
question and passage together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from index.able import is_unable
from index.confidence import (
    CERTAIN,
    HOPELESS,
    Calibration,
    RankedSignals,
    is_doubtful,
    logit_of,
)
from index.embedder import Reading, Tokens
from index.late_interaction import LateInteraction
from index.opened import OpenedIndex
from index.records import PassageRecord
from index.retriever import Hit, Ranking
from index.sentence_scores import sentence_scores
from index.text import terms
from index.token_reader import TokenReader

READ_SENTENCES = 3  # of a passage: whole it takes half as long again, for nothing
CLEAR_LEAD = 0.12  # over the second best sentence: no reading makes up for more
SIGNAL_HITS = 10  # what the confidence is judged by, however few citations are wanted


class Judge:
    """Judges rankings of one opened state of the index; safe for threads.

    `compare` and `reader` are None where the model does not tell how it reads tokens.
    """

    def __init__(
        self,
        index: OpenedIndex,
        calibration: Calibration,
        compare: LateInteraction | None,
        reader: TokenReader | None,
    ) -> None:
        self._index = index
        self._calibration = calibration
        self._compare = compare
        self._reader = reader

    def __call__(
        self, question: str, ranking: Ranking, asked: Tokens | None, language: str
    ) -> tuple[Ranking, float]:
        """The confidence, and the ranking with what was compared and read for it.

        `question` is what was searched, `asked` its tokens, in `language`, "" where nothing tells
        it.
        """
        confidence = self.confidence(ranking, language)
        unread = bool(ranking.hits) and ranking.hits[0].match is None
        if self._compare and asked and unread and is_doubtful(logit_of(confidence)):
            match = self._compare.first_match(ranking, asked)
            first, *others = ranking.hits
            ranking = replace(ranking, hits=(replace(first, match=match), *others))
            confidence = self.confidence(ranking, language)
        if self._reader and ranking.hits and ranking.hits[0].reading is None:
            first, *others = ranking.hits
            reading = read_together(
                self._reader, question, ranking, self._record(first), asked, logit_of(confidence)
            )
            if reading is not None:
                ranking = replace(ranking, hits=(replace(first, reading=reading), *others))
                confidence = self.confidence(ranking, language)
        return ranking, confidence

    def confidence(self, ranking: Ranking, language: str) -> float:
        """The confidence by what is known of the ranking, 0 where nothing was found."""
        if not ranking.hits:
            return 0.0
        first = self._record(ranking.hits[0])
        return self._calibration.confidence(signals_of(ranking, first, language))

    def _record(self, hit: Hit) -> PassageRecord:
        (record,) = self._index.passages(np.array([hit.row]))
        return record


def read_together(
    reader: TokenReader,
    question: str,
    ranking: Ranking,
    first: PassageRecord,
    asked: Tokens | None,
    logit: float = 0.0,
) -> Reading | None:
    """The first passage of a ranking read together with the question, by its best sentences.

    None where that could change neither whether it is answered, now at `logit`, nor by which
    sentence; and where the model never learnt to read so.
    """
    if logit < HOPELESS:
        return None
    scores = sentence_scores(ranking, ranking.hits[0], first, asked, reader)
    best = np.argsort(-scores, kind="stable")[:READ_SENTENCES].tolist()
    clear = len(best) < 2 or scores[best[0]] - scores[best[1]] > CLEAR_LEAD
    return None if clear and logit > CERTAIN else reader.reading(question, first, sorted(best))


def signals_of(ranking: Ranking, first: PassageRecord, language: str) -> RankedSignals:
    """The signals of a ranking with at least one hit; `first` is the passage of its first hit.

    `language` is the question's, "" where nothing tells it.
    """
    hit = ranking.hits[0]
    # A term that does not match the passage, or is said in other words, matches no sentence.
    weights = ranking.wanted.shares * ranking.matches[0]
    known = ranking.wanted.known
    coverages = np.zeros(len(first.sentences))
    for place, sentence in enumerate(first.sentence_texts):
        held = set(terms(sentence, first.language))
        coverages[place] = weights[ranking.wanted.present(held)].sum()
    best = int((hit.sentence_cosines + coverages).argmax())
    signals = RankedSignals(
        scores=np.array([found.score for found in ranking.hits[:SIGNAL_HITS]]),
        evidence=max(found.evidence for found in ranking.hits),
        coverage=hit.coverage,
        sentence_cosine=float(hit.sentence_cosines.max()),
        sentence_coverage=float(coverages[best]),
        known=float(known.mean()) if len(known) else 0.0,
        match=hit.match.value if hit.match else None,
        unable=is_unable(ranking.expected, first),
        answers=hit.reading.answers if hit.reading else None,
    )
    if hit.other_language:
        # Words say nothing across languages, and nearer passages in the question's own language
        # say nothing about this one.
        return replace(signals, known=0.0, evidence=hit.evidence)
    # The same language, even where the index knows none of the question's words.
    return replace(signals, known=1.0) if language else signals
