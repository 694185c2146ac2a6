"""Any sentence-transformers model, from a folder or from the local model cache."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.embedder import clean
from index.errors import EmbedderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCHES_AT_ONCE = 8
_SAMPLE = 1 << 16
_QUERY_PROMPTS = ("query",)
_PASSAGE_PROMPTS = ("passage", "document", "corpus")
_E5 = re.compile(r"(?<![a-z0-9])e5(?![a-z0-9])(?!.*instruct)")


class SentenceTransformerEmbedder:
    """A sentence-transformers model with the prompts it was trained with.

    Nothing is fetched unless `allow_download` is set, and code that comes with a model is never
    run. Safe to share between threads; one text list is computed at a time.

    Raises:
        EmbedderError: sentence-transformers is not installed, or the model is not on this machine
            or cannot be loaded.
    """

    def __init__(self, model: str, *, batch_size: int = 32, allow_download: bool = False) -> None:
        if find_spec("sentence_transformers") is None:
            raise _not_installed(model)
        folder = _folder_of(model)
        if folder is None and not allow_download:
            raise _not_here(model)
        self.name = model
        self._model = _load(model, folder, allow_download)
        self.revision = _revision(folder or _folder_of(model))
        self._query_prompt, self._passage_prompt = prompts_of(model, self._model.prompts)
        self._batch_size = batch_size
        self._lock = Lock()
        self.dimensions = self._encode([""], "").shape[1]

    def query(self, text: str) -> NDArray[np.float32]:
        """A question's vector: (dim,) float32 of length 1."""
        return self._encode([text], self._query_prompt)[0]

    def passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """The texts' vectors: (n, dim) float32, rows of length 1."""
        rows = np.empty((len(texts), self.dimensions), np.float32)
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        size = self._batch_size * _BATCHES_AT_ONCE
        for start in range(0, len(texts), size):
            some = order[start : start + size]
            rows[some] = self._encode([texts[row] for row in some], self._passage_prompt)
            if progress:
                progress(start + len(some), len(texts))
        return rows

    def _encode(self, texts: list[str], prompt: str) -> NDArray[np.float32]:
        with self._lock:  # its tokenizer changes its own settings while it works
            rows = self._model.encode(
                [clean(text) for text in texts],
                prompt=prompt,
                batch_size=self._batch_size,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        if not np.isfinite(rows).all():
            raise EmbedderError(
                f"{self.name} modeli sayı olmayan vektörler verdi: başka bir model seçin ya da "
                "EMBEDDING_MODEL=bundled yapın.",
                f"The model {self.name} gave vectors that are not numbers: choose another one or "
                "set EMBEDDING_MODEL=bundled.",
            )
        return np.asarray(rows, np.float32)


def prompts_of(name: str, own: Mapping[str, str | None]) -> tuple[str, str]:
    """What stands before a question and before a passage: the model's own prompts; where it has
    none, E5's for that family (Wang et al. 2022, arXiv:2212.03533), else nothing."""
    query = next(filter(None, map(own.get, _QUERY_PROMPTS)), "")
    passage = next(filter(None, map(own.get, _PASSAGE_PROMPTS)), "")
    if not query and not passage and _E5.search(Path(name).name.lower()):
        return "query: ", "passage: "
    return query, passage


def _folder_of(model: str) -> Path | None:
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


def _load(model: str, folder: Path | None, allow_download: bool) -> SentenceTransformer:
    if not allow_download:
        os.environ.setdefault(
            "HF_HUB_OFFLINE", "1"
        )  # else a cached model is looked up all the same
    if os.environ.get("OPENBLAS_NUM_THREADS") == "1":
        del os.environ["OPENBLAS_NUM_THREADS"]  # NumPy has read it; torch wants all on ARM
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(
            str(folder or model), local_files_only=not allow_download, trust_remote_code=False
        )
    except Exception as error:  # whatever a foreign folder makes its loaders raise
        raise EmbedderError(
            f"{model} modeli yüklenemedi ({type(error).__name__}): klasörün eksiksiz bir "
            "sentence-transformers modeli olduğuna bakın ya da EMBEDDING_MODEL=bundled yapın.",
            f"The model {model} cannot be loaded ({type(error).__name__}): see that its folder is "
            "a complete sentence-transformers model, or set EMBEDDING_MODEL=bundled.",
        ) from error


def _revision(folder: Path | None) -> str:
    """The commit of a snapshot in the local cache, else a digest of what lies in the folder."""
    if folder is None:
        return "unknown"
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


def _not_installed(model: str) -> EmbedderError:
    return EmbedderError(
        f"{model} modeli için sentence-transformers gerekir: `make chat` komutunu SLIM=1 olmadan "
        "çalıştırın ya da EMBEDDING_MODEL=bundled yapın.",
        f"The model {model} needs sentence-transformers: run `make chat` without SLIM=1, or set "
        "EMBEDDING_MODEL=bundled.",
    )


def _not_here(model: str) -> EmbedderError:
    return EmbedderError(
        f"{model} adlı model bu bilgisayarda yok: EMBEDDING_MODEL için modelin klasörünü yazın, "
        f"`hf download {model}` ile önceden indirin ya da EMBEDDING_MODEL=bundled yapın.",
        f"The model {model} is not on this machine: give its folder as EMBEDDING_MODEL, fetch it "
        f"first with `hf download {model}`, or set EMBEDDING_MODEL=bundled.",
    )
