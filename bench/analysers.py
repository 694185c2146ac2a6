"""Compares ways of making index terms from Turkish words, on retrieval.

    python -m bench.analysers FILE.json [--vectors FILE.npz]

FILE.json is in SQuAD format; its paragraphs are the passages. For each way of making terms it
prints R@1 (ties counted at their expected value) of BM25 and of coverage alone, and, with a file of
unit vectors (arrays q, dt, s and owner: questions, passages with titles, sentences, and the passage
of each sentence), of the fusion .5 DT + .5 DS + .2 coverage.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import snowballstemmer

from index.analyser import stem
from index.function_words import FUNCTION_WORDS
from index.text import ascii_fold, fold, terms, words

K1, B = 1.2, 0.75
_SNOWBALL = snowballstemmer.stemmer("turkish")

Analyser = Callable[[str], list[str]]


def per_word(*makers: Callable[[str], str]) -> Analyser:
    """An analyser that gives one term for each maker and each word that is no stop word."""

    def analyse(text: str) -> list[str]:
        folded = [fold(word.text) for word in words(text)]
        kept = [word for word in folded if word and word not in FUNCTION_WORDS["tr"]]
        return [make(word) for word in kept for make in makers]

    return analyse


def prefix(letters: int) -> Callable[[str], str]:
    return lambda word: "#" + word[:letters]


def ascii_prefix(letters: int) -> Callable[[str], str]:
    return lambda word: "#" + ascii_fold(word)[:letters]


ANALYSERS: dict[str, Analyser] = {
    "words as they are": per_word(str),
    "Snowball": per_word(_SNOWBALL.stemWord),
    "5 letters": per_word(prefix(5)),
    "Snowball + 5 letters": per_word(_SNOWBALL.stemWord, prefix(5)),
    "ours": per_word(stem),
    "ours + 4 letters": per_word(stem, prefix(4)),
    "ours + 5 letters": per_word(stem, prefix(5)),
    "ours + 6 letters": per_word(stem, prefix(6)),
    "ours + Snowball": per_word(stem, _SNOWBALL.stemWord),
    "ours + Snowball + 5 letters": per_word(stem, _SNOWBALL.stemWord, prefix(5)),
    "ours + 5 ASCII letters": per_word(stem, ascii_prefix(5)),
    "index.text.terms (shipped)": terms,
}


class Collection:
    """Passages as bags of terms, scored in two ways for a question; (n,) float arrays."""

    def __init__(self, texts: Iterable[str], analyse: Analyser) -> None:
        self.analyse = analyse
        self.bags = [Counter(analyse(text)) for text in texts]
        self.lengths = np.array([bag.total() for bag in self.bags])
        self.frequencies = Counter(term for bag in self.bags for term in bag)

    def idf(self, term: str) -> float:
        df = self.frequencies[term]
        return math.log(1 + (len(self.bags) - df + 0.5) / (df + 0.5))

    def coverage(self, question: str) -> np.ndarray:
        asked = {term: self.idf(term) for term in set(self.analyse(question))}
        whole = sum(asked.values()) or 1.0
        found = [sum(idf for term, idf in asked.items() if term in bag) for bag in self.bags]
        return np.array(found) / whole

    def bm25(self, question: str) -> np.ndarray:
        norm = K1 * (1 - B + B * self.lengths / self.lengths.mean())
        scores = np.zeros(len(self.bags))
        for term in self.analyse(question):
            counts = np.array([bag[term] for bag in self.bags])
            scores += self.idf(term) * counts * (K1 + 1) / (counts + norm)
        return scores


def hit_at_1(scores: np.ndarray, gold: int) -> float:
    """1 where gold is first alone, 1/n where it shares the first place with n - 1 others."""
    best = scores >= scores.max() - 1e-9
    return float(best[gold] / best.sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    parser.add_argument("--vectors", type=Path)
    options = parser.parse_args()
    passages: list[str] = []
    questions: list[tuple[str, int]] = []
    for article in json.loads(options.file.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            questions += [(asked["question"], len(passages)) for asked in paragraph["qas"]]
            passages.append(
                article.get("title", "").replace("_", " ") + ". " + paragraph["context"]
            )
    dense = np.zeros((len(questions), len(passages)))
    if options.vectors:
        arrays = np.load(options.vectors)
        sentences = arrays["q"] @ arrays["s"].T
        best = np.full(dense.shape, -1.0)
        np.maximum.at(best.T, arrays["owner"], sentences.T)
        dense = 0.5 * arrays["q"] @ arrays["dt"].T + 0.5 * best
    print(f"{len(passages)} passages, {len(questions)} questions")
    print("| terms | distinct | BM25 | coverage | fused |\n|---|---|---|---|---|")
    for name, analyse in ANALYSERS.items():
        collection = Collection(passages, analyse)
        hits = np.zeros((len(questions), 3))
        for row, (question, gold) in enumerate(questions):
            coverage = collection.coverage(question)
            scores = (collection.bm25(question), coverage, dense[row] + 0.2 * coverage)
            hits[row] = [hit_at_1(score, gold) for score in scores]
        bm25, covered, fused = hits.mean(0)
        shown = f"{fused:.4f}" if options.vectors else "–"
        print(f"| {name} | {len(collection.frequencies)} | {bm25:.4f} | {covered:.4f} | {shown} |")


if __name__ == "__main__":
    main()
