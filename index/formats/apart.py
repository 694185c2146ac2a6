"""Reads complex files in a process of its own, with limits on its memory and time.

A file that crashes, blocks or floods its reader ends that process and nothing else. What comes
back is JSON, never pickled objects, so that a reader that was taken over cannot take over its
parent. The process is started when it is needed and ends by itself when it has been idle.
"""

from __future__ import annotations

import importlib
import json
import logging
import multiprocessing
import signal
import threading
import warnings
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from index.errors import SeedError

MOST_SECONDS = 120.0  # for one file
MOST_ADDRESS_SPACE = 1 << 30  # bytes
IDLE_SECONDS = 10.0


class MissingPackageError(ImportError):
    """A reader's package is not installed; `name` is the module that was looked for."""


class UnfinishedError(SeedError):
    """A reader ended before it was done: by the file's doing or, short of memory, by chance."""


def read_apart(module: str, raw: bytes) -> Any:
    """What `module.extract(raw)` returns, as JSON knows it (`Extract` as its `to_json`).

    Raises:
        SeedError: the file cannot be read; without its name.
        UnfinishedError: it took too much time or memory, or crashed its reader.
        MissingPackageError: a package that reads it is not installed.
    """
    reply = _worker.call(module, raw)
    if "error" in reply:
        raise SeedError(*reply["error"])
    if "exhausted" in reply:
        raise _too_much()
    if "missing" in reply:
        raise MissingPackageError(name=reply["missing"])
    return reply["result"]


class Worker:
    """A reading process, of which one is enough: calls wait for each other."""

    def __init__(self, most_seconds: float = MOST_SECONDS) -> None:
        self._most_seconds = most_seconds
        self._lock = threading.Lock()
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    def call(self, module: str, raw: bytes) -> dict[str, Any]:
        """What the process says of a file: a result, an error in words, or a missing package.

        Raises:
            UnfinishedError: it did not get to say anything.
        """
        with self._lock:
            for again in (True, False):
                pipe = self._ready()
                try:
                    pipe.send_bytes(module.encode())
                    pipe.send_bytes(raw)
                except OSError:  # it had just ended, being idle
                    self._end()
                    if again:
                        continue
                    raise
                break
            try:
                if not pipe.poll(self._most_seconds):
                    self._end()
                    raise _too_slow(self._most_seconds)
                reply: dict[str, Any] = json.loads(pipe.recv_bytes())
            except (EOFError, OSError, ValueError):
                self._end()
                raise _too_much() from None
            return reply

    def _ready(self) -> Connection:
        if self._pipe is None or self._process is None or not self._process.is_alive():
            self._end()
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()
        return self._pipe

    def _end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        self._pipe = self._process = None


_worker = Worker()


def _serve(pipe: Connection) -> None:
    """The reading process: one file after the other until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this
    logging.disable()
    warnings.simplefilter("ignore")
    _limit_memory()
    with suppress(EOFError, OSError):
        while pipe.poll(IDLE_SECONDS):
            module = pipe.recv_bytes().decode()
            pipe.send_bytes(json.dumps(_reply(module, pipe.recv_bytes())).encode())


def _limit_memory() -> None:
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESS_SPACE, MOST_ADDRESS_SPACE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _reply(module: str, raw: bytes) -> dict[str, Any]:
    try:
        result = importlib.import_module(module).extract(raw)
        return {"result": result.to_json() if hasattr(result, "to_json") else result}
    except SeedError as error:
        return {"error": (error.turkish, error.english)}
    except ImportError as error:  # also of a part that was split off, as lxml.html.clean was
        return {"missing": error.name or str(error)}
    except MemoryError:
        return {"exhausted": True}
    except RecursionError:
        return {
            "error": (
                "içindekiler çok derin iç içe; metnini .txt olarak kaydedin.",
                "its parts are nested too deeply; save its text as .txt.",
            )
        }
    except Exception as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        return {
            "error": (
                f"bozuk, okunamıyor ({reason}); dosyayı yeniden kaydedin ya da kopyalayın.",
                f"broken, it cannot be read ({reason}); save or copy the file again.",
            )
        }


def _too_slow(seconds: float) -> UnfinishedError:
    return UnfinishedError(
        f"okunması {seconds:.0f} saniyeyi aştı; bölün ya da metnini .txt olarak kaydedin.",
        f"reading it took more than {seconds:.0f} seconds; split it or save its text as .txt.",
    )


def _too_much() -> UnfinishedError:
    return UnfinishedError(
        "okunması çok bellek istiyor ya da okuyucuyu çökertiyor; bölün ya da metnini .txt olarak "
        "kaydedin.",
        "reading it takes too much memory or crashes the reader; split it or save its text as "
        ".txt.",
    )
