"""Every error that Danış raises on purpose, each a sentence for people in Turkish and English.

DanisError
├── SettingsError        a setting is missing, malformed or contradicts another
├── SeedError            one seed cannot be read; the other seeds go on
├── EmbedderError        a model cannot be found, loaded or used
├── StoreError           the index folder cannot be read or written
│   ├── NoIndexError         there is no index yet
│   ├── DamagedIndexError    a file of the index is missing or altered
│   ├── MismatchError        the index was built with another model or other text rules
│   ├── BusyIndexError       another build is under way
│   └── ServerError          the index server cannot be reached or used
├── TuningError          what `danis tune` kept cannot be read
├── WebError             a page or feed cannot be fetched, or may not be
├── OutputError          a file that was asked for cannot be written
├── ArchiveError         an exported archive cannot be written or used
├── StateError           the bot's memory cannot be opened, reached or read
├── PortError            a port cannot be listened on
└── QuestionsFileError   a questions file for `danis eval` is not what it should be
"""

from __future__ import annotations

import errno

_TURKISH = {
    errno.ENOENT: "böyle bir dosya ya da klasör yok",
    errno.EACCES: "izin yok",
    errno.EPERM: "izin yok",
    errno.EROFS: "dosya sistemi salt okunur",
    errno.ENOSPC: "diskte yer kalmadı",
    errno.ENOTDIR: "klasör değil",
    errno.EISDIR: "bir klasör",
    errno.EADDRINUSE: "adres kullanılıyor",
    errno.EADDRNOTAVAIL: "bu adres bu makinenin değil",
}


class DanisError(Exception):
    """What went wrong and what to do next, as one sentence in each interface language."""

    def __init__(self, turkish: str, english: str) -> None:
        super().__init__(english)
        self.turkish = turkish
        self.english = english

    def text(self, language: str) -> str:
        """The sentence in `language`: Turkish for "tr", English for every other one."""
        return self.turkish if language == "tr" else self.english


class SettingsError(DanisError):
    """A setting is missing, malformed or contradicts another."""


class SeedError(DanisError):
    """One seed cannot be read; the other seeds go on."""


class EmbedderError(DanisError):
    """A model cannot be found, loaded or used."""


class OutputError(DanisError):
    """A file that was asked for cannot be written."""


class StoreError(DanisError):
    """The index folder cannot be read or written."""


class NoIndexError(StoreError):
    """There is no index yet."""


class DamagedIndexError(StoreError):
    """A file of the index is missing or altered."""


class MismatchError(StoreError):
    """The index was built with another model or other text rules."""


class BusyIndexError(StoreError):
    """Another build is under way."""


class ServerError(StoreError):
    """The index server cannot be reached or used."""


class TuningError(DanisError):
    """What `danis tune` kept cannot be read."""


class WebError(DanisError):
    """A page or feed cannot be fetched, or may not be."""


class ArchiveError(DanisError):
    """An exported archive cannot be written or used."""


class StateError(DanisError):
    """The bot's memory cannot be opened, reached or read."""


class PortError(DanisError):
    """A port cannot be listened on."""


class QuestionsFileError(DanisError):
    """A questions file for `danis eval` is not what it should be."""


def reasons(error: BaseException) -> tuple[str, str]:
    """Why the system or a codec refused, in few words: in Turkish where it is common, in English.

    What has no Turkish words is told in both as the system tells it.
    """
    said = str(error).splitlines() or [type(error).__name__]
    english = getattr(error, "strerror", None) or said[0]
    return _TURKISH.get(getattr(error, "errno", None) or 0, english), english
