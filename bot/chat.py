"""The terminal chat: ask, follow up, open a source; plain lines where there is no terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from bot import live
from bot.render import Ink, answer_text, nearest_text, passage_text, printable
from bot.settings import Settings
from bot.terminal_words import say
from bot.writer import writing
from index.answer import Answer, Citation, Turn
from index.answerer import Answerer

MORE = 3  # passages that /more shows at a time

# Every command in both languages, also as typed without Turkish letters.
_COMMANDS = {
    "kaynak": "source",
    "source": "source",
    "daha": "more",
    "more": "more",
    "kaynaklar": "sources",
    "sources": "sources",
    "yeni": "new",
    "new": "new",
    "yardım": "help",
    "yardim": "help",
    "help": "help",
    "çık": "quit",
    "cik": "quit",
    "quit": "quit",
    "exit": "quit",
}


def run(settings: Settings) -> int:
    """Runs the chat until the user leaves; returns the exit code."""
    answerer = live.open_answerer(settings, "serving")
    warning = answerer.warning(settings.language)
    if warning:
        print(warning, file=sys.stderr)
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    with writing(settings, answerer) as write:
        ink = Ink(sys.stdout.isatty())
        chat = Chat(answerer, settings.language, ink, str(settings.seeds_dir), write)
        if interactive:
            print(chat.welcome())
        for line in _typed_lines(settings) if interactive else _plain_lines():
            reply = chat.reply(line.strip())
            if reply is None:
                break
            if reply:
                print(reply + "\n", flush=True)
    return 0


def _plain_lines() -> Iterator[str]:
    yield from sys.stdin


def _typed_lines(settings: Settings) -> Iterator[str]:
    # Imported here: the other commands need no line editing.
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory

    settings.state_dir.mkdir(parents=True, exist_ok=True)
    names = [f"/{name}" for name in _COMMANDS if name.isascii() or settings.language == "tr"]
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(settings.state_dir / "chat-history")),
        completer=WordCompleter(names, sentence=True),
        complete_while_typing=False,
    )
    while True:
        try:
            yield session.prompt(say("prompt", settings.language))
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


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
            command = _COMMANDS.get(name.lower())
            if command == "quit":
                return None
            if command is None:
                return say("unknown_command", self.language, command=printable(f"/{name}"))
            handle: Callable[[str], str] = getattr(self, f"_{command}")
            return handle(rest.strip())
        return self._ask(line)

    def _ask(self, question: str) -> str:
        self.answerer.refresh()
        answer = self.write(self.answerer.ask(question, turns=tuple(self.turns)))
        last = answer.parts[-1] if answer.parts else answer
        if last.citations or last.nearest:
            self.last = last
            self.turns = [*self.turns[-3:], last.turn]
        return answer_text(answer, self.ink, self.seeds)

    def _numbered(self) -> tuple[Citation, ...]:
        return (self.last.citations or self.last.nearest) if self.last else ()

    def _source(self, number: str) -> str:
        wanted = number or "1"
        for citation in self._numbered():
            if str(citation.number) == wanted:
                view = self.answerer.passage(citation.key, citation.number)
                if view is None:
                    return say("source_changed", self.language)
                return passage_text(view, self.ink, self.seeds, self.language)
        return say("no_such_source", self.language, number=printable(wanted))

    def _more(self, _: str) -> str:
        if self.last is None:
            return say("no_more", self.language)
        shown = self.turns[-1].shown
        further = self.answerer.more(self.last.standalone, skip=shown, k=MORE)
        if not further:
            return say("no_more", self.language)
        self.turns[-1] = replace(self.turns[-1], shown=further[-1].number)
        return "\n".join(nearest_text(c, self.ink, self.seeds, self.language) for c in further)

    def _sources(self, _: str) -> str:
        return "\n".join(
            "  " + " · ".join(part for part in (d.path, d.title, str(d.date or "")) if part)
            for d in self.answerer.document_records()
        )

    def _new(self, _: str) -> str:
        self.turns, self.last = [], None
        return say("fresh", self.language)

    def _help(self, _: str) -> str:
        return say("help", self.language)
