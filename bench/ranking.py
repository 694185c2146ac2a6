"""Compares ways of ranking passages and of choosing the answering sentence, on SQuAD files.

    python -m bench.ranking FILE.json [FILE.json ...] [--cache FOLDER]

Each file's paragraphs are the passages of one collection. Files whose questions have the same ids,
as translations have, are also searched with each other's questions, and pairs of them as mixed
folders in which each article stands in one of the two languages only. R@1 counts ties at their
expected value. --cache keeps the vectors for the next run.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.centring import CENTRE_SHARE, QUESTION_SHARE
from index.embedder import Tokens
from index.expected import Expected
from index.general_questions import general_questions
from index.highlight import READ_WEIGHT, as_read
from index.judge import READ_SENTENCES
from index.late_interaction import ACROSS, SENTENCES, WITHIN, matched
from index.onnx_e5 import OnnxE5
from index.query_terms import QueryTerms, idf_of, query_terms
from index.retriever import COVERAGE_WEIGHT, LANGUAGE_GAP, PASSAGE_WEIGHT
from index.sentence_scores import EXPECTED_WEIGHT, SOFT_WEIGHT
from index.sentences import sentence_spans
from index.soft_coverage import soft_coverage
from index.text import guess_language, terms
from index.token_codes import unpack

Floats = npt.NDArray[np.floating]
ABSENT = -9.0
PREFIXES = {"none": ("",), "query": ("query: ",), "both": ("query: ", "passage: ")}


@dataclass(frozen=True, slots=True)
class Question:
    """A labelled question; `passage` is a row, `answer` an offset in that passage's text."""

    text: str
    passage: int
    answer: int


class Collection:
    """The passages and questions of one file, embedded."""

    def __init__(self, path: Path, embed: Vectors) -> None:
        self.titles: list[str] = []
        self.texts: list[str] = []
        self.questions: dict[str, Question] = {}
        for article in json.loads(path.read_text("utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                for asked in paragraph["qas"]:
                    self.questions[asked["id"]] = Question(
                        asked["question"], len(self.texts), asked["answers"][0]["answer_start"]
                    )
                self.titles.append(article.get("title", "").replace("_", " "))
                self.texts.append(paragraph["context"])
        self.language = guess_language(" ".join(self.texts[:20]))
        self.spans = [sentence_spans(text) for text in self.texts]
        self.starts = np.cumsum([0, *map(len, self.spans)])
        whole = [f"{t}. {p}" for t, p in zip(self.titles, self.texts, strict=True)]
        sentences = [
            text[span.start : span.end]
            for text, spans in zip(self.texts, self.spans, strict=True)
            for span in spans
        ]
        self.passages = embed.passages(whole)
        self.sentences = embed.passages(sentences)
        self.centre = (self.passages.mean(0) + self.sentences.mean(0)) / 2
        self.bags = [set(terms(text, self.language)) for text in whole]
        self.sentence_bags = [set(terms(text, self.language)) for text in sentences]
        asked_texts = [question.text for question in self.questions.values()]
        general = general_questions().get(self.language, ())
        self.queries = embed.queries(asked_texts)
        self.sentence_texts, self.embedder = sentences, embed.embedder
        self.means = {way: rows.mean(0) for way, rows in embed.queries(general).items()}

    @cached_property
    def sentence_tokens(self) -> list[Floats]:
        """Of each sentence, (n, dim) states of its pieces, as an index keeps them."""
        return [*map(unpack, self.embedder.tokens(self.sentence_texts))]

    @cached_property
    def question_tokens(self) -> list[Tokens]:
        """The pieces of each question."""
        return [self.embedder.asked(asked.text) for asked in self.questions.values()]


class Vectors:
    """Embeds texts, and keeps what it has embedded in a folder where one is named."""

    def __init__(self, embedder: OnnxE5, folder: Path | None) -> None:
        self.embedder = embedder
        self.folder = folder

    def passages(self, texts: Sequence[str]) -> Floats:
        return self._kept("passages", texts, self.embedder.passages)

    def queries(self, texts: Sequence[str]) -> dict[str, Floats]:
        """(n, dim) for each of PREFIXES; of two prefixes the mean, brought to length 1."""
        found = {}
        for way, prefixes in PREFIXES.items():
            rows = np.sum(
                [
                    self._kept("as they stand", [p + t for t in texts], self.embedder.unprefixed)
                    for p in prefixes
                ],
                axis=0,
            )
            found[way] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return found

    def _kept(
        self, kind: str, texts: Sequence[str], embed: Callable[[Sequence[str]], Floats]
    ) -> Floats:
        if self.folder is None:
            return embed(texts)
        key = sha256("\0".join([self.embedder.revision, kind, *texts]).encode()).hexdigest()
        path = self.folder / f"{key[:16]}.npy"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            np.save(path, embed(texts))
        return np.asarray(np.load(path))


@dataclass(frozen=True, slots=True)
class Setting:
    """A way of ranking: score = passage q'p + (1 - passage) max q's + words cov - gap [own]."""

    name: str
    passage: float = 0.5
    words: float = 0.1
    question_share: float = 0.0  # of the mean of general questions, taken off
    centre_share: float = 0.0  # of the index's mean vector, added
    prefix: str = "none"  # of the question, one of PREFIXES
    gap: float = 0.0  # taken off passages in the question's own language

    def query(self, asked: Collection, centre: Floats) -> Floats:
        query, mean = asked.queries[self.prefix], asked.means[self.prefix]
        return query - self.question_share * mean + self.centre_share * centre


PLAIN = Setting(".5 + .5 + .2 words", words=0.2, prefix="query")
SHIPPED = Setting(
    "as shipped: centred, no prefix",
    PASSAGE_WEIGHT,
    COVERAGE_WEIGHT,
    QUESTION_SHARE,
    CENTRE_SHARE,
)
SETTINGS = (
    Setting("passages only", passage=1, words=0, prefix="query"),
    Setting("passages and sentences", words=0, prefix="query"),
    PLAIN,
    Setting(".5 + .5 + .1 words", prefix="query"),
    Setting("centred .5 / .25", question_share=0.5, centre_share=0.25, prefix="query"),
    replace(SHIPPED, name="centred .75 / .35, own prefix", prefix="query"),
    replace(SHIPPED, name="centred .75 / .35, both prefixes", prefix="both"),
    SHIPPED,
)
GAPS = tuple(sorted({0.0, 0.02, 0.03, 0.045, LANGUAGE_GAP}))


def terms_of(asked: Collection, bags: Sequence[set[str]]) -> list[QueryTerms]:
    """What each question is looked for by among these bags of terms."""

    def frequencies(looked_up: Sequence[str]) -> npt.NDArray[np.int64]:
        return np.array([sum(term in bag for bag in bags) for term in looked_up], np.int64)

    return [
        query_terms(question.text, asked.language, frequencies, len(bags))
        for question in asked.questions.values()
    ]


def coverage(asked: Collection, bags: Sequence[set[str]]) -> Floats:
    """(questions, bags): the share of the question's term weight that stands in each bag."""
    return np.array(
        [[wanted.present(bag) @ wanted.shares for bag in bags] for wanted in terms_of(asked, bags)]
    )


def scores(setting: Setting, asked: Collection, searched: Sequence[Collection]) -> Floats:
    """(questions, passages of all collections searched), words left out."""
    query = setting.query(asked, np.mean([part.centre for part in searched], axis=0))
    columns = []
    for part in searched:
        best = np.maximum.reduceat(query @ part.sentences.T, part.starts[:-1], axis=1)
        near = setting.passage * query @ part.passages.T + (1 - setting.passage) * best
        columns.append(near - setting.gap * (part.language == asked.language))
    return np.concatenate(columns, axis=1)


def reread(table: Floats, asked: Collection, searched: Collection) -> Floats:
    """The scores, with each question's near ties compared token by token."""
    moved = table.copy()
    queries = SHIPPED.query(asked, searched.centre)
    read = searched.sentence_tokens
    ties = WITHIN if asked.language == searched.language else ACROSS
    for row, (tokens, query) in enumerate(zip(asked.question_tokens, queries, strict=True)):
        best = np.argsort(-table[row], kind="stable")[: ties.passages]
        places = [place for place in best if table[row, place] >= table[row, best[0]] - ties.reach]
        matches = []
        for place in places:
            start, end = searched.starts[place : place + 2]
            nearest = start + np.argsort(-(searched.sentences[start:end] @ query))[:SENTENCES]
            matches.append(matched(tokens, [read[each] for each in nearest]))
        for place, match in zip(places, matches, strict=True):
            moved[row, place] += ties.weight * (match - matches[0])
    return moved


def figures(table: Floats, gold: npt.NDArray[np.intp]) -> tuple[float, float]:
    """R@1 and nDCG@10, each the expected value where scores tie."""
    own = table[np.arange(len(gold)), gold][:, None]
    better = (table > own + 1e-9).sum(1)
    ties = (np.abs(table - own) <= 1e-9).sum(1)  # itself included
    first = np.where(better == 0, 1 / ties, 0)
    gain = np.where(np.arange(table.shape[1]) < 10, 1 / np.log2(np.arange(table.shape[1]) + 2), 0)
    gains = [gain[b : b + t].mean() for b, t in zip(better, ties, strict=True)]
    return float(first.mean()), float(np.mean(gains))


def rank_table(pairs: Sequence[tuple[Collection, Collection]]) -> None:
    """Prints a row for each setting, a column for each pair of questions and passages."""
    print("| R@1 / nDCG@10 | " + " | ".join(f"{a.language}→{b.language}" for a, b in pairs) + " |")
    print("|---|" + "---|" * len(pairs))
    words = [coverage(asked, searched.bags) for asked, searched in pairs]
    for setting in SETTINGS:
        cells = []
        for (asked, searched), covered in zip(pairs, words, strict=True):
            gold = np.array([searched.questions[key].passage for key in asked.questions])
            table = scores(setting, asked, [searched]) + setting.words * covered
            cells.append("{:.3f} / {:.3f}".format(*figures(table, gold)))
        print(f"| {setting.name} | " + " | ".join(cells) + " |")
    cells = []
    for (asked, searched), covered in zip(pairs, words, strict=True):
        gold = np.array([searched.questions[key].passage for key in asked.questions])
        table = scores(SHIPPED, asked, [searched]) + SHIPPED.words * covered
        table = reread(table, asked, searched)
        cells.append("{:.3f} / {:.3f}".format(*figures(table, gold)))
    print("| near ties token by token | " + " | ".join(cells) + " |")


def mixed_table(one: Collection, other: Collection) -> None:
    """Prints R@1 in folders where each article stands in one of two languages only."""
    names = [f"{a.language}→{b.language}" for a, b in itertools.product((one, other), repeat=2)]
    print(f"| mixed, R@1 | {' | '.join(names)} |\n|---|" + "---|" * 4)
    articles = np.unique(one.titles, return_inverse=True)[1] % 2
    for base, gap in itertools.product((PLAIN, SHIPPED), GAPS):
        setting = replace(base, gap=gap)
        cells = []
        for asked in (one, other):
            rows = np.array([question.passage for question in asked.questions.values()])
            table = scores(setting, asked, (one, other))
            table += setting.words * coverage(asked, one.bags + other.bags)
            for place in (0, 1):
                hits = 0.0
                for turn in (0, 1):
                    kept = np.concatenate([articles == turn, articles != turn])
                    chosen = articles[rows] == (turn if place == 0 else 1 - turn)
                    left = np.where(kept, table[chosen], ABSENT)
                    hits += figures(left, rows[chosen] + place * len(articles))[0] * chosen.sum()
                cells.append(f"{hits / len(rows):.3f}")
        print(f"| {setting.name}, own language − {gap} | {' | '.join(cells)} |")


def sentence_scores(
    asked: Collection, searched: Collection, query: Floats
) -> dict[str, list[Floats]]:
    """For each way of choosing, each question's scores of the right passage's sentences."""
    found: dict[str, list[Floats]] = {}
    by_question = terms_of(asked, searched.bags)
    for row, (key, wanted) in enumerate(zip(asked.questions, by_question, strict=True)):
        passage = searched.questions[key].passage
        part = slice(searched.starts[passage], searched.starts[passage + 1])
        present = np.stack([wanted.said_in(bag) for bag in searched.sentence_bags[part]])
        weights = wanted.shares
        telling = idf_of(present.sum(0), len(present))
        before = np.vstack([np.zeros_like(present[:1]), present[:-1]])
        cosine = asked.queries[SHIPPED.prefix][row] @ searched.sentences[part].T
        centred = query[row] @ searched.sentences[part].T
        share, telling_share = present @ weights, present @ (weights * telling)
        told = centred + 0.1 * telling_share + 0.05 * ((present | before) @ weights)
        question, texts = asked.questions[key].text, searched.sentence_texts[part]
        awaited = Expected(question)
        expected = EXPECTED_WEIGHT[awaited.kind] * np.array([*map(awaited.stands_in, texts)])
        soft = soft_coverage(asked.question_tokens[row], searched.sentence_tokens[part])
        softly = told + SOFT_WEIGHT * soft
        shipped = softly + expected
        read = sorted(np.argsort(-shipped, kind="stable")[:READ_SENTENCES].tolist())
        title, chosen = searched.titles[passage], [texts[place] for place in read]
        reading = searched.embedder.read_pair(question, title, chosen)
        heard = as_read(reading and reading.placed(read, len(texts)), len(texts))
        for name, score in {
            "cosine": cosine,
            "cosine + 1.0 words": cosine + share,
            "centred + .1 telling words": centred + 0.1 * telling_share,
            "centred + .1 telling words + .05 carried": told,
            "the same + 1.2 soft coverage": softly,
            "and what is asked for exactly": shipped,
            "and the best read with the question": shipped + READ_WEIGHT * heard,
        }.items():
            found.setdefault(name, []).append(score)
    return found


def sentence_table(pairs: Sequence[tuple[Collection, Collection]]) -> None:
    """Prints how often the best sentence, or one of the best two, holds the answer's start."""
    print("| one / two sentences | " + " | ".join(f"{a.language}→{b.language}" for a, b in pairs))
    print("|---|" + "---|" * len(pairs))
    cells: dict[str, list[str]] = {}
    for asked, searched in pairs:
        query = SHIPPED.query(asked, searched.centre)
        for name, rows in sentence_scores(asked, searched, query).items():
            hits = np.zeros(2)
            for key, score in zip(asked.questions, rows, strict=True):
                right = searched.questions[key]
                spans = searched.spans[right.passage]
                order = np.argsort(-score, kind="stable")[:2]
                holds = [spans[i].start <= right.answer < spans[i].end for i in order]
                hits += holds[0], any(holds)
            cells.setdefault(name, []).append("{:.3f} / {:.3f}".format(*hits / len(rows)))
    for name, shown in cells.items():
        print(f"| {name} | " + " | ".join(shown) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--cache", type=Path, help="folder for the vectors")
    options = parser.parse_args()
    vectors = Vectors(OnnxE5(), options.cache)
    collections = [Collection(path, vectors) for path in options.files]
    same = [(part, part) for part in collections]
    parallel = [
        (a, b)
        for a, b in itertools.permutations(collections, 2)
        if a.questions.keys() == b.questions.keys()
    ]
    rank_table(same + parallel)
    for one, other in itertools.combinations(collections, 2):
        if (one, other) in parallel and one.language != other.language:
            print()
            mixed_table(one, other)
    print()
    sentence_table(same + parallel)


if __name__ == "__main__":
    main()
