"""Documents: what a folder of seeds holds, and each of its files read with care.

A file that cannot be read is reported by name and reason, and the others go on.
"""

from __future__ import annotations

import errno
import importlib
import os
import re
import stat
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from index.errors import SeedError, reasons
from index.extracted import ExtractedTexts
from index.formats import KINDS, Kind, kind_of
from index.formats.extract import Extract
from index.formats.sniffing import check_content

MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Document:
    """A seed as text. `path` is POSIX, relative to the seeds folder.

    `text` is the whole decoded file with its line ends, less a byte order mark, or what a reader
    extracted from a PDF and the like: every offset in the project points into it. Its own words
    begin at `body`, behind date lines and front matter. `url` is the address it came from, if any.
    """

    path: str
    text: str
    title: str
    date: date | None
    source: str
    language: str
    digest: str
    body: int = 0
    markdown: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class SeedFile:
    """A file that a scan found; `size` in bytes."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file or folder that is left out; `path` is fit to be printed."""

    path: str
    reason: SeedError


_DROPPINGS = re.compile(r"\..*|~\$.*|#.*#|.*~|.*\.sw[a-p]", re.DOTALL)
# Control characters, broken bytes, and marks that turn the direction of what follows.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_WORD = re.compile(r"[^\W_]")
# Never waits for a FIFO's writer, and never follows a link put there in the meantime.
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def scan(folder: Path, max_bytes: int = MAX_BYTES) -> tuple[list[SeedFile], list[Rejected]]:
    """The files of a seeds folder and its sub-folders, without opening any; sorted by path.

    Hidden files and what editors leave behind are passed over in silence.

    Raises:
        SeedError: the folder itself cannot be read.
    """
    root = os.path.realpath(folder)
    found: list[SeedFile] = []
    rejected: list[Rejected] = []
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        try:
            with os.scandir(os.path.join(root, prefix)) as entries:  # noqa: PTH118
                listed = list(entries)
        except OSError as error:
            if not prefix:
                raise _no_folder(error, folder) from error
            rejected.append(Rejected(printable(prefix), _of_os(error, prefix)))
            continue
        for entry in listed:
            if _DROPPINGS.fullmatch(entry.name):
                continue
            path = prefix + entry.name
            try:
                if _UNFIT.search(entry.name):
                    raise _unfit_name(path)
                if not entry.is_symlink() and entry.is_dir():
                    waiting.append(path + "/")
                else:
                    found.append(_seed_file(root, path, entry, max_bytes))
            except OSError as error:
                rejected.append(Rejected(printable(path), _of_os(error, path)))
            except SeedError as error:
                rejected.append(Rejected(printable(path), error))
    found.sort(key=lambda file: file.path)
    rejected.sort(key=lambda one: one.path)
    return found, rejected


def read(
    folder: Path,
    file: SeedFile | str,
    max_bytes: int = MAX_BYTES,
    texts: ExtractedTexts | None = None,
) -> Document:
    """Reads one seed, by what a scan found or by its path below `folder`.

    Never reads more than `max_bytes`, or the size that a scan let through, and one byte. What has
    been extracted from complex files is looked up in `texts` and kept there.

    Raises:
        SeedError: the file is gone, changing, unreadable, too large, empty, not text, or lies
            outside `folder`.
        OSError: an extracted text cannot be kept.
    """
    if isinstance(file, SeedFile):
        path, limit = file.path, max(max_bytes, file.size)
    else:
        path, limit = file, max_bytes
    kind = kind_of(path)
    if kind is None:
        raise _other_kind(path)
    try:
        raw = _bytes_of(folder, path, limit)
    except (OSError, ValueError) as error:
        raise _of_os(error, path) from error
    if not raw.strip():
        raise _empty(path)
    digest = sha256(raw).hexdigest()
    try:
        extract = _extract(kind, digest, raw, texts or ExtractedTexts())
    except SeedError as error:
        raise _seed_error(path, error.turkish, error.english) from None
    text, body = extract.text, extract.body
    if not _WORD.search(text):
        raise _seed_error(
            path,
            "içinde tek bir sözcük yok; metin ekleyin ya da dosyayı silin.",
            "it holds no word at all; add text or delete the file.",
        )
    from index.languages import guess_language

    return Document(
        path=path,
        text=text,
        title=extract.title,
        date=extract.date,
        source=extract.source,
        language=guess_language(text[body : body + 2000]),
        digest=digest,
        body=body,
        markdown=extract.markdown,
        url=extract.url,
    )


def _extract(kind: Kind, digest: str, raw: bytes, texts: ExtractedTexts) -> Extract:
    check_content(kind, raw)
    if kind.apart:
        return texts.of(kind, digest, raw)
    reader = importlib.import_module(kind.module)
    extract: Extract = reader.extract(raw)
    return extract


def printable(path: str) -> str:
    """A path as one line that any terminal and any encoder takes."""
    return _UNFIT.sub(lambda match: match[0].encode("unicode_escape").decode(), path)


def _seed_file(root: str, path: str, entry: os.DirEntry[str], max_bytes: int) -> SeedFile:
    if entry.is_symlink():
        status = Path(_resolved(root, path)).stat()
        if stat.S_ISDIR(status.st_mode):
            raise _seed_error(
                path,
                "klasöre bağlantı; izlenmez, gösterdiği klasör zaten okunuyor. Silebilirsiniz.",
                "a link to a folder; not followed, that folder is read anyway. You can delete it.",
            )
    else:
        status = entry.stat(follow_symlinks=False)
    if not stat.S_ISREG(status.st_mode):
        raise _not_a_file(path)
    if kind_of(path) is None:
        raise _other_kind(path)
    if status.st_size == 0:
        raise _empty(path)
    if status.st_size > max_bytes:
        raise _too_large(path, status.st_size, max_bytes)
    return SeedFile(path, status.st_size, status.st_mtime_ns)


def _resolved(root: str, path: str) -> str:
    """The real path of a seed, which must lie in the real seeds folder `root`."""
    real = os.path.realpath(os.path.join(root, path), strict=True)  # noqa: PTH118
    if real != root and not real.startswith(root.rstrip(os.sep) + os.sep):
        raise _seed_error(
            path,
            "seeds klasörünün dışını gösteriyor; dosyanın kendisini klasöre kopyalayın.",
            "it leads outside the seeds folder; copy the file itself into the folder.",
        )
    return real


def _bytes_of(folder: Path, path: str, limit: int) -> bytes:
    real = _resolved(os.path.realpath(folder), path)
    if not stat.S_ISREG(Path(real).stat().st_mode):
        raise _not_a_file(path)
    with os.fdopen(os.open(real, _OPEN_FLAGS), "rb") as file:
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise _not_a_file(path)
        if before.st_size > limit:
            raise _too_large(path, before.st_size, limit)
        raw = file.read(before.st_size + 1)
        after = os.fstat(file.fileno())
    state = (before.st_size, before.st_mtime_ns)
    if len(raw) != before.st_size or state != (after.st_size, after.st_mtime_ns):
        raise _seed_error(
            path,
            "okunurken değişti; yazımı bitince `danis index` çalıştırın.",
            "it changed while it was read; run `danis index` once it is written.",
        )
    return raw


def _seed_error(path: str, turkish: str, english: str) -> SeedError:
    name = printable(path)
    return SeedError(f"{name}: {turkish}", f"{name}: {english}")


def _no_folder(error: OSError, folder: Path) -> SeedError:
    turkish, english = reasons(error)
    name = printable(str(folder))
    return SeedError(
        f"Belgelerin klasörü {name} okunamıyor ({turkish}): klasörü oluşturun ya da SEEDS_DIR "
        "ayarını değiştirin.",
        f"The folder of seeds {name} cannot be read ({english}): make it, or change SEEDS_DIR.",
    )


def _of_os(error: OSError | ValueError, path: str) -> SeedError:
    if isinstance(error, FileNotFoundError):
        return _seed_error(
            path,
            "yok: silinmiş, ya da hedefi olmayan bir bağlantı. Geri koyun ya da bağlantıyı silin.",
            "not there: deleted, or a link without a target. Put it back or delete the link.",
        )
    if isinstance(error, PermissionError):
        return _seed_error(
            path,
            "okuma izni yok; `chmod u+r` ile izin verin.",
            "no permission to read it; give it with `chmod u+r`.",
        )
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return _seed_error(
            path,
            "kendine dönen bir bağlantı; silin.",
            "a link that leads back to itself; delete it.",
        )
    turkish, english = reasons(error)
    return _seed_error(
        path,
        f"okunamıyor ({turkish}); dosyayı yeniden kopyalayın.",
        f"it cannot be read ({english}); copy the file again.",
    )


def _unfit_name(path: str) -> SeedError:
    return _seed_error(
        path,
        "adında satır sonu, denetim karakteri ya da bozuk bayt var; yeniden adlandırın.",
        "its name holds a line end, control character or broken byte; rename it.",
    )


def _not_a_file(path: str) -> SeedError:
    return _seed_error(
        path,
        "sıradan bir dosya değil (boru, soket ya da aygıt); klasörden çıkarın.",
        "not a regular file (a pipe, socket or device); take it out of the folder.",
    )


def _other_kind(path: str) -> SeedError:
    kinds = ", ".join(KINDS)
    return _seed_error(
        path,
        f"bu tür okunmaz, yalnızca {kinds}; metnini bunlardan biri olarak kaydedin.",
        f"this kind is not read, only {kinds}; save its text as one of them.",
    )


def _empty(path: str) -> SeedError:
    return _seed_error(
        path, "boş; metin ekleyin ya da silin.", "empty; add text to it or delete it."
    )


def _too_large(path: str, size: int, limit: int) -> SeedError:
    return _seed_error(
        path,
        f"çok büyük ({size} bayt, sınır {limit}); bölün ya da MAX_SEED_BYTES ayarını büyütün.",
        f"too large ({size} bytes, limit {limit}); split it or raise MAX_SEED_BYTES.",
    )
