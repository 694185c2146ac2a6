"""A thousand odd questions through a running bot with the real model: words for every one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.botapi import BotApi, Sent, User
from tests.telegram_bot import RunningBot, real_answerer, settings_for

QUESTIONS = 1000
USERS = 40
MOST_SECONDS = 400.0  # after which one was not answered

PIECES = (
    "İzmir hangi şehirle kardeş?",
    "kütüphane kartı",
    "👨‍👩‍👧‍👦",
    "🇹🇷🇰🇬",
    "🌹",
    "مرحبا بالعالم",
    "שלום",
    "\u202eters\u202c",
    "\u200b\u200d\ufeff",
    "Z̷̢̛a̸l̶g̵o̴",
    "<b>kalın</b>",
    "<script>alert(1)</script>",
    "&amp;&lt;",
    "*yıldız* _alt_ `kod` [a](http://b)",
    "```\nblok\n```",
    "||gizli||",
    "'; DROP TABLE answers; --",
    "{question} {0} %s $HOME",
    "/start",
    "/sor",
    "/dil tr",
    "soru /durum içinde",
    "@danis_test_bot",
    "@someone_else",
    "https://example.org/?q=a&b=c",
    "?!…—«»",
    "....",
    "\n\n\n",
    "\t",
    "0",
    "१२३",
    "𝕴𝖟𝖒𝖎𝖗",
    "ǅ İi Iı ß ﬁ",
    "\x00\x01\x1f",
    "null",
    "NaN",
    "ı" * 200,
    "e\u0301" * 100,
    "a " * 400,
)


def odd_questions(number: int, seed: int = 21) -> Iterator[str]:
    """Texts of 1 to 4,096 units, as Telegram would let people write them."""
    choose = random.Random(seed)
    yield from (piece for piece in PIECES if piece.strip())
    yield from ("soru " * 800, "🌹" * 2048, "?" * 4096, "\u0301" * 4000, "İ" * 4096)
    for _ in range(number):
        pieces = choose.choices(PIECES, k=choose.randint(1, 6))
        pieces.append(
            chr(choose.choice((choose.randint(33, 0xD7FF), choose.randint(0xE000, 0x1FFFF))))
        )
        choose.shuffle(pieces)
        yield choose.choice(("", " ", "\n")).join(pieces)[:2000]


def test_every_odd_question_is_answered_or_refused_in_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    questions = [text for text in odd_questions(QUESTIONS) if text.strip()][: QUESTIONS + 50]
    people = {
        5000 + n: User(5000 + n, "Meraklı", ("tr", "en", "de", "ru")[n % 4]) for n in range(USERS)
    }
    waiting = iter(questions)
    answered: list[Sent] = []

    with BotApi() as api, RunningBot(settings_for(api, tmp_path), real_answerer()):

        def next_question(sent: Sent) -> None:
            answered.append(sent)
            text = next(waiting, None)
            if text is not None:
                api.say(text, people[sent.chat_id])

        api.on_send = next_question
        for user in people.values():
            api.say(next(waiting), user)
        # Long answers may take several messages, so count the updates that were handled.
        api.wait(lambda: len(answered) >= len(questions), MOST_SECONDS)

    assert len(questions) >= 1000
    assert [call.error for call in api.rejected] == []
    assert not [r for r in caplog.records if r.levelname in ("ERROR", "CRITICAL")]
    assert all(message.text.strip() for message in answered)
