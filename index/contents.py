"""What one index holds, as another takes it over without embedding anything again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from index.manifest import Manifest
from index.records import DocumentRecord, PassageRecord
from index.segment import PassageVectorsOf


@dataclass(frozen=True, slots=True)
class Contents:
    """A document with its passages in order and the vectors of each."""

    document: DocumentRecord
    passages: list[PassageRecord]
    vectors: list[PassageVectorsOf]


class Copyable(Protocol):
    """An opened index that another can be copied from."""

    @property
    def manifest(self) -> Manifest:
        """What the state was published with."""

    def documents(self) -> Iterator[DocumentRecord]:
        """All documents."""

    def contents(
        self, wanted: Callable[[DocumentRecord], bool] = lambda _: True
    ) -> Iterator[Contents]:
        """The wanted documents with their passages and vectors."""
