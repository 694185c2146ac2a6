"""Texts by rule for benchmarks: Turkish-like words by Zipf's law, a seed of ten paragraphs each."""

from __future__ import annotations

import random
from pathlib import Path

_ONSETS = "b c ç d g h k l m n p r s ş t v y z".split()
_VOWELS = ("aıou", "eiöü")
_CODAS = ["", "", "", "n", "r", "l", "k", "t", "m", "ş"]
_SUFFIXES = ("", "", "", "lar", "da", "dan", "ın", "ı", "a", "la", "lık", "ki")
PARAGRAPHS = 10
WORDS = 60


def lexicon(size: int, chance: random.Random) -> list[str]:
    """Words of one to four syllables, each with vowels of one kind."""
    words: dict[str, None] = {}
    while len(words) < size:
        vowels = chance.choice(_VOWELS)
        syllables = (
            chance.choice(_ONSETS) + chance.choice(vowels) + chance.choice(_CODAS)
            for _ in range(chance.choice((1, 2, 2, 3, 3, 4)))
        )
        words["".join(syllables)] = None
    return list(words)


def paragraph(words: list[str], weights: list[float], chance: random.Random) -> str:
    """Four sentences of fifteen words."""
    sentences = []
    for _ in range(4):
        chosen = chance.choices(words, cum_weights=weights, k=WORDS // 4)
        said = [word + chance.choice(_SUFFIXES) for word in chosen]
        sentences.append(" ".join(said).capitalize() + ".")
    return " ".join(sentences)


def write_corpus(folder: Path, passages: int, seed: int = 0) -> None:
    """Writes `passages` paragraphs as seeds of ten, in folders of a hundred seeds."""
    chance = random.Random(seed)
    words = lexicon(min(60_000, 2_000 + passages), chance)
    weights, total = [], 0.0
    for rank in range(1, len(words) + 1):
        total += 1 / rank
        weights.append(total)
    for number in range(passages // PARAGRAPHS):
        path = folder / f"{number // 100:04}" / f"{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "\n\n".join(paragraph(words, weights, chance) for _ in range(PARAGRAPHS))
        path.write_text(f"date 2026-01-{1 + number % 28:02} Deneme- {text}\n", encoding="utf-8")
