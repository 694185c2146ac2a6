"""The chat's line editing: completion of commands and sources, history across runs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from bot.chat_commands import COMMANDS, command_named
from bot.render import one_line, printable
from bot.settings import Settings
from bot.words import say
from index.answer import Citation
from index.records import DocumentRecord
from index.text import ascii_fold

HISTORY_BYTES = 256_000  # where the history is longer than this, its older half goes
OFFERED = 50  # documents at a time


class Sources(Protocol):
    """What can be named after /kaynak: the last answer's citations and the documents."""

    def numbered(self) -> tuple[Citation, ...]: ...

    def documents_named(self, text: str) -> list[DocumentRecord]: ...


def typed_lines(settings: Settings, sources: Sources) -> Iterator[str]:
    """The lines that the user types, until Ctrl-D; Ctrl-C empties the line."""
    session: PromptSession[str] = PromptSession(
        history=history(settings),
        completer=ChatCompleter(sources, settings.language),
        complete_while_typing=Condition(_is_command),
        complete_in_thread=True,
        reserve_space_for_menu=6,
    )
    while True:
        try:
            yield session.prompt(say("prompt", settings.language))
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


def _is_command() -> bool:
    return get_app().current_buffer.text.startswith("/")


def history(settings: Settings) -> History:
    """Earlier lines, in a file that only its owner reads; in memory where that is switched off."""
    path = settings.state_dir / "chat-history"
    if not settings.chat_history:
        return InMemoryHistory()
    try:
        settings.state_dir.mkdir(parents=True, exist_ok=True)
        _make_private(path)
        _shorten(path)
    except OSError:
        return InMemoryHistory()
    return _LenientHistory(str(path))


class _LenientHistory(FileHistory):
    """A line that cannot be written (a full disk) is not remembered; the chat goes on."""

    def store_string(self, string: str) -> None:
        with suppress(OSError):
            super().store_string(string)


def _make_private(path: Path) -> None:
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        os.fchmod(handle, 0o600)
    finally:
        os.close(handle)


def _shorten(path: Path) -> None:
    if path.stat().st_size <= HISTORY_BYTES:
        return
    recent = path.read_bytes()[-HISTORY_BYTES // 2 :]
    entry = recent.find(b"\n# ")  # each begins so, in prompt_toolkit's format
    new = path.with_name(path.name + ".new")
    _make_private(new)
    new.write_bytes(recent[entry:] if entry >= 0 else b"")
    new.replace(path)


class ChatCompleter(Completer):
    """Completes commands, and after those that take one a citation's number or a document."""

    def __init__(self, sources: Sources, language: str) -> None:
        self._sources = sources
        self._language = language

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        text = document.text_before_cursor
        if not text.startswith("/"):
            return
        name, space, argument = text[1:].partition(" ")
        if not space:
            yield from self._commands(name)
            return
        command = command_named(name)
        if command is None:
            return
        if command.action in ("source", "copy"):
            yield from self._numbers(argument)
        if command.names_source:
            yield from self._documents(argument)

    def _commands(self, typed: str) -> Iterator[Completion]:
        for command in COMMANDS:
            name = command.name(self._language)
            if ascii_fold(name).startswith(ascii_fold(typed)):
                meaning = command.uses(self._language)[0][1]
                yield Completion(f"/{name}", start_position=-len(typed) - 1, display_meta=meaning)

    def _numbers(self, typed: str) -> Iterator[Completion]:
        for citation in self._sources.numbered():
            if str(citation.number).startswith(typed):
                yield Completion(
                    str(citation.number),
                    start_position=-len(typed),
                    display_meta=one_line(citation.path),
                )

    def _documents(self, typed: str) -> Iterator[Completion]:
        for record in self._sources.documents_named(typed)[:OFFERED]:
            if printable(record.path) == record.path and record.path.isprintable():
                yield Completion(
                    record.path,
                    start_position=-len(typed),
                    display_meta=one_line(record.title),
                )
