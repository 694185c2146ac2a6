"""Turkish stems by rule."""

from __future__ import annotations

__all__ = ["stem"]


def stem(word: str) -> str:
    return word
