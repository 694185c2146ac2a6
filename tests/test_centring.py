"""The centred question, and the means that come with the bundled model."""

from __future__ import annotations

import numpy as np
import pytest

from index.centring import (
    CENTRE_SHARE,
    EMBEDDED_ANEW,
    QUESTION_SHARE,
    Centring,
    computed_means,
    question_means,
)
from index.general_questions import general_questions
from index.onnx_e5 import OnnxE5
from tests.fakes import WordEmbedder


def test_shipped_means_are_those_of_the_bundled_model() -> None:
    embedder = OnnxE5()
    shipped = question_means(embedder)
    anew = computed_means(embedder, general_questions())
    assert shipped.keys() == anew.keys()
    assert shipped.keys() >= {"tr", "en", "de", "ru", "az", "ky", "ar", "zh"}
    for language, mean in shipped.items():
        assert np.abs(mean - anew[language]).max() < 1e-3


def test_another_model_gets_means_of_its_own() -> None:
    means = question_means(WordEmbedder())
    assert means.keys() == {*EMBEDDED_ANEW}
    assert {mean.shape for mean in means.values()} == {(WordEmbedder.dimensions,)}


def test_the_mean_of_the_questions_language_is_taken_off() -> None:
    turkish, english = np.eye(4, dtype=np.float32)[:2]
    centre = np.array([0, 0, 1, 0], np.float32)
    query = np.array([0, 0, 0, 1], np.float32)
    centred = Centring({"tr": turkish, "en": english}, centre)
    assert centred(query, "tr").tolist() == pytest.approx([-QUESTION_SHARE, 0, CENTRE_SHARE, 1])


def test_every_language_has_the_same_number_of_distinct_questions() -> None:
    sizes = {len(set(questions)) for questions in general_questions().values()}
    assert sizes == {40}


@pytest.mark.parametrize("language", ["fr", ""])
def test_an_unknown_language_takes_off_what_all_share(language: str) -> None:
    turkish, english = np.eye(3, dtype=np.float32)[:2]
    centred = Centring({"tr": turkish, "en": english}, np.zeros(3, np.float32))
    query = np.array([0, 0, 1], np.float32)
    half = -QUESTION_SHARE / 2
    assert centred(query, language).tolist() == pytest.approx([half, half, 1])


def test_an_index_without_means_ranks_by_the_question_itself() -> None:
    query = np.array([1, 0], np.float32)
    assert Centring({}, np.ones(2, np.float32))(query, "tr") is query
