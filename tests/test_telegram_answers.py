"""Questions, buttons, groups, topics and inline mode, over HTTP against a strict server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.state import open_state
from index.answer import Turn
from tests.botapi import AYSE, FORUM, GROUP, JOHN, BotApi, User
from tests.telegram_bot import FakeAnswerer, RunningBot, settings_for


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as server:
        yield server
        assert not server.rejected


@pytest.fixture
def answerer() -> FakeAnswerer:
    return FakeAnswerer()


@pytest.fixture
def bot(api: BotApi, answerer: FakeAnswerer, tmp_path: Path) -> Iterator[RunningBot]:
    with RunningBot(settings_for(api, tmp_path), answerer) as running:
        yield running


pytestmark = pytest.mark.usefixtures("bot")


def test_answer_has_the_sentence_in_bold_and_citations_below(api: BotApi) -> None:
    answer = api.ask("İzmir'in kardeşi kim?")
    assert answer.text.startswith(
        "İzmir, Bişkek ile kardeş şehirdir. Anlaşma eskidir. [1]\n\n"
        "[1] Haber 1 · 2026-01-01 · Başlık · paragraf 1\n[2] Haber 2"
    )
    assert answer.bold == ["İzmir, Bişkek ile kardeş şehirdir."]
    assert answer.labels[:4] == ["Kaynak 1", "Kaynak 2", "Kaynak 3", "Daha fazla"]
    assert answer.reply_to is None


def test_refusal_says_so_and_offers_the_nearest_on_a_button(api: BotApi) -> None:
    refusal = api.ask("Bu yok mu?")
    assert refusal.text == "Bunu kaynaklarımda bulamadım."
    api.press(refusal, "En yakın bölümler")
    nearest = api.wait_edit(refusal)
    assert nearest.text.startswith("En yakın bölümler (yanıt olmayabilir):")
    assert "Isparta'nın gülü ünlüdür." in nearest.text
    api.press(nearest, "← Yanıt")
    assert api.wait_edit(refusal).text == "Bunu kaynaklarımda bulamadım."


def test_source_button_shows_the_paragraph_between_its_neighbours(api: BotApi) -> None:
    answer = api.ask("soru")
    first = answer.text
    api.press(answer, "Kaynak 2")
    source = api.wait_edit(answer)
    assert source.text.index("Anlaşma") < source.text.index("Isparta") < source.text.index("Iğdır")
    assert source.bold == ["Isparta'nın gülü ünlüdür."]
    api.press(source, "← Yanıt")
    assert api.wait_edit(answer).text == first


def test_pressing_the_same_source_twice_is_no_error(api: BotApi) -> None:
    answer = api.ask("soru")
    data = answer.button("Kaynak 1")
    api.wait_callback(api.press(answer, "", data=data))
    api.wait_callback(api.press(answer, "", data=data))
    assert [
        call.error.description
        for call in api.calls
        if call.method == "editMessageText" and call.error
    ]
    api.calls.clear()


def test_more_pages_through_further_passages(api: BotApi) -> None:
    answer = api.ask("soru")
    api.press(answer, "Daha fazla")
    page = api.wait_edit(answer)
    assert page.labels == ["Kaynak 4", "Kaynak 5", "Kaynak 6", "← Yanıt", "▶"]
    assert "Şiran'da kar yağar." in page.text
    said = api.wait_callback(api.press(page, "▶"))
    assert said["text"] == "Başka bölüm yok."
    api.press(page, "Kaynak 5")
    assert "Çeşme'de rüzgâr eser. [5]" in api.wait_edit(answer).text


def test_a_passage_that_left_the_index_is_said_to_be_gone(
    api: BotApi, answerer: FakeAnswerer
) -> None:
    answer = api.ask("soru")
    answerer.index_version = "2"
    del answerer.texts[2]
    said = api.wait_callback(api.press(answer, "Kaynak 2"))
    assert "eski bir dizinden" in said["text"]
    assert said["show_alert"] == "true"
    said = api.wait_callback(api.press(answer, "Daha fazla"))
    assert "yenilendi" in said["text"]
    api.press(answer, "Kaynak 1")  # unchanged, so still the same passage
    assert "Bişkek" in api.wait_edit(answer).text


def test_a_passage_that_changed_is_not_shown_for_the_old_one(
    api: BotApi, answerer: FakeAnswerer
) -> None:
    answer = api.ask("soru")
    answerer.texts[1] = "Bambaşka bir şey."
    said = api.wait_callback(api.press(answer, "Kaynak 1"))
    assert "eski bir dizinden" in said["text"]
    assert not answer.edits


def test_buttons_survive_a_restart(api: BotApi, answerer: FakeAnswerer, bot: RunningBot) -> None:
    answer = api.ask("soru")
    opinion = answer.button("👍")
    bot.stop()
    with RunningBot(bot.settings, answerer):
        api.press(answer, "Kaynak 3")
        assert "Iğdır'da kayısı yetişir. [3]" in api.wait_edit(answer).text
        said = api.wait_callback(api.press(answer, "", data=opinion))
        assert said["text"] == "Teşekkürler, not ettim."


def test_follow_ups_carry_the_turns_of_this_user_and_topic(
    api: BotApi, answerer: FakeAnswerer
) -> None:
    api.ask("İlk soru")
    api.ask("Peki ne zaman?")
    assert answerer.turns[-1] == (
        Turn("İlk soru", "İlk soru", tuple(f"0123456789abcd{n:02}" for n in (1, 2, 3)), 3),
    )
    api.ask("other", JOHN)
    assert answerer.turns[-1] == ()
    api.say("/sor konu yedi", chat=FORUM, thread=7)
    api.say("/sor konu sekiz", chat=FORUM, thread=8)
    api.wait_message(FORUM.id, 2)
    assert answerer.turns[-2:] == [(), ()]


def test_yeni_forgets_the_conversation(api: BotApi, answerer: FakeAnswerer) -> None:
    api.ask("İlk soru")
    assert api.ask("/yeni").text == "Tamam, konuşmayı unuttum."
    api.ask("Peki ne zaman?")
    assert answerer.turns[-1] == ()


def test_group_answers_only_when_spoken_to(api: BotApi, answerer: FakeAnswerer) -> None:
    api.say("Kendi aramızda konuşuyoruz", chat=GROUP)
    asked = api.say("Bir bakar mısın @danis_test_bot: 🌹 gül nerede?", chat=GROUP)
    answer = api.wait_message(GROUP.id)
    assert answer.reply_to == asked["message_id"]
    assert answerer.asked == ["Bir bakar mısın : 🌹 gül nerede?"]
    api.say("Peki kayısı?", chat=GROUP, reply_to_message=api._as_json(answer))
    api.wait_message(GROUP.id, 2)
    api.say("/sor@danis_test_bot fındık?", chat=GROUP)
    api.wait_message(GROUP.id, 3)
    api.say("/sor@another_bot fındık?", chat=GROUP)
    api.say("/weather", chat=GROUP)
    api.say("/ask son", chat=GROUP)
    api.wait_message(GROUP.id, 4)
    assert answerer.asked[1:] == ["Peki kayısı?", "fındık?", "son"]


def test_topic_gets_the_answer_in_its_thread(api: BotApi) -> None:
    asked = api.say("/sor gül?", chat=FORUM, thread=8)
    answer = api.wait_message(FORUM.id)
    assert (answer.thread, answer.reply_to) == (8, asked["message_id"])


def test_bare_sor_in_reply_asks_what_the_other_message_says(
    api: BotApi, answerer: FakeAnswerer
) -> None:
    earlier = api.message(JOHN, GROUP, text="Gül nerede yetişir?")
    api.say("/sor", chat=GROUP, reply_to_message=earlier)
    api.wait_message(GROUP.id)
    assert answerer.asked == ["Gül nerede yetişir?"]
    assert api.ask("/sor").text.startswith("Soruyu komutun ardına yazın")


def test_inline_offers_the_passages(api: BotApi) -> None:
    offered = api.wait_inline(api.ask_inline("gül nerede?"))
    assert [result["title"] for result in offered["results"]] == ["Haber 1", "Haber 2", "Haber 3"]
    content = offered["results"][1]["input_message_content"]
    assert content["message_text"].startswith("Isparta'nın gülü ünlüdür. 🌹")
    assert "[2] Haber 2" in content["message_text"]
    assert content["entities"] == [{"type": "bold", "offset": 0, "length": 25}]
    assert api.wait_inline(api.ask_inline("bu yok"))["results"] == []


def test_language_follows_the_user_and_is_remembered(
    api: BotApi, answerer: FakeAnswerer, bot: RunningBot
) -> None:
    assert api.ask("/help", JOHN).text.startswith("Just type")
    assert "Source 1" in api.ask("question", JOHN).labels
    assert api.ask("/help", User(1003, "Юрий", "ru")).text.startswith("Просто")
    assert api.ask("/help", User(1004, "Ana", "pt")).text.startswith("Just type")
    offer = api.ask("/language", JOHN)
    api.press(offer, "Türkçe", JOHN)
    assert api.wait_edit(offer).text == "Bundan böyle Türkçe konuşuyorum."
    bot.stop()
    with RunningBot(bot.settings, answerer):
        assert api.ask("/help", JOHN).text.startswith("Sorunuzu")
        assert api.ask("/dil de", JOHN).text == "Ab jetzt spreche ich Deutsch."


def test_commands_are_described_in_each_language(api: BotApi) -> None:
    api.wait(lambda: len(api.commands) == 5)
    turkish = {each["command"]: each["description"] for each in api.commands["tr"]}
    assert turkish["kaynaklar"] == "Kaynaklarım"
    assert {"sor", "yeni", "dil", "gizlilik", "yardim", "start"} <= set(turkish)
    english = {each["command"] for each in api.commands[""]}
    assert {"ask", "sources", "new", "language", "privacy", "help", "start"} == english


def test_opinions_are_kept_without_a_name(api: BotApi, bot: RunningBot) -> None:
    answer = api.ask("soru")
    said = api.wait_callback(api.press(answer, "Yanlış kaynak"))
    assert said["text"] == "Teşekkürler, not ettim."
    state = open_state(bot.settings.state_dir)
    with state.begin() as db:
        (row,) = db.exec_driver_sql("SELECT kind, who FROM feedback").all()
    state.close()
    assert row.kind == "wrong_source"
    assert str(AYSE.id) not in row.who


def test_what_is_no_question_gets_polite_words(api: BotApi) -> None:
    asked = api.say("soru")
    api.wait_message(AYSE.id)
    api.edit(asked, "düzeltilmiş soru")
    assert "Düzenlenen iletilere" in api.wait_message(AYSE.id, 2).text
    origin = {"type": "hidden_user", "sender_user_name": "Biri", "date": 1}
    assert "İletilmiş komutları" in api.ask("/durum", forward_origin=origin).text
    assert "Bu komutu bilmiyorum" in api.ask("/olmayan").text
    api.push({"message": api.message(AYSE, sticker={**STICKER})})
    assert "Yalnızca yazılı" in api.wait_message(AYSE.id, 5).text


STICKER = {
    "file_id": "s",
    "file_unique_id": "s",
    "type": "regular",
    "width": 1,
    "height": 1,
    "is_animated": False,
    "is_video": False,
}


def test_typing_is_shown_only_for_slow_answers(api: BotApi) -> None:
    api.ask("hızlı")
    assert api.count("sendChatAction") == 0
    api.ask("yavaş")
    assert api.count("sendChatAction") == 1


def test_a_slow_question_holds_up_its_own_chat_alone(api: BotApi, answerer: FakeAnswerer) -> None:
    api.say("yavaş bir soru")
    api.say("hemen ardından")
    api.say("quick", JOHN)
    quick = api.wait_message(JOHN.id)
    slow, after = api.wait_message(AYSE.id), api.wait_message(AYSE.id, 2)
    assert quick.at < slow.at < after.at
    assert answerer.asked.index("yavaş bir soru") < answerer.asked.index("hemen ardından")


def test_a_failure_is_one_calm_sentence(api: BotApi, caplog: pytest.LogCaptureFixture) -> None:
    failed = api.ask("patla")
    assert failed.text == "Şu an yanıt veremiyorum; birazdan yeniden deneyin."
    assert api.ask("soru").text.startswith("İzmir")
