"""How many passages hold each term and each written word, kept in step with the passages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from index.milvus.connection import KEYS_AT_ONCE, Row, Server
from index.milvus.layout import ALIVE, Collections, storable, visible, without_vector
from index.milvus.reader import TERM, WORD
from index.prepare import Prepared

_Word = tuple[int, str, str]  # kind, form, word


class WordCounts:
    """What a build adds to the counts, and takes from them."""

    def __init__(self) -> None:
        self._changes: Counter[_Word] = Counter()

    def add(self, passage: Prepared, terms: Iterable[str]) -> None:
        """Counts a passage that comes."""
        self._changes.update(_words_of(passage, terms))

    def remove(self, passage: Prepared, terms: Iterable[str]) -> None:
        """Counts a passage that leaves."""
        self._changes.subtract(_words_of(passage, terms))

    def write(self, server: Server, names: Collections, number: int, next_id: int) -> int:
        """Writes the counts of the state `number`, which is not published yet.

        Returns:
            The first id that was not used.
        """
        changed = sorted(word for word, change in self._changes.items() if change)
        for at in range(0, len(changed), KEYS_AT_ONCE):
            words = changed[at : at + KEYS_AT_ONCE]
            before = _known(server, names, number - 1, words) if number > 1 else {}
            server.update(
                names.words, [{"id": before[word]["id"], "died": number} for word in before]
            )
            rows = []
            for word in words:
                count = self._changes[word] + (before[word]["count"] if word in before else 0)
                if count > 0:
                    rows.append(_row(next_id, number, word, count))
                    next_id += 1
            server.insert(names.words, rows)
        return next_id


def _words_of(passage: Prepared, terms: Iterable[str]) -> set[_Word]:
    words = {(TERM, term, "") for term in terms}
    words |= {(WORD, form, word) for form, word in passage.vocabulary()}
    return {word for word in words if storable(word[1]) and storable(word[2])}


def _known(server: Server, names: Collections, number: int, words: list[_Word]) -> dict[_Word, Row]:
    """The rows of these words that the state `number` sees."""
    wanted = set(words)
    forms = list(dict.fromkeys(form for _, form, _ in words))
    fields = ["id", "kind", "form", "word", "count"]
    rows = server.rows_among(
        names.words, "form", forms, fields, visible(number), consistency_level="Strong"
    )
    found = {(row["kind"], row["form"], row["word"]): row for row in rows}
    return {word: row for word, row in found.items() if word in wanted}


def _row(id: int, number: int, word: _Word, count: int) -> Row:
    kind, form, written = word
    versions = {"id": id, "born": number, "died": ALIVE}
    return without_vector(versions | {"kind": kind, "form": form, "word": written, "count": count})
