"""Everyday questions about anything and nothing, in many languages: what questions have in common.

Written without looking at any test set; the same forty in each language. See `index.centring`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("general_questions.json")


@cache
def general_questions() -> Mapping[str, Sequence[str]]:
    """The questions of each language."""
    found: dict[str, list[str]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found
