"""Inline mode: `@bot question` in any chat offers the passages that answer it."""

from __future__ import annotations

from telegram import InlineQueryResultArticle, InputTextMessageContent, Update
from telegram.error import TelegramError

from bot.desk import Context, desk_of
from bot.messages import clean, compose, shorten
from bot.shelf import shown
from bot.telegram_render import quote_block, reference_block
from index.answer import Answer

CACHE_SECONDS = 20
TITLE = 64
DESCRIPTION = 160


async def inline(update: Update, context: Context) -> None:
    """Offers the top passages with their citations; nothing where the sources have none."""
    desk, query = desk_of(context), update.inline_query
    if query is None:
        return
    results: list[InlineQueryResultArticle] = []
    if query.query.strip():
        language = await desk.language(update)
        answer = await desk.think(desk.answerer.ask, query.query, language=language)
        results = _results(answer)
    try:
        await query.answer(results, cache_time=CACHE_SECONDS, is_personal=True)
    except TelegramError:
        return  # too late: the next keystroke has asked again


def _results(answer: Answer) -> list[InlineQueryResultArticle]:
    results = []
    for citation in shown(answer) if answer.citations else ():
        line = reference_block(citation, answer.language)
        message = compose([quote_block(citation), line])[0]
        results.append(
            InlineQueryResultArticle(
                id=citation.key,
                title=shorten(citation.title or citation.path, TITLE),
                description=shorten(" ".join(citation.highlighted) or citation.quote, DESCRIPTION),
                input_message_content=InputTextMessageContent(
                    clean(message.text), entities=message.entities, disable_web_page_preview=True
                ),
            )
        )
    return results
