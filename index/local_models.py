"""Models that lie on this machine, in a folder or in the local model cache; nothing is fetched."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from index.errors import EmbedderError

_SAMPLE = 1 << 16
_INSTEAD = {
    "EMBEDDING_MODEL": ("EMBEDDING_MODEL=bundled yapın", "set EMBEDDING_MODEL=bundled"),
    "RERANKER_MODEL": ("RERANKER_MODEL ayarını boşaltın", "leave RERANKER_MODEL empty"),
}


def local_model(model: str, setting: str) -> Path:
    """The folder of the model that a setting names.

    Raises:
        EmbedderError: sentence-transformers is not installed, or the model is not here.
    """
    turkish, english = _INSTEAD[setting]
    if find_spec("sentence_transformers") is None:
        raise EmbedderError(
            f"{model} modeli için sentence-transformers gerekir: `make chat` komutunu SLIM=1 "
            f"olmadan çalıştırın ya da {turkish}.",
            f"The model {model} needs sentence-transformers: run `make chat` without SLIM=1, or "
            f"{english}.",
        )
    folder = folder_of(model)
    if folder is None:
        raise EmbedderError(
            f"{model} adlı model bu bilgisayarda yok: {setting} için modelin klasörünü yazın, "
            f"`danis models fetch {model}` ile önceden indirin ya da {turkish}.",
            f"The model {model} is not on this machine: give its folder as {setting}, fetch it "
            f"first with `danis models fetch {model}`, or {english}.",
        )
    # Else a cached model is looked up on the network all the same.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    if os.environ.get("OPENBLAS_NUM_THREADS") == "1":
        del os.environ["OPENBLAS_NUM_THREADS"]  # NumPy has read it; torch wants all on ARM
    return folder


def not_loadable(model: str, setting: str, error: Exception) -> EmbedderError:
    """What to raise where a model's folder makes its loader fail."""
    turkish, english = _INSTEAD[setting]
    return EmbedderError(
        f"{model} modeli yüklenemedi ({type(error).__name__}): klasörün eksiksiz bir "
        f"sentence-transformers modeli olduğuna bakın ya da {turkish}.",
        f"The model {model} cannot be loaded ({type(error).__name__}): see that its folder is a "
        f"complete sentence-transformers model, or {english}.",
    )


def without_progress_bars() -> None:
    """Keeps transformers from drawing on stderr while it loads weights."""
    from transformers.utils import logging

    logging.disable_progress_bar()


def folder_of(model: str) -> Path | None:
    """The model's folder: `model` itself or its newest snapshot in the local cache."""
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    for name in (model, f"sentence-transformers/{model}"):
        try:
            config = try_to_load_from_cache(name, "config.json")
        except HFValidationError:
            continue
        if isinstance(config, str):
            return Path(config).parent
    return None


def revision_of(folder: Path) -> str:
    """The commit of a snapshot in the local cache, else a digest of what lies in the folder."""
    if folder.parent.name == "snapshots":
        return folder.name
    digest = hashlib.sha256()
    for file in _model_files(folder):
        digest.update(f"{file.relative_to(folder).as_posix()}\0{file.stat().st_size}\0".encode())
        with file.open("rb") as opened:
            digest.update(opened.read(_SAMPLE))
            opened.seek(max(0, file.stat().st_size - _SAMPLE))
            digest.update(opened.read(_SAMPLE))
    return digest.hexdigest()[:16]


def _model_files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if file.is_file() and not hidden and file.suffix != ".md":
            yield file
