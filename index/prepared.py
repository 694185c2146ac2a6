"""Arrays that are dear to compute, kept in a file and mapped from it the next time.

The file may be removed at any time. One that is damaged, or that cannot be written, costs nothing
but the computing.
"""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np
from numpy.typing import NDArray

logger = logging.getLogger(__name__)

Arrays = dict[str, NDArray[Any]]

_ALIGNED = 64  # bytes
_WORD = 4  # the CRC-32 of all that follows, and the length of the list of arrays


def prepared(path: Path | None, compute: Callable[[], Arrays]) -> Arrays:
    """The arrays of the file at `path`, or those that `compute` gives, which are then kept there.

    None for a path keeps nothing.
    """
    found = _mapped(path) if path is not None else None
    if found is None:
        found = compute()
        if path is not None:
            _keep(path, found)
    return found


def _mapped(path: Path) -> Arrays | None:
    try:
        whole = np.memmap(path, np.uint8, "r")
        crc, length = (int.from_bytes(whole[at : at + _WORD].tobytes(), "little") for at in (0, 4))
        if zlib.crc32(whole[_WORD:].data) != crc:
            return None
        listed = json.loads(whole[2 * _WORD : 2 * _WORD + length].tobytes())
    except (OSError, ValueError):
        return None
    return {
        name: np.ndarray(shape, kind, whole.data, offset)
        for name, (kind, shape, offset) in listed.items()
    }


def _keep(path: Path, arrays: Arrays) -> None:
    listed, at = {}, 0
    for name, array in arrays.items():
        listed[name] = (array.dtype.str, array.shape, at)
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
    room = 2 * _WORD + len(json.dumps(listed)) + len(listed) * 8 + _ALIGNED
    begin = -(-room // _ALIGNED) * _ALIGNED
    header = json.dumps({n: (k, s, begin + offset) for n, (k, s, offset) in listed.items()})
    content = bytearray(begin + at)
    content[_WORD : 2 * _WORD] = len(header).to_bytes(_WORD, "little")
    content[2 * _WORD : 2 * _WORD + len(header)] = header.encode()
    for name, (_, _, offset) in listed.items():
        data = arrays[name].tobytes()
        content[begin + offset : begin + offset + len(data)] = data
    content[:_WORD] = zlib.crc32(memoryview(content)[_WORD:]).to_bytes(_WORD, "little")
    aside: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            aside = Path(file.name)
            file.write(content)
        aside.replace(path)
    except OSError as error:
        logger.debug("%s cannot be kept: %s", path, error)
        if aside is not None:
            aside.unlink(missing_ok=True)
