"""The states that were published on a server, and opening the one in use."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from index.errors import DamagedIndexError, NoIndexError
from index.manifest import Manifest
from index.milvus.connection import Address, Row, Server, StateGoneError
from index.milvus.layout import ALIAS, Collections
from index.milvus.reader import LOOK_SECONDS, MilvusIndex
from index.milvus.state import State, rows_of, state_of
from index.store import check_text_rules


class MilvusStates:
    """The published states of one server, or of one database on it; safe for threads."""

    def __init__(self, address: Address, look_seconds: float = LOOK_SECONDS) -> None:
        self.server = Server(address)
        self._look_seconds = look_seconds

    def current_name(self) -> str:
        """The name of the state in use, "" where nothing was published.

        Raises:
            ServerError: the server cannot be asked.
        """
        rows = self._rows(["number", "version"])
        newest = max(rows, key=lambda row: row["number"], default=None)
        return f"{newest['number']} {newest['version']}" if newest else ""

    def state(self) -> State | None:
        """The state in use, None where nothing was published.

        Raises:
            MismatchError: another version of Danış published it.
        """
        rows = self._rows(["id", "number", "body"], consistency_level="Strong")
        newest = max((row["number"] for row in rows), default=0)
        parts = [row for row in rows if row["number"] == newest]
        return state_of(parts) if parts else None

    def build(self) -> str:
        """The build from nothing that is in use, "" where there is none."""
        try:
            name = self.server.call("describe_alias", ALIAS)["collection_name"]
        except StateGoneError:
            return ""
        return str(name).removeprefix(f"{ALIAS}_").removesuffix("_states")

    def open(self, *, thoroughly: bool = False) -> MilvusIndex:
        """Opens the state in use; `thoroughly` counts its passages.

        Raises:
            NoIndexError: nothing was published.
            MismatchError: another version of Danış published it.
            DamagedIndexError: `thoroughly`, and passages are missing.
            ServerError: the server cannot be asked.
        """
        state = self.state()
        if state is None:
            where = self.server.address.shown
            raise NoIndexError(
                f"{where} dizin sunucusunda henüz dizin yok: `danis index` çalıştırın.",
                f"There is no index on the server {where} yet: run `danis index`.",
            )
        check_text_rules(state.manifest)
        opened = self.read(state)
        if thoroughly and opened.counted() != state.manifest.passages:
            raise _damaged(self.server, state, opened.counted())
        return opened

    def read(self, state: State) -> MilvusIndex:
        """Opens a state, whatever version of Danış made it."""
        return MilvusIndex(self.server, state, self._look_seconds)

    def verify(self, manifest: Manifest) -> None:
        """
        Raises:
            DamagedIndexError: the state was replaced so long ago that its rows are gone.
        """
        versions = {row["version"] for row in self._rows(["version"])}
        if manifest.version not in versions:
            where = self.server.address.shown
            raise DamagedIndexError(
                f"{where} sunucusundaki {manifest.version} durumu artık yok.",
                f"The state {manifest.version} is no longer on the server {where}.",
            )

    def _rows(self, fields: Sequence[str], **options: Any) -> list[Row]:
        try:
            return self.server.rows(ALIAS, "id >= 0", fields, **options)
        except StateGoneError:
            return []

    def close(self) -> None:
        """Ends the connection."""
        self.server.close()


def write_state(server: Server, state: State) -> None:
    """Publishes a state in its build's collection: readers see all its rows, or none."""
    # One request carries one time, and nobody sees half of what has the same time.
    server.call("upsert", Collections(state.build).states, rows_of(state))


def oldest_read(server: Server, state: State, grace: float) -> int:
    """The number of the oldest state that may still be read, after `state` was published.

    Readers look every LOOK_SECONDS whether theirs is still there: for `grace` seconds after the
    next one was published, a state stays.
    """
    rows = server.rows(Collections(state.build).states, "id >= 0", ["number", "published"])
    published = {row["number"]: row["published"] for row in rows}
    since = time.time() - grace
    read = [n for n in published if published.get(n + 1, since) >= since]
    return min([*read, max(state.number - 1, 1)])


def forget_states(server: Server, state: State, oldest: int) -> None:
    """Removes the states before `oldest`."""
    server.call("delete", Collections(state.build).states, filter=f"number < {oldest}")


def _damaged(server: Server, state: State, counted: int) -> DamagedIndexError:
    wanted, where = state.manifest.passages, server.address.shown
    return DamagedIndexError(
        f"{where} sunucusunda {wanted} paragraf yerine {counted} var: `danis index --rebuild` "
        "çalıştırın.",
        f"The server {where} holds {counted} passages instead of {wanted}: run "
        "`danis index --rebuild`.",
    )
