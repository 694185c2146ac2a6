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

# A file: the arrays, each from a multiple of _ALIGNED bytes on; their list as JSON; its length; and
# the CRC-32 of all before. Both numbers take _NUMBER bytes.
_ALIGNED = 64
_NUMBER = 4


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
        length, crc = whole[-2 * _NUMBER :].view("<u4").tolist()
        if zlib.crc32(whole[:-_NUMBER].data) != crc:
            return None
        listed = json.loads(whole[-2 * _NUMBER - length : -2 * _NUMBER].tobytes())
    except (OSError, ValueError):
        return None
    return {
        name: np.ndarray(shape, kind, whole.data, offset)
        for name, (kind, shape, offset) in listed.items()
    }


def _keep(path: Path, arrays: Arrays) -> None:
    content, listed = bytearray(), {}
    for name, array in arrays.items():
        listed[name] = (array.dtype.str, array.shape, len(content))
        content += array.tobytes()
        content += bytes(-len(content) % _ALIGNED)
    text = json.dumps(listed).encode()
    content += text + len(text).to_bytes(_NUMBER, "little")
    content += zlib.crc32(content).to_bytes(_NUMBER, "little")
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
