"""Reads what was fetched in a process of its own, its errors told with the address."""

from __future__ import annotations

from typing import Any

from index.errors import SeedError, WebError
from index.formats.apart import MissingPackageError, read_apart
from index.formats.missing import needed

PACKAGES = ("trafilatura", "lxml_html_clean", "feedparser", "protego")


def read_fetched(url: str, module: str, raw: bytes) -> Any:
    """What `module.extract(raw)` returns, as JSON knows it.

    Raises:
        WebError: it cannot be read, or a package that reads it is not installed.
    """
    try:
        return read_apart(module, raw)
    except MissingPackageError:
        raise missing_packages() from None
    except SeedError as error:
        raise unreadable(url, error) from None


def missing_packages() -> WebError:
    """The error where the extra for the web is not installed."""
    return WebError(*needed("web", PACKAGES))


def unreadable(url: str, error: SeedError) -> WebError:
    """A reader's error about what an address gave."""
    return WebError(f"{url}: {error.turkish}", f"{url}: {error.english}")
