"""The connection to a Milvus server: retries, a version that is new enough, errors in words."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from index.errors import ServerError, SettingsError, reasons
from index.formats.missing import python

if TYPE_CHECKING:
    from pymilvus import MilvusClient

OLDEST = (2, 6, 2)  # the first that updates one field of a row
SECONDS = 10.0  # for one call
PAUSES = (0.1, 0.3, 0.9)  # before a failed call is made again
ROWS_AT_ONCE = 500
KEYS_AT_ONCE = 1_000

_LITE = "milvus_lite-"  # a server for one machine, with version numbers of its own
_GONE = (100, 1600)  # no such collection, no such alias
_DENIED = (1400, 1401, 1800, "UNAUTHENTICATED", "PERMISSION_DENIED")
_AWAY = (2, "UNAVAILABLE", "DEADLINE_EXCEEDED")
_UNLOADED = 101
# Away, not ready yet, too many requests, not loaded: worth another attempt.
_PASSING = (*_AWAY, 1, 8, "RESOURCE_EXHAUSTED", _UNLOADED)

Row = dict[str, Any]
Result = TypeVar("Result")


class StateGoneError(Exception):
    """What a reader had open was replaced and removed meanwhile."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is and how it is spoken to; `tls_ca` is a PEM file, "" for the system's."""

    uri: str
    token: str = ""
    tls_ca: str = ""

    def __post_init__(self) -> None:
        parts = urlsplit(self.uri)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(
                f"{self.uri} bir dizin sunucusu adresi değil: http://sunucu:19530 gibi yazın.",
                f"{self.uri} is no address of an index server: write it as http://host:19530.",
            )
        try:
            if self.tls_ca:
                Path(self.tls_ca).read_bytes()
        except OSError as error:
            turkish, english = reasons(error)
            raise SettingsError(
                f"INDEX_TLS_CA ayarındaki {self.tls_ca} okunamıyor ({turkish}): sunucunun "
                "sertifikasını (PEM) verin ya da boş bırakın.",
                f"{self.tls_ca} in INDEX_TLS_CA cannot be read ({english}): give the server's "
                "certificate (PEM), or leave it empty.",
            ) from error

    @property
    def shown(self) -> str:
        """The address for people, without a password."""
        parts = urlsplit(self.uri)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"


class Server:
    """A Milvus server, connected at the first call; safe for threads.

    Every call is made again a few times where the server is away for a moment.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self._client: MilvusClient | None = None

    def _connected(self) -> MilvusClient:
        if self._client is not None:
            return self._client
        try:
            from pymilvus import MilvusClient
        except ImportError as error:
            command = f"{python()} -m pip install -c constraints.txt pymilvus"
            raise SettingsError(
                f"INDEX_URI için pymilvus gerekli: `{command}` çalıştırın.",
                f"INDEX_URI needs pymilvus: run `{command}`.",
            ) from error
        # It writes every failed attempt with a traceback; what matters is said by our errors.
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        options: dict[str, Any] = {
            # Servers and proxies end connections that ping while nothing is asked.
            "grpc_options": {"grpc.keepalive_permit_without_calls": False}
        }
        if self.address.tls_ca:
            options["server_pem_path"] = self.address.tls_ca
        client = MilvusClient(
            uri=self.address.uri, token=self.address.token, timeout=SECONDS, **options
        )
        _check_version(str(client.get_server_version(timeout=SECONDS)), self.address)
        self._client = client
        return client

    def version(self) -> str:
        """The server's own version."""
        return str(self.call("get_server_version"))

    def call(self, name: str, *arguments: Any, **options: Any) -> Any:
        """Calls a method of pymilvus' client.

        Raises:
            ServerError: the server is away, too old, or turned the call down.
            StateGoneError: the collection is not there (any more).
        """
        return self._attempted(
            lambda client: getattr(client, name)(*arguments, timeout=SECONDS, **options),
            str(arguments[0]) if arguments else "",
        )

    def _attempted(self, work: Callable[[MilvusClient], Result], collection: str) -> Result:
        for pause in (*PAUSES, None):
            try:
                return work(self._connected())
            except Exception as error:
                code, reason = _reason(error)
                if code is None:
                    raise
                if code in _GONE:
                    raise StateGoneError(reason) from error
                if code in _DENIED:
                    raise self._denied(reason) from error
                if code not in _PASSING or (pause is None and code not in _AWAY):
                    raise self._refused(reason) from error
                if pause is None:
                    raise self._away(reason) from error
                if code == _UNLOADED:
                    self._load(collection)
            time.sleep(pause)
        raise AssertionError  # the last pause is None

    def _load(self, collection: str) -> None:
        # A server that was started again may have to be told what to serve.
        with suppress(Exception):
            self._connected().load_collection(collection, timeout=SECONDS)

    def _away(self, reason: str) -> ServerError:
        return ServerError(
            f"{self.address.shown} dizin sunucusuna ulaşılamıyor ({reason}): çalıştığını ve "
            "INDEX_URI ayarını denetleyin.",
            f"The index server {self.address.shown} cannot be reached ({reason}): check that it "
            "runs, and INDEX_URI.",
        )

    def _denied(self, reason: str) -> ServerError:
        return ServerError(
            f"{self.address.shown} dizin sunucusu kimliği kabul etmedi ({reason}): INDEX_TOKEN "
            "ayarını denetleyin.",
            f"The index server {self.address.shown} did not accept us ({reason}): check "
            "INDEX_TOKEN.",
        )

    def _refused(self, reason: str) -> ServerError:
        return ServerError(
            f"{self.address.shown} dizin sunucusu isteği geri çevirdi ({reason}): `danis doctor` "
            "çalıştırın.",
            f"The index server {self.address.shown} turned a request down ({reason}): run "
            "`danis doctor`.",
        )

    # -- rows --------------------------------------------------------------------------------

    def rows(self, collection: str, where: str, fields: Sequence[str], **options: Any) -> list[Row]:
        """The rows that an expression wants; for few rows."""
        found = self.call("query", collection, filter=where, output_fields=list(fields), **options)
        return [dict(row) for row in found]

    def rows_among(
        self, collection: str, field: str, values: Sequence[Any], fields: Sequence[str],
        where: str = "", **options: Any,
    ) -> Iterator[Row]:  # fmt: skip
        """The rows whose `field` is one of the values; `where` narrows them down."""
        for at in range(0, len(values), KEYS_AT_ONCE):
            among = f"{field} in {literal(values[at : at + KEYS_AT_ONCE])}"
            whole = f"{among} and {where}" if where else among
            yield from self.rows(collection, whole, fields, **options)

    def every_row(
        self, collection: str, where: str, fields: Sequence[str], **options: Any
    ) -> Iterator[Row]:
        """All rows that an expression wants, by rising `id`, fetched in batches."""
        last = -1
        while True:
            after = f"{where} and id > {last}"
            batch = self._attempted(partial(_page, collection, after, fields, options), collection)
            yield from batch
            if len(batch) < ROWS_AT_ONCE:
                return
            last = batch[-1]["id"]

    def insert(self, collection: str, rows: Sequence[Row]) -> None:
        """Adds rows, a batch at a time; a batch sent twice is one batch."""
        for at in range(0, len(rows), ROWS_AT_ONCE):
            # An insert that was made again after a lost reply would store its rows twice.
            self.call("upsert", collection, list(rows[at : at + ROWS_AT_ONCE]))

    def update(self, collection: str, rows: Sequence[Row]) -> None:
        """Sets the given fields of the rows with these ids, and leaves the others."""
        for at in range(0, len(rows), ROWS_AT_ONCE):
            self.call("upsert", collection, list(rows[at : at + ROWS_AT_ONCE]), partial_update=True)

    def close(self) -> None:
        """Ends the connection."""
        if self._client is not None:
            self._client.close()
            self._client = None


def _page(
    collection: str,
    where: str,
    fields: Sequence[str],
    options: dict[str, Any],
    client: MilvusClient,
) -> list[Row]:
    # The iterator promises the lowest keys first; a limited query alone does not.
    turning = client.query_iterator(
        collection,
        batch_size=ROWS_AT_ONCE,
        limit=ROWS_AT_ONCE,
        filter=where,
        output_fields=["id", *fields],
        timeout=SECONDS,
        **options,
    )
    try:
        return [dict(row) for row in turning.next()]
    finally:
        turning.close()


def literal(values: Sequence[Any]) -> str:
    """Numbers or words as a list in a Milvus expression."""
    return "[" + ", ".join(_quoted(value) for value in values) + "]"


def _quoted(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


def _reason(error: Exception) -> tuple[Any, str]:
    """The error's code, None where it is none of the server's or the network's, and its reason."""
    code = getattr(error, "code", None)
    if callable(code):  # gRPC's own errors
        code = code()
    code = getattr(code, "name", code)
    message = str(getattr(error, "message", "") or error)
    return code, (message.splitlines() or [type(error).__name__])[0][:200]


def _check_version(version: str, address: Address) -> None:
    """
    Raises:
        ServerError: the server is older than what the index needs.
    """
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", version.removeprefix(_LITE))
    if found is None:
        return  # built from source: nothing tells its age
    oldest = (3, 2, 0) if version.startswith(_LITE) else OLDEST
    if tuple(map(int, found.groups())) < oldest:
        wanted = ".".join(map(str, oldest))
        raise ServerError(
            f"{address.shown} dizin sunucusunun sürümü {version}, en az {wanted} gerekir: "
            "sunucuyu yükseltin.",
            f"The index server {address.shown} has version {version}, at least {wanted} is "
            "needed: upgrade the server.",
        )
