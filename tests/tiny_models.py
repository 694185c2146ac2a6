"""Models of chance, small enough to be made by a test and real enough to be loaded."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

INSTALLED = importlib.util.find_spec("sentence_transformers") is not None
heavy = [
    pytest.mark.heavy,
    pytest.mark.skipif(not INSTALLED, reason="slim environment: no sentence-transformers"),
    # torch's and transformers' own affairs
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),
]

_LETTERS = "abcdefghijklmnopqrstuvwxyzçğıöşü"
_MARKS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def make_model(folder: Path, prompts: dict[str, str] | None = None, seed: int = 1) -> Path:
    """A BERT with two layers of chance, as sentence-transformers keeps it on disk."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertModel, BertTokenizerFast

    bare = folder.with_name(f"{folder.name}-bare")
    config = _started(bare, ("query", "passage", ":"), max_position_embeddings=64)
    torch.manual_seed(seed)
    BertModel(config).save_pretrained(bare)
    BertTokenizerFast(str(bare / "vocab.txt")).save_pretrained(bare)
    transformer = Transformer(str(bare), max_seq_length=64)
    model = SentenceTransformer(modules=[transformer, Pooling(16)], prompts=prompts or {})
    model.save(str(folder))
    return folder


def make_cross_encoder(folder: Path, labels: int = 1) -> Path:
    """A BERT with two layers of chance that gives a pair of texts `labels` numbers."""
    import torch
    from transformers import BertForSequenceClassification, BertTokenizerFast

    config = _started(folder, (), max_position_embeddings=128, num_labels=labels)
    torch.manual_seed(3)
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=128).save_pretrained(folder)
    return folder


def _started(folder: Path, words: tuple[str, ...], **more: Any) -> Any:
    """A folder with a vocabulary of letters and these words, and the configuration to go with."""
    from transformers import BertConfig

    vocabulary = [*_MARKS, *words, *_LETTERS, *(f"##{letter}" for letter in _LETTERS)]
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    return BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        **more,
    )
