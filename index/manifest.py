"""A published state of the index, as JSON: its segments, their checksums, what made them."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from index.errors import MismatchError
from index.text import TEXT_RULES_VERSION

FORMAT = 5


@dataclass(frozen=True, slots=True)
class Model:
    """What made the vectors; a question must be embedded by the same."""

    name: str
    revision: str
    dimensions: int


@dataclass(frozen=True, slots=True)
class FileSum:
    """A file's size in bytes and CRC-32."""

    size: int
    crc: int


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment in a manifest: which of its documents are dead, and its files by relative path."""

    name: str
    passages: int
    files: dict[str, FileSum]
    dead_documents: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A seed that is not in the index, and why."""

    path: str
    turkish: str
    english: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """One published state of the index."""

    number: int
    created: datetime
    model: Model
    segments: tuple[SegmentEntry, ...]
    documents: int
    passages: int
    skipped: tuple[Skipped, ...] = ()
    calibration: dict[str, Any] = field(default_factory=dict)
    question_means: dict[str, list[float]] = field(default_factory=dict)  # see index.centring
    text_rules: int = TEXT_RULES_VERSION
    format: int = FORMAT

    @property
    def version(self) -> str:
        """A short name of this state, for people and for answers that are kept."""
        return f"{self.number}-{self.created:%Y%m%d%H%M%S}"

    @property
    def has_other_text_rules(self) -> bool:
        """Whether its terms were made by other rules than this version's."""
        return self.text_rules != TEXT_RULES_VERSION

    def to_json(self) -> str:
        """The manifest as JSON, with its own checksum as the last field."""
        body = asdict(self) | {"created": self.created.isoformat()}
        text = json.dumps(body, ensure_ascii=False, sort_keys=True)
        return json.dumps({"crc": zlib.crc32(text.encode()), "body": body}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Reads what `to_json` wrote.

        Raises:
            ValueError, KeyError, TypeError: the text is not such a manifest, or was altered.
        """
        whole = json.loads(text)
        body = whole["body"]
        crc = zlib.crc32(json.dumps(body, ensure_ascii=False, sort_keys=True).encode())
        if crc != whole["crc"]:
            raise ValueError("checksum differs")
        if body["format"] != FORMAT:
            raise MismatchError(
                f"Dizin {body['format']} biçiminde, bu sürüm {FORMAT} biçimini okur: "
                "`danis index --rebuild` çalıştırın.",
                f"The index has format {body['format']}, this version reads {FORMAT}: "
                "run `danis index --rebuild`.",
            )
        return cls(
            number=body["number"],
            created=datetime.fromisoformat(body["created"]),
            model=Model(**body["model"]),
            segments=tuple(
                SegmentEntry(
                    name=entry["name"],
                    passages=entry["passages"],
                    files={name: FileSum(**sums) for name, sums in entry["files"].items()},
                    dead_documents=tuple(entry["dead_documents"]),
                )
                for entry in body["segments"]
            ),
            documents=body["documents"],
            passages=body["passages"],
            skipped=tuple(Skipped(**entry) for entry in body["skipped"]),
            calibration=body["calibration"],
            question_means=body["question_means"],
            text_rules=body["text_rules"],
        )


def mismatch(built_with: Model, wanted: Model) -> MismatchError:
    """The error for an index that another model made than the settings name."""
    made = f"{built_with.name} ({built_with.revision}, {built_with.dimensions})"
    asked = f"{wanted.name} ({wanted.revision}, {wanted.dimensions})"
    return MismatchError(
        f"Dizin {made} modeliyle kuruldu, ayarlar {asked} diyor: `danis index --rebuild` "
        "çalıştırın ya da EMBEDDING_MODEL ayarını geri alın.",
        f"The index was built with the model {made}, the settings say {asked}: run "
        "`danis index --rebuild` or set EMBEDDING_MODEL back.",
    )
