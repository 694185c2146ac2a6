"""What the Bot API refuses, in its own words; used by `tests.botapi`."""

from __future__ import annotations

import json
import re
from typing import Any

MOST_UNITS = 4096
ENTITY_KINDS = {
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
}
ACTIONS = {"typing", "upload_document", "upload_photo", "find_location", "choose_sticker"}
# Letters that Telegram does not count as text when it asks whether a message is empty.
INVISIBLE = re.compile(
    r"[\s\u00ad\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]*"
)


class Refusal(Exception):
    """An error as the server tells it."""

    def __init__(self, description: str, code: int = 400, **parameters: object) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad(description: str) -> Refusal:
    return Refusal(f"Bad Request: {description}")


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def units(text: str) -> int:
    return len(utf16(text)) // 2


def as_json(value: Any) -> Any:
    """A parameter that may come as JSON text or, in a JSON body, as itself."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad("can't parse JSON object") from None


def check_text(text: Any, entities: Any, *, name: str = "message text") -> tuple[str, list[Any]]:
    """The text as it is stored (white space around it gone) and its entities.

    Raises:
        Refusal: empty, too long, not UTF-8, or an entity that does not fit.
    """
    if not isinstance(text, str):
        raise bad(f"{name} is empty")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise bad("strings must be encoded in UTF-8") from None
    found = as_json(entities) if entities else []
    if not isinstance(found, list):
        raise bad("can't parse entities: expected an Array")
    raw = utf16(text)
    for entity in found:
        _check_entity(entity, raw)
    if INVISIBLE.fullmatch(text):
        raise bad(f"{name} is empty")
    before = units(text[: len(text) - len(text.lstrip())])
    stripped = text.strip()
    if units(stripped) > MOST_UNITS:
        raise bad("message is too long")
    return stripped, [_moved(e, before, units(stripped)) for e in found]


def _check_entity(entity: Any, raw: bytes) -> None:
    if not isinstance(entity, dict) or entity.get("type") not in ENTITY_KINDS:
        raise bad("can't parse MessageEntity: type of the entity is invalid")
    offset, length = entity.get("offset"), entity.get("length")
    if type(offset) is not int or type(length) is not int or offset < 0 or length <= 0:
        raise bad("can't parse MessageEntity: offset or length is invalid")
    end = offset + length
    if end > len(raw) // 2:
        raise bad(
            f"entity beginning at UTF-16 offset {offset} ends after the end of the text at "
            f"UTF-16 offset {end}"
        )
    for at in (offset, end):
        if at < len(raw) // 2 and 0xDC <= raw[at * 2 + 1] <= 0xDF:
            raise bad(
                f"entity beginning at UTF-16 offset {offset} begins or ends in a middle of a "
                f"UTF-16 symbol at UTF-16 offset {at}"
            )
    if entity["type"] == "text_link" and not re.match(
        r"(https?|tg)://[^\s/]+\.[^\s/]+", str(entity.get("url"))
    ):
        raise bad("the address of a text_link is no use (dropped in silence by Telegram)")


def _moved(entity: dict[str, Any], by: int, end: int) -> dict[str, Any]:
    start = max(0, entity["offset"] - by)
    stop = min(end, entity["offset"] - by + entity["length"])
    return {**entity, "offset": start, "length": stop - start}


def check_keyboard(markup: Any) -> list[list[dict[str, Any]]]:
    """The rows of an inline keyboard, [] for none.

    Raises:
        Refusal: BUTTON_DATA_INVALID and its kin.
    """
    if not markup:
        return []
    keyboard = as_json(markup)
    if not isinstance(keyboard, dict):
        raise bad("object expected as reply markup")
    rows = keyboard.get("inline_keyboard", [])
    if not isinstance(rows, list) or sum(len(row) for row in rows) > 100:
        raise bad("reply markup is too long")
    for row in rows:
        for button in row:
            if not str(button.get("text", "")).strip():
                raise bad("can't parse inline keyboard button: text buttons are unallowed")
            data = button.get("callback_data")
            if data is None and "url" not in button:
                raise bad("can't parse inline keyboard button: no action")
            if data is not None and not 1 <= len(data.encode()) <= 64:
                raise bad("BUTTON_DATA_INVALID")
    return rows


def check_commands(commands: Any, language: Any) -> list[dict[str, str]]:
    """The commands of setMyCommands.

    Raises:
        Refusal: BOT_COMMAND_INVALID and its kin.
    """
    found = as_json(commands)
    if not isinstance(found, list) or len(found) > 100:
        raise bad("can't parse commands: expected an Array of at most 100")
    for command in found:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command.get("command", "")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "")) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    if language and not re.fullmatch(r"[a-z]{2}", str(language)):
        raise bad("language_code is invalid")
    return found


def check_inline_results(results: Any) -> list[dict[str, Any]]:
    """The results of answerInlineQuery.

    Raises:
        Refusal: RESULT_ID_INVALID and its kin.
    """
    found = as_json(results)
    if not isinstance(found, list) or len(found) > 50:
        raise bad("RESULTS_TOO_MUCH")
    ids = [result.get("id", "") for result in found]
    if len(set(ids)) < len(ids):
        raise bad("RESULT_ID_DUPLICATE")
    for result in found:
        if not 1 <= len(result["id"].encode()) <= 64:
            raise bad("RESULT_ID_INVALID")
        if result.get("type") != "article" or not str(result.get("title", "")).strip():
            raise bad("ARTICLE_TITLE_EMPTY")
        content = result.get("input_message_content") or {}
        check_text(content.get("message_text"), content.get("entities"))
    return found
