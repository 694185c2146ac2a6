"""The conversation in docs/telegram-transcript.md is what the bot says; UPDATE=1 rewrites it."""

from __future__ import annotations

import os
import re
import shutil
import textwrap
from functools import partial
from pathlib import Path

from bot import live
from bot.access import approve
from bot.state import open_state
from tests.botapi import GROUP, BotApi, Sent, User, wait_until
from tests.telegram_bot import RunningBot, real_folder, real_settings, settings_for

PAGE = Path(__file__).parent.parent / "docs" / "telegram-transcript.md"
AYSE = User(1001, "Ayşe", "tr", "ayse")
JOHN = User(1002, "John", "en", "john")
OWNER = User(1, "Sahip", "tr")
HEAD = """\
# A conversation on Telegram

Written by `tests/test_telegram_transcript.py`, which fails where the bot says anything else.
`**…**` is bold, `( … )` a button.

```text
"""


class Transcript:
    """Lines as a chat shows them."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def scene(self, title: str) -> None:
        self.lines += ["", f"— {title} —", ""]

    def says(self, name: str, text: str) -> None:
        self.lines.append(f"{name}: {text}")

    def bot(self, message: Sent) -> None:
        text = message.text
        for bold in message.bold:
            text = text.replace(bold, f"**{bold}**", 1)
        wrapped = [
            part
            for line in text.splitlines()
            for part in (textwrap.wrap(line, 92, subsequent_indent="  ") or [""])
        ]
        self.lines += ["Danış:", *(f"  {line}".rstrip() for line in wrapped)]
        for row in message.buttons:
            self.lines.append("  " + " ".join(f"( {button['text']} )" for button in row))
        self.lines.append("")

    @property
    def page(self) -> str:
        return HEAD + "\n".join(self.lines).strip() + "\n```\n"


def test_the_transcript_is_what_the_bot_says(tmp_path: Path) -> None:
    shutil.copytree(real_folder(), tmp_path, dirs_exist_ok=True)
    with BotApi() as api:
        settings = settings_for(api, tmp_path, telegram_allowed_users="", telegram_admins="1")
        answerer = live.open_answerer(settings)
        build = partial(live.build_index, real_settings(tmp_path))
        with RunningBot(settings, answerer, build):
            page = converse(api, tmp_path)
        assert not api.rejected
    if os.environ.get("UPDATE"):
        PAGE.write_text(page, encoding="utf-8")
    assert page == PAGE.read_text(encoding="utf-8")


def converse(api: BotApi, folder: Path) -> str:
    told = Transcript()

    def ask(user: User, text: str) -> Sent:
        told.says(user.first_name, text)
        answer = api.ask(text, user, seconds=30)
        told.bot(answer)
        return answer

    def press(message: Sent, label: str) -> Sent:
        told.says(AYSE.first_name, f"presses ( {label} )")
        api.press(message, label)
        edited = api.wait_edit(message)
        told.bot(edited)
        return edited

    told.scene("a stranger")
    told.says(AYSE.first_name, "Merhaba")
    greeting = api.ask("Merhaba", AYSE, seconds=30)
    code = re.search(r"approve (\S+)", greeting.text)
    assert code
    greeting.text = greeting.text.replace(code[1], "K7QM-3XWD")
    told.bot(greeting)
    told.says("the owner, on the server", "danis approve K7QM-3XWD")
    with_state = open_state(folder / "state")
    assert approve(with_state, code[1])
    told.lines.append("")

    told.scene("questions")
    answer = ask(AYSE, "İzmir hangi şehirle kardeş?")
    press(answer, "Kaynak 1")
    press(answer, "← Yanıt")
    refusal = ask(AYSE, "Ay'a ilk kim ayak bastı?")
    assert refusal.text == "Bunu kaynaklarımda bulamadım."
    ask(AYSE, "izmirde bahar bayrami kutlanacak mi")
    ask(AYSE, "Peki nerede yapılacak?")

    told.scene("a group, in English")
    with with_state.begin() as db:
        db.exec_driver_sql("INSERT INTO approved VALUES (?, 0)", (JOHN.id,))
    with_state.close()
    question = "@danis_test_bot Which city is twinned with Izmir?"
    told.says(JOHN.first_name, question)
    api.say(question, JOHN, GROUP)
    told.bot(api.wait_message(GROUP.id, 1, 30))

    told.scene("the owner adds a source")
    told.says(OWNER.first_name, "sends zürafa.txt")
    seed = "Doğal Yaşam Parkı\n\nZürafa Pamuk yedi yaşında. Her sabah akasya yer.\n"
    api.upload("zürafa.txt", seed.encode(), OWNER)
    wait_until(lambda: len(api.sent_to(OWNER.id)) == 2, 60)
    for message in api.sent_to(OWNER.id):
        told.bot(message)
    answer = ask(AYSE, "Zürafa Pamuk kaç yaşında?")
    assert answer.bold == ["Zürafa Pamuk yedi yaşında."]
    return told.page
