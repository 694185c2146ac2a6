"""Logs as one JSON object a line on stderr, without message texts and without secrets."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")
# These write addresses (which hold the token), requests and whole updates below WARNING.
_TALKATIVE = ("telegram", "httpx", "httpcore", "tornado", "asyncio", "sqlalchemy", "alembic")


def fields(**values: object) -> dict[str, object]:
    """`extra` for a log call: what the line tells beside its message."""
    return {"fields": values}


class JsonFormatter(logging.Formatter):
    """One JSON object a line; `secrets` and whatever looks like a bot token are masked.

    Exceptions are told by their types and places; their words, which may quote a message, only
    where `texts` may be shown.
    """

    def __init__(self, secrets: Iterable[str], *, texts: bool = False) -> None:
        super().__init__()
        self._secrets = sorted((s for s in secrets if len(s) > 5), key=len, reverse=True)
        self._texts = texts

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            line["exception"] = (
                self.formatException(record.exc_info) if self._texts else list(_places(error))
            )
        return self._masked(json.dumps(line, ensure_ascii=False, default=str))

    def _masked(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return _TOKEN.sub("***", text).encode("utf-8", "replace").decode()


def _places(error: BaseException) -> Iterator[str]:
    """The types of an error and of its causes, and the lines they came through."""
    found: BaseException | None = error
    while found is not None:
        frames = traceback.extract_tb(found.__traceback__)
        way = " > ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames)
        yield f"{type(found).__name__} at {way}"
        found = found.__cause__ or found.__context__


def set_up_logging(level: str, secrets: Iterable[str], *, texts: bool = False) -> None:
    """Sends all logs to stderr; libraries that tell addresses or updates stay at WARNING."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(secrets, texts=texts))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram.ext.AIORateLimiter").setLevel(logging.CRITICAL)  # it logs waits
