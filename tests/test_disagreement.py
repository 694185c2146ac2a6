"""Documents that contradict each other, and those that repeat each other, with the real model."""

from __future__ import annotations

import pytest

from bot import live
from bot.settings import Settings
from index.answerer import Answerer

SEEDS = {
    "pazar-2025.txt": "date 2025-05-02 Kent Belediyesi- Üretici pazarı her salı günü kurulur. "
    "Tezgâhlar sabah erkenden açılır.",
    "pazar-2026.txt": "date 2026-03-10 Kent Belediyesi- Üretici pazarı artık her perşembe günü "
    "kurulur. Esnaf bu değişikliği istemişti.",
    "kurs-2025.txt": "date 2025-01-02 Kent Belediyesi- Kurs ücreti aylık 250 liradır. Kayıtlar "
    "danışmada yapılır.",
    "kurs-2026.txt": "date 2026-01-12 Kent Belediyesi- Kurs ücreti aylık 400 liradır. Kayıtlar "
    "danışmada yapılır.",
    "müze.txt": "date 2025-01-12 Kent Belediyesi- Kent müzesi çarşamba günleri kapalıdır.",
}


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder = tmp_path_factory.mktemp("disagreement")
    (folder / "seeds").mkdir()
    for name, text in SEEDS.items():
        (folder / "seeds" / name).write_text(text + "\n", encoding="utf-8")
    settings = Settings(seeds_dir=folder / "seeds", index_dir=folder / "index")
    live.build_index(settings)
    return live.open_answerer(settings)


@pytest.mark.parametrize(
    ("question", "newer"),
    [
        ("üretici pazarı hangi gün", "pazar-2026.txt"),
        ("Üretici pazarı ne zaman kuruluyor?", "pazar-2026.txt"),
        ("kurs ücreti ne kadar", "kurs-2026.txt"),
        ("Kurs kaç tl?", "kurs-2026.txt"),
    ],
)
def test_other_days_and_amounts_are_told_the_newest_first(
    answerer: Answerer, question: str, newer: str
) -> None:
    answer = answerer.ask(question)
    assert answer.disagreement
    assert answer.citations[0].path == newer


def test_of_documents_that_answer_with_the_same_sentence_the_newest_is_cited(
    answerer: Answerer,
) -> None:
    first = answerer.ask("Kurs kaydı nerede yapılır?").citations[0]
    assert first.highlighted == ("Kayıtlar danışmada yapılır.",)
    assert (first.path, first.also) == ("kurs-2026.txt", ("kurs-2025.txt",))


def test_one_day_alone_contradicts_nothing(answerer: Answerer) -> None:
    assert not answerer.ask("Müze hangi gün kapalı?").disagreement
