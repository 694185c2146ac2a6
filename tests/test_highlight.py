"""What a question expects of its answer, and which sentences are shown in bold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot import live
from bot.settings import Settings
from index.answer import Citation
from index.expected import Expected, Kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Köprü ne zaman açıldı?", Kind.NUMBER),
        ("Kaç kişi katıldı?", Kind.NUMBER),
        ("Hangi yılda kuruldu?", Kind.NUMBER),
        ("Nüfusun yüzde kaçı?", Kind.NUMBER),
        ("How many people came?", Kind.NUMBER),
        ("In what year was it built?", Kind.NUMBER),
        ("Wie viele Menschen kamen?", Kind.NUMBER),
        ("В каком году построен мост?", Kind.NUMBER),
        ("Belediye başkanı kim?", Kind.NAME),
        ("Bunu kimler imzaladı?", Kind.NAME),
        ("Who signed it?", Kind.NAME),
        ("Wer hat unterschrieben?", Kind.NAME),
        ("Кто мэр города?", Kind.NAME),
        ("Kimya nedir?", Kind.ANYTHING),
        ("Whose idea was the whole thing?", Kind.NAME),
        ("Neden kapatıldı?", Kind.ANYTHING),
        ("Ne kadarlık bir alan?", Kind.ANYTHING),
    ],
)
def test_the_kind_of_answer_that_a_question_expects(question: str, kind: Kind) -> None:
    assert Expected(question).kind is kind


def test_only_a_number_that_the_question_lacks_counts() -> None:
    expected = Expected("1994 anlaşması kaç yıl sürdü?")
    assert not expected.stands_in("Anlaşma 1994 yılında imzalandı.")
    assert expected.stands_in("Anlaşma 12 yıl yürürlükte kaldı.")


def test_only_a_name_that_the_question_lacks_counts() -> None:
    expected = Expected("İzmir'in belediye başkanı kim?")
    assert not expected.stands_in("Belediye İzmir'de kuruldu.")
    assert expected.stands_in("Belediyeyi Cemil Tugay yönetiyor.")


SEED = """---
title: Taş köprü
---

Taş köprü şehrin en eski köprüsüdür. Kemerleri onarıldı. Köprü 1782 yılında açıldı. \
Ustası Mimar Rıza Yılmaz idi. Bugün yalnızca yayalar geçebilir.
"""


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Citation]:
    folder = tmp_path_factory.mktemp("highlight")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "kopru.md").write_text(SEED, encoding="utf-8")
    settings = Settings(_env_file=None, seeds_dir=folder / "seeds", index_dir=folder / "index")
    live.build_index(settings)
    answerer = live.open_answerer(settings)

    def first(question: str) -> Citation:
        answer = answerer.ask(question)
        return (answer.citations or answer.nearest)[0]

    return first


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Köprü ne zaman açıldı?", "Köprü 1782 yılında açıldı."),
        ("Köprünün ustası kimdi?", "Ustası Mimar Rıza Yılmaz idi."),
        ("Köprüden bugün kimler geçebilir?", "Bugün yalnızca yayalar geçebilir."),
        ("When was the bridge opened?", "Köprü 1782 yılında açıldı."),
    ],
)
def test_the_sentence_that_answers_is_shown(
    ask: Callable[[str], Citation], question: str, sentence: str
) -> None:
    assert sentence in ask(question).highlighted
