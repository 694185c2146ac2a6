"""Judges the first passages of a ranking: by reading them together with the question which of
those that nearly tie comes first, and by that and the signals of the search how sure it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
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

READ_SENTENCES = 4  # of a passage: with three the right one is shown less often
CLEAR_LEAD = 0.12  # over the second best sentence: no reading makes up for more
TIES, TIE = 3, 0.02  # passages that are read where they score within this of the first
TIE_READ_WEIGHT = 0.005  # of a reading, beside the score
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
        """The confidence, and the ranking with what was compared and read for it, near ties in
        order.

        `question` is what was searched, `asked` its tokens, in `language`, "" where nothing tells
        it.
        """
        if not ranking.hits:
            return ranking, 0.0
        record = self._record(ranking.hits[0])
        signals = signals_of(ranking, record, language)
        logit = self._logit_unread(signals)
        read = self._ties_read(question, ranking, asked, logit)
        if read is not ranking:
            ranking, record = read, self._record(read.hits[0])
            signals = signals_of(ranking, record, language)
            logit = self._logit_unread(signals)
        first, *others = ranking.hits
        if self._compare and asked and first.match is None and is_doubtful(logit):
            match = self._compare.first_match(ranking, asked)
            first = replace(first, match=match)
            signals = replace(signals, match=match.value if match else None)
            logit = self._logit_unread(signals)
        if self._reader and first.reading is None:
            reading = read_together(self._reader, question, ranking, first, record, asked, logit)
            first = replace(first, reading=reading)
            signals = replace(signals, answers=reading.answers if reading else None)
        confidence = self._calibration.confidence(signals)
        return replace(ranking, hits=(first, *others)), confidence

    def _logit_unread(self, signals: RankedSignals) -> float:
        """That of the confidence without what was read together with the question."""
        return logit_of(self._calibration.confidence(replace(signals, answers=None)))

    def _ties_read(
        self, question: str, ranking: Ranking, asked: Tokens | None, logit: float
    ) -> Ranking:
        """The ranking with those that nearly tie with the first in the order that reading gives;
        as it is where none tie, or its first is hopeless at `logit`."""
        tied = [hit for hit in ranking.hits[:TIES] if hit.score >= ranking.best - TIE]
        reader = self._reader
        if reader is None or len(tied) < 2 or logit < HOPELESS:
            return ranking

        def read(hit: Hit) -> Hit:
            if hit.reading is not None:
                return hit
            record = self._record(hit)
            reading = read_together(reader, question, ranking, hit, record, asked)
            return replace(hit, reading=reading)

        with ThreadPoolExecutor(len(tied)) as pool:  # side by side where there are idle cores
            tied = [*pool.map(read, tied)]
        others = ranking.hits[len(tied) :]
        ranking = replace(ranking, hits=(*tied, *others))
        return ranking.reordered([*sorted(tied, key=_score_as_read, reverse=True), *others])

    def _record(self, hit: Hit) -> PassageRecord:
        (record,) = self._index.passages(np.array([hit.row]))
        return record


def _score_as_read(hit: Hit) -> float:
    return hit.score + TIE_READ_WEIGHT * (hit.reading.answers if hit.reading else 0.0)


def read_together(
    reader: TokenReader,
    question: str,
    ranking: Ranking,
    hit: Hit,
    record: PassageRecord,
    asked: Tokens | None,
    logit: float = 0.0,
) -> Reading | None:
    """The passage of a hit read together with the question, by its best sentences.

    None where that could change neither whether it is answered, now at `logit`, nor by which
    sentence; and where the model never learnt to read so.
    """
    if logit < HOPELESS:
        return None
    scores = sentence_scores(ranking, hit, record, asked, reader)
    best = np.argsort(-scores, kind="stable")[:READ_SENTENCES].tolist()
    clear = len(best) < 2 or scores[best[0]] - scores[best[1]] > CLEAR_LEAD
    return None if clear and logit > CERTAIN else reader.reading(question, record, sorted(best))


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
        coverages[place] = weights[ranking.wanted.said_in(held)].sum()
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
