"""Clickable links on terminals that know OSC 8: https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from bot.settings import TerminalLinks

_PROGRAMS = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby")
_TERMS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour", "rio")
_MARKS = ("KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "DOMTERM")
_VTE_SINCE = 5000  # GNOME Terminal, Tilix and others: links since VTE 0.50


def wants_links(setting: TerminalLinks, terminal: bool, environment: Mapping[str, str]) -> bool:
    """Whether links are written: never into a pipe or a dumb terminal; if unsure, as set."""
    if not terminal or environment.get("TERM") == "dumb" or setting is TerminalLinks.NEVER:
        return False
    return setting is TerminalLinks.ALWAYS or knows_links(environment)


def knows_links(environment: Mapping[str, str]) -> bool:
    """Whether the terminal is one that is known to understand links, by its variables."""
    version = environment.get("VTE_VERSION", "")
    return (
        environment.get("TERM_PROGRAM") in _PROGRAMS
        or environment.get("TERM", "").startswith(_TERMS)
        or any(name in environment for name in _MARKS)
        or (version.isdecimal() and int(version) >= _VTE_SINCE)
    )


def file_address(path: str, seeds: str) -> str:
    """The address of a seed's file on this machine."""
    # The host lets a terminal see that a file lies at the other end of an SSH connection.
    address = Path(seeds, path).absolute().as_uri()
    return address.replace("file://", f"file://{quote(socket.gethostname())}", 1)


def web_address(url: str) -> str:
    """An address as a page gave it, without what could end the link; "" for other schemes."""
    return quote(url, safe="/:?#[]@!$&'()*+,;=%~") if _is_web(url) else ""


def _is_web(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False
