"""Which sentences of a passage are shown in bold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot import live
from bot.settings import Settings
from index.answer import Citation

SEED = """---
title: Taş köprü
---

Taş köprü şehrin en eski köprüsüdür. Kemerleri onarıldı. Köprü 1782 yılında açıldı. \
Ustası Mimar Rıza Yılmaz idi. Bugün yalnızca yayalar geçebilir.

Köprünün müzesi iki katlıdır. Müze 1990'da, 14 kişilik bir ekiple kuruldu. Kapıları 09.30'da \
açılır. Girişte yetişkinlerden 25 lira istenir.
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
        ("Müzenin kapıları kaçta açılıyor?", "Kapıları 09.30'da açılır."),
        ("Köprünün müzesi kaç lira?", "Girişte yetişkinlerden 25 lira istenir."),
        ("Köprünün müzesi hangi yıl kuruldu?", "Müze 1990'da, 14 kişilik bir ekiple kuruldu."),
    ],
)
def test_the_sentence_that_answers_is_shown(
    ask: Callable[[str], Citation], question: str, sentence: str
) -> None:
    assert sentence in ask(question).highlighted
