"""`danis index --copy-to` and `--copy-from`: an index moves, nothing is embedded again."""

from __future__ import annotations

from pathlib import Path

from bot import live
from bot.settings import Settings
from index.copying import copy_to_folder
from index.errors import SettingsError
from index.milvus.publish import PublishReport, publish
from index.store import Store


def copy_index(settings: Settings, source: str, target: str) -> PublishReport:
    """Copies an index between folders and servers without embedding anything.

    Where `source` or `target` is "", it is the index that the settings name.

    Raises:
        SettingsError: both are the same.
        StoreError: one cannot be read, the other cannot be written.
    """
    sources, targets = _place(settings, source), _place(settings, target)
    if sources == targets:
        raise SettingsError(
            f"{sources}: dizin kendi üstüne kopyalanamaz; başka bir yer verin.",
            f"{sources}: an index cannot be copied onto itself; name another place.",
        )
    states = live.server_at(settings, sources) if isinstance(sources, str) else Store(sources)
    opened = states.open()
    try:
        if isinstance(targets, Path):
            version = copy_to_folder(opened, Store(targets))
            return PublishReport(version, opened.manifest.passages, 0)
        server = live.server_at(settings, targets)
        return publish(opened, server, engine=live.engine_options(settings))
    finally:
        opened.close()


def _place(settings: Settings, where: str) -> Path | str:
    """A folder, or the address of a server."""
    where = where or settings.index_uri
    return where if "://" in where else Path(where or settings.index_dir).absolute()
