"""Whether a message speaks to the bot, and what it asks."""

from __future__ import annotations

from telegram import Message, MessageEntity, Update, User
from telegram.constants import ChatType

COMMANDS = {  # (Turkish, English)
    "start": ("start", "start"),
    "help": ("yardim", "help"),
    "ask": ("sor", "ask"),
    "sources": ("kaynaklar", "sources"),
    "new": ("yeni", "new"),
    "language": ("dil", "language"),
    "privacy": ("gizlilik", "privacy"),
    "status": ("durum", "status"),
    "reindex": ("yenile", "reindex"),
}
_NAMES = {name for names in COMMANDS.values() for name in names}
_MENTIONS = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]


def sender(update: Update) -> User | None:
    """The person behind an update; None for channels, anonymous admins and other bots."""
    message = update.message or update.edited_message
    if message is not None and message.sender_chat is not None:
        return None
    user = update.effective_user
    return None if user is None or user.is_bot else user


def speaks_to(message: Message, bot: User) -> bool:
    """Whether the message is for the bot: in groups a command of its own, a mention or a reply."""
    if message.chat.type == ChatType.CHANNEL or message.via_bot == bot:
        return False
    if message.chat.type == ChatType.PRIVATE:
        return True
    if _is_command(message):
        name, _, target = (message.text or "").split()[0][1:].partition("@")
        if target:
            return target.casefold() == (bot.username or "").casefold()
        return name.casefold() in _NAMES
    if any(_names(message, entity, bot) for entity in _mentions(message)):
        return True
    earlier = message.reply_to_message
    return (
        earlier is not None
        and earlier.from_user == bot
        and earlier.forum_topic_created is None
        and bool(message.text or message.document)
    )


def question_in(message: Message, bot: User) -> str:
    """The message's text without the command and the mentions of the bot ("" for none).

    A bare /sor in reply to another message asks what that message says.
    """
    text = message.text or ""
    if _is_command(message):
        _, _, rest = text.partition(text.split()[0])
        earlier = message.reply_to_message
        if not rest.strip() and earlier is not None and earlier.from_user != bot:
            return earlier.text or ""
        return rest.strip()
    for entity in reversed(_mentions(message)):
        if _names(message, entity, bot):
            name = message.parse_entity(entity)
            raw = text.encode("utf-16-le", "surrogatepass")
            start, end = entity.offset * 2, (entity.offset + entity.length) * 2
            if raw[start:end].decode("utf-16-le", "replace") == name:
                raw = raw[:start] + raw[end:]
                text = raw.decode("utf-16-le", "surrogatepass")
    return text.strip()


def _is_command(message: Message) -> bool:
    entities = message.entities
    return bool(entities) and entities[0].type == "bot_command" and entities[0].offset == 0


def _mentions(message: Message) -> list[MessageEntity]:
    entities = message.entities or message.caption_entities
    return [entity for entity in entities if entity.type in _MENTIONS]


def _names(message: Message, entity: MessageEntity, bot: User) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user == bot
    parse = message.parse_entity if message.text else message.parse_caption_entity
    named = parse(entity)
    return named[1:].casefold() == (bot.username or "").casefold()
