"""The terminal chat: ask, follow up, open a source; plain lines where there is no terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from bot import live
from bot.chat_commands import command_named, help_text
from bot.commands import warn_of_fallback
from bot.links import wants_links
from bot.pager import show
from bot.render import (
    Ink,
    answer_text,
    copyable,
    document_text,
    nearest_text,
    one_line,
    passage_text,
    printable,
    wants_ink,
)
from bot.settings import Settings
from bot.words import say
from bot.writer import writing
from index.answer import Answer, Citation, Turn
from index.answerer import Answerer
from index.records import DocumentRecord
from index.text import ascii_fold

MORE = 3  # passages that /more shows at a time

SEVERAL = 20  # documents that are named where a name fits many


def run(settings: Settings) -> int:
    """Runs the chat until the user leaves; returns the exit code."""
    answerer = live.open_answerer(settings)
    warn_of_fallback(answerer.warning(settings.language))
    terminal = sys.stdout.isatty()
    links = wants_links(settings.terminal_links, terminal, os.environ)
    ink = Ink(wants_ink(terminal, os.environ), links)
    with writing(settings, answerer) as write:
        chat = Chat(answerer, settings.language, ink, str(settings.seeds_dir), write)
        if sys.stdin.isatty() and terminal:
            print(chat.welcome())
            converse(chat, _typed_lines(settings, chat), show, typed=True)
        else:
            converse(chat, sys.stdin, partial(print, flush=True))
    return 0


def _typed_lines(settings: Settings, chat: Chat) -> Iterator[str]:
    # Imported here: lines from a pipe need no line editing.
    from bot.prompt import typed_lines

    return typed_lines(settings, chat)


def converse(
    chat: Chat, lines: Iterable[str], write: Callable[[str], None], *, typed: bool = False
) -> None:
    """Replies to each line until one leaves; where they are typed, Ctrl-C ends one reply alone."""
    for line in lines:
        try:
            reply = chat.reply(line.strip())
            if reply is None:
                return
            if reply:
                write(reply + "\n")
        except KeyboardInterrupt:
            if not typed:
                raise
            write(say("interrupted", chat.language) + "\n")


@dataclass(slots=True)
class Chat:
    """One conversation: what was asked last, and what the commands refer to."""

    answerer: Answerer
    language: str
    ink: Ink
    seeds: str
    write: Callable[[Answer], Answer]
    turns: list[Turn] = field(default_factory=list)
    last: Answer | None = None
    _named: tuple[object, list[tuple[str, DocumentRecord]]] = (None, [])

    def welcome(self) -> str:
        """The first words."""
        return say(
            "welcome",
            self.language,
            documents=self.answerer.documents,
            passages=self.answerer.passages,
        )

    def reply(self, line: str) -> str | None:
        """The reply to a line, "" where there is nothing to say, None to leave."""
        if not line:
            return ""
        if line.startswith("/"):
            name, _, rest = line[1:].partition(" ")
            command = command_named(name)
            if command is None:
                return say("no_such_command", self.language, command=printable(f"/{name}"))
            if command.action == "quit":
                return None
            handle: Callable[[str], str] = getattr(self, f"_{command.action}")
            return handle(rest.strip())
        return self._ask(line)

    def _ask(self, question: str) -> str:
        self.answerer.refresh()
        answer = self.write(self.answerer.ask(question, turns=tuple(self.turns)))
        last = answer.last
        if last.citations or last.nearest:
            self.last = last
            self.turns = [*self.turns[-3:], answer.turn]
        return answer_text(answer, self.ink, self.seeds)

    def numbered(self) -> tuple[Citation, ...]:
        """The citations that numbers refer to now."""
        return (self.last.citations or self.last.nearest) if self.last else ()

    def documents_named(self, text: str) -> list[DocumentRecord]:
        """The documents with `text` in their path or title, however it is typed; by path."""
        state = self.answerer.state
        if self._named[0] is not state:
            records = self.answerer.document_records()
            self._named = state, [(ascii_fold(f"{d.path}\n{d.title}"), d) for d in records]
        wanted = ascii_fold(text)
        return [record for folded, record in self._named[1] if wanted in folded]

    def _cited(self, number: str) -> Citation | None:
        wanted = number.strip("[] ") or "1"
        return next((c for c in self.numbered() if str(c.number) == wanted), None)

    def _source(self, wanted: str) -> str:
        citation = self._cited(wanted)
        if citation is not None:
            view = self.answerer.passage(citation.key, citation.number)
            if view is None:
                return say("source_changed", self.language)
            return passage_text(view, self.ink, self.seeds, self.language)
        if not wanted or wanted.strip("[]").isdecimal():
            return say("no_such_source", self.language, number=printable(wanted or "1"))
        return self._document(wanted)

    def _document(self, wanted: str) -> str:
        found = self.documents_named(wanted)
        exact = [record for record in found if record.path == wanted]
        if len(exact or found) > 1:
            head = say("several_documents", self.language, text=printable(wanted), count=len(found))
            rest = ["  …"] if len(found) > SEVERAL else []
            return "\n".join([head, *map(_document_line, found[:SEVERAL]), *rest])
        for record in exact or found:
            text = self.answerer.text_of(record.path)
            if text is None:
                return say("source_changed", self.language)
            head = self.ink.bold(_document_line(record).strip())
            return f"{head}\n\n{document_text(text, self.ink)}"
        return say("no_such_document", self.language, text=printable(wanted))

    def _copy(self, number: str) -> str:
        citation = self._cited(number)
        if citation is None:
            return say("no_such_source", self.language, number=printable(number or "1"))
        text = copyable(citation, self.seeds, self.language)
        copied = self.ink.clipboard(text)
        return f"{text}\n{copied}{say('copied', self.language)}" if copied else text

    def _more(self, _: str) -> str:
        if self.last is None:
            return say("no_more", self.language)
        shown = self.turns[-1].shown
        further = self.answerer.more(self.last.standalone, skip=shown, k=MORE)
        if not further:
            return say("no_more", self.language)
        self.turns[-1] = replace(self.turns[-1], shown=further[-1].number)
        return "\n".join(nearest_text(c, self.ink, self.seeds, self.language) for c in further)

    def _sources(self, text: str) -> str:
        found = self.documents_named(text)
        if not found:
            return say("no_such_document", self.language, text=printable(text))
        return "\n".join(map(_document_line, found))

    def _new(self, _: str) -> str:
        self.turns, self.last = [], None
        return say("fresh", self.language)

    def _help(self, _: str) -> str:
        return help_text(self.language)


def _document_line(record: DocumentRecord) -> str:
    parts = (record.path, record.title, str(record.date or ""))
    return "  " + " · ".join(one_line(part) for part in parts if part)
