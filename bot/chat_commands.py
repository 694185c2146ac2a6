"""The chat's commands: their names in both languages, and what each is for."""

from __future__ import annotations

from dataclasses import dataclass

from index.text import ascii_fold


@dataclass(frozen=True, slots=True)
class Command:
    """A command; the first name in each language is the one that is shown.

    `uses` are (argument, what it does) in Turkish and English; `names_source` tells that a number
    or a document may follow.
    """

    action: str
    turkish: tuple[str, ...]
    english: tuple[str, ...]
    uses_turkish: tuple[tuple[str, str], ...]
    uses_english: tuple[tuple[str, str], ...]
    names_source: bool = False

    def name(self, language: str) -> str:
        return (self.turkish if language == "tr" else self.english)[0]

    def uses(self, language: str) -> tuple[tuple[str, str], ...]:
        return self.uses_turkish if language == "tr" else self.uses_english


COMMANDS = (
    Command(
        "source",
        ("kaynak",),
        ("source",),
        (
            ("1", "1. kaynağı çevresiyle gösterir"),
            ("AD", "adında ya da başlığında bu geçen belgeyi gösterir"),
        ),
        (
            ("1", "shows source 1 with what stands around it"),
            ("NAME", "shows the document with this in its name or title"),
        ),
        names_source=True,
    ),
    Command(
        "copy",
        ("kopyala",),
        ("copy",),
        (("1", "1. kaynağın alıntısını kopyalanacak biçimde yazar"),),
        (("1", "writes the quote of source 1 in a form to copy"),),
    ),
    Command(
        "more",
        ("daha",),
        ("more",),
        (("", "başka parçalar gösterir"),),
        (("", "shows further passages"),),
    ),
    Command(
        "sources",
        ("kaynaklar",),
        ("sources",),
        (("", "dizindeki belgeleri sıralar"), ("AD", "adında ya da başlığında bu geçenleri")),
        (("", "lists the indexed documents"), ("NAME", "those with this in their name or title")),
        names_source=True,
    ),
    Command(
        "new",
        ("yeni",),
        ("new",),
        (("", "konuşmayı baştan başlatır"),),
        (("", "starts the conversation afresh"),),
    ),
    Command("help", ("yardım",), ("help",), (("", "bunu gösterir"),), (("", "shows this"),)),
    Command(
        "quit",
        ("çık",),
        ("quit", "exit"),
        (("", "çıkar (Ctrl-D de olur)"),),
        (("", "leaves (so does Ctrl-D)"),),
    ),
)

_BY_NAME = {ascii_fold(name): each for each in COMMANDS for name in (*each.turkish, *each.english)}


def command_named(name: str) -> Command | None:
    """The command of this name, in either language, in capitals or without Turkish letters."""
    return _BY_NAME.get(ascii_fold(name))


def help_text(language: str) -> str:
    """All commands, each use on a line."""
    lines = [
        (f"/{command.name(language)} {argument}", what)
        for command in COMMANDS
        for argument, what in command.uses(language)
    ]
    width = max(len(usage) for usage, _ in lines)
    return "\n".join(f"  {usage.ljust(width)}   {what}" for usage, what in lines)
