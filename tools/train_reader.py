"""Trains some layers of the bundled model further, to read a question and a passage as one text,
and writes them to index/pair_reader.npz.

    python tools/train_reader.py [--epochs 2] [--keep FOLDER]      # 80 minutes on two cores, 12 GB

Learns from questions/everyday alone, nine of ten of its documents; the others tell how well. Of
each question: its paragraph, and which sentence answers; of every second, the paragraph without
that sentence; the nearest other paragraph, by turns of its document and, where the question says
what it is about, of another one; and the near misses of the paragraph. Of each paragraph the
sentences nearest to the question are read, as they are when answering. The layers below stay as
they are, eight bits as they serve, so the states that go in are computed once. `--keep` keeps the
trained weights in full, now and then and at the end.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from index.bundled import ModelFile, model_file, unpack
from index.centring import Centring, question_means
from index.judge import READ_SENTENCES
from index.languages import guess_language
from index.onnx_e5 import PARTS, SMOOTHING, OnnxE5, matrices_of, quantised, weights_of
from index.pair_reader import HEADS, TRAINED, Pair
from index.prepared import Arrays
from index.sentences import sentence_spans

LAYERS = PARTS["middle"]
EVERYDAY = Path(__file__).resolve().parent.parent / "questions" / "everyday"
# In these every question says what it is about; elsewhere only the first of a paragraph does.
SELF_CONTAINED = re.compile(r"-[2-9]$|^counters|^five")
HELD_OUT = 10  # every tenth document of a file

BATCH, SEED = 24, 0
EPOCHS, RATE, HEADS_FASTER = 2, 2.5e-4, 5
WARM_UP, LOWEST = 100, 0.02  # steps; share of the rate at the end
DROPOUT, DECAY, LARGEST_STEP = 0.1, 0.01, 1.0
SENTENCE_SHARE = 0.5  # of the loss, beside whether the passage answers


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a paragraph by its number; `answer` is where it stands there, -1 nowhere."""

    text: str
    paragraph: int
    order: int
    answer: int
    anywhere: bool  # whether it can be asked of the whole collection


@dataclass(frozen=True, slots=True)
class Example:
    """A pair: which sentences of the paragraph are read, whether it answers, in which of these
    (-1: unknown or none), and what it is."""

    text: str
    paragraph: int
    read: list[int]
    answers: bool
    sentence: int
    kind: str


class Paragraphs:
    """The paragraphs of documents that are learnt from, or of those held out, with questions."""

    def __init__(self, *, held_out: bool) -> None:
        self.titles: list[str] = []
        self.texts: list[str] = []
        documents: list[int] = []
        self.questions: list[Question] = []
        for number, (file, document) in enumerate(_documents(held_out)):
            whole = bool(SELF_CONTAINED.search(file.stem))
            for paragraph in document["paragraphs"]:
                for order, asked in enumerate(paragraph["qas"]):
                    answers = [answer["answer_start"] for answer in asked["answers"]]
                    place = answers[0] if answers else -1
                    anywhere = bool(answers) and (whole or order == 0)
                    question = Question(asked["question"], len(self.texts), order, place, anywhere)
                    self.questions.append(question)
                self.titles.append(document["title"])
                self.texts.append(paragraph["context"])
                documents.append(number)
        self.documents = np.array(documents)
        self.spans = [sentence_spans(text) for text in self.texts]
        self.starts = np.cumsum([0, *(len(spans) for spans in self.spans)])

    def sentences(self, paragraph: int) -> list[str]:
        """The sentences of a paragraph."""
        text = self.texts[paragraph]
        return [text[span.start : span.end] for span in self.spans[paragraph]]

    def sentence_of(self, question: Question) -> int:
        """The sentence in which the answer begins, -1 for none."""
        spans = enumerate(self.spans[question.paragraph])
        held = (place for place, span in spans if span.start <= question.answer < span.end)
        return next(held, -1)


def _documents(held_out: bool) -> Iterator[tuple[Path, dict]]:
    for file in sorted(EVERYDAY.glob("*.json")):
        documents = json.loads(file.read_text(encoding="utf-8"))["data"]
        for number, document in enumerate(documents):
            if (number % HELD_OUT == HELD_OUT - 1) == held_out:
                yield file, document


def examples_of(paragraphs: Paragraphs, engine: OnnxE5) -> list[Example]:
    """The pairs to learn from, or to be measured by."""
    asked = zip(paragraphs.questions, *_nearness(paragraphs, engine), strict=True)
    return [example for each in asked for example in _of_one(paragraphs, *each)]


def _of_one(
    paragraphs: Paragraphs,
    question: Question,
    near: NDArray[np.float32],
    near_sentences: NDArray[np.float32],
) -> Iterator[Example]:
    """The pairs of a question; `near` and `near_sentences` as `_nearness` has them."""
    text, own, order = question.text, question.paragraph, question.order
    split = np.split(near_sentences, paragraphs.starts[1:-1])
    if question.answer < 0:
        yield Example(text, own, _read(split[own]), False, -1, "near miss")
        return
    sentence = paragraphs.sentence_of(question)
    read = _read(split[own], always=sentence)
    place = read.index(sentence) if sentence >= 0 else -1
    yield Example(text, own, read, True, place, f"answer {order}")
    if order % 2 and sentence >= 0 and len(split[own]) > READ_SENTENCES:
        yield Example(text, own, _read(split[own], never=sentence), False, -1, f"without {order}")
    same = paragraphs.documents == paragraphs.documents[own]
    if question.anywhere and (own + order) % 2:
        kind, of_these = "other", ~same
    else:
        kind, of_these = "sibling", same & (np.arange(len(same)) != own)
    nearest = int(np.where(of_these, near, -np.inf).argmax())
    yield Example(text, nearest, _read(split[nearest]), False, -1, f"{kind} {order}")


def _read(nearness: NDArray[np.float32], *, always: int = -1, never: int = -1) -> list[int]:
    """Which sentences of a paragraph are read, in their order: the nearest to the question."""
    places = [int(place) for place in np.argsort(-nearness, kind="stable") if place != never]
    best = places[:READ_SENTENCES]
    if always >= 0 and always not in best:
        best[-1] = always
    return sorted(best)


def _nearness(
    paragraphs: Paragraphs, engine: OnnxE5
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(questions, paragraphs) as the ranking has it, words left out, and (questions, sentences)."""
    wholes = zip(paragraphs.titles, paragraphs.texts, strict=True)
    vectors = engine.passages([f"{title}. {text}" for title, text in wholes])
    texts = [s for number in range(len(paragraphs.texts)) for s in paragraphs.sentences(number)]
    sentences = engine.passages(texts)
    centre = (vectors.mean(axis=0) + sentences.mean(axis=0)) / 2
    centring = Centring(question_means(engine), centre)
    asked = [question.text for question in paragraphs.questions]
    rows = zip(engine.unprefixed(asked), asked, strict=True)
    queries = np.stack([centring(row, guess_language(text)) for row, text in rows])
    near_sentences = queries @ sentences.T
    best = np.maximum.reduceat(near_sentences, paragraphs.starts[:-1], axis=1)
    return (queries @ vectors.T + best) / 2, near_sentences


class Examples:
    """Examples with the states that go into the trained layers."""

    def __init__(self, paragraphs: Paragraphs, engine: OnnxE5) -> None:
        self.examples = examples_of(paragraphs, engine)

        def read(example: Example) -> tuple[Pair, NDArray[np.float16]]:
            number = example.paragraph
            sentences = paragraphs.sentences(number)
            read = [sentences[place] for place in example.read]
            pair = engine.pair(example.text, paragraphs.titles[number], read)
            return pair, engine.pair_states(pair).astype(np.float16)

        with ThreadPoolExecutor() as pool:
            found = list(pool.map(read, self.examples))
        self.pairs = [pair for pair, _ in found]
        self.states = [states for _, states in found]
        self.lengths = np.array([len(states) for states in self.states])
        self.kinds = np.array([example.kind for example in self.examples])

    def __len__(self) -> int:
        return len(self.examples)

    def batch(self, places: Sequence[int]) -> tuple[Tensor, Tensor, Tensor]:
        """States (n, pieces, width), lengths (n,) and kinds (n, pieces) of some examples."""
        longest = int(self.lengths[places].max())
        states = torch.zeros(len(places), longest, self.states[0].shape[1])
        kinds = torch.zeros(len(places), longest, dtype=torch.long)
        for row, place in enumerate(places):
            length = self.lengths[place]
            states[row, :length] = torch.from_numpy(self.states[place].astype(np.float32))
            kinds[row, :length] = torch.from_numpy(self.pairs[place].kinds)
        return states, torch.from_numpy(self.lengths[places]), kinds


class Layer(nn.Module):
    """One of the bundled model's layers, to be trained further."""

    def __init__(self, model: ModelFile, number: int) -> None:
        super().__init__()
        self.heads, width, inner = model.heads, model.width, model.inner
        self.qkv = nn.Linear(width, 3 * width)
        self.ao = nn.Linear(width, width)
        self.aln = nn.LayerNorm(width, eps=model.epsilon)
        self.fi = nn.Linear(width, inner)
        self.fo = nn.Linear(inner, width)
        self.oln = nn.LayerNorm(width, eps=model.epsilon)
        name = f"l{number}."
        given = {
            "qkv.weight": np.concatenate([unpack(model.blocks(f"{name}{p}.w")) for p in "qkv"]),
            "qkv.bias": np.concatenate([model.floats(f"{name}{p}.b") for p in "qkv"]),
        }
        given |= {f"{p}.weight": unpack(model.blocks(f"{name}{p}.w")) for p in ("ao", "fi", "fo")}
        given |= {f"{p}.weight": model.floats(f"{name}{p}.w") for p in ("aln", "oln")}
        given |= {
            f"{p}.bias": model.floats(f"{name}{p}.b") for p in ("ao", "fi", "fo", "aln", "oln")
        }
        self.load_state_dict({key: torch.tensor(array) for key, array in given.items()})

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        rows, pieces, width = x.shape
        dropout = DROPOUT if self.training else 0.0
        parts = self.qkv(x).view(rows, pieces, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        attended = functional.scaled_dot_product_attention(
            *parts, attn_mask=mask, dropout_p=dropout
        )
        attended = attended.transpose(1, 2).reshape(rows, pieces, width)
        x = self.aln(x + functional.dropout(self.ao(attended), dropout))
        grown = self.fo(functional.gelu(self.fi(x)))
        return self.oln(x + functional.dropout(grown, dropout))


class Network(nn.Module):
    """What `index.pair_reader` computes, in full precision."""

    def __init__(self, model: ModelFile) -> None:
        super().__init__()
        width = model.width
        self.layers = nn.ModuleList([Layer(model, number) for number in LAYERS])
        self.kind = nn.Embedding(2, width)
        nn.init.zeros_(self.kind.weight)
        self.dense, self.out, self.span = (
            nn.Linear(width, width),
            nn.Linear(width, 1),
            nn.Linear(width, 1),
        )

    def forward(self, states: Tensor, lengths: Tensor, kinds: Tensor) -> tuple[Tensor, Tensor]:
        """(n,) whether the passages answer, and (n, pieces) where, all logits."""
        valid = torch.arange(states.shape[1])[None] < lengths[:, None]
        x = states + self.kind(kinds)
        for layer in self.layers:
            x = layer(x, valid[:, None, None])
        first = functional.dropout(x[:, 0], DROPOUT, self.training)
        return self.out(torch.tanh(self.dense(first)))[:, 0].float(), self.span(x)[..., 0].float()


def _sentences(spans: Tensor, pair: Pair) -> Tensor:
    """(sentences read,) the logits of a pair's sentences, from those of its pieces."""
    bounds = zip(pair.starts[1:-1], pair.starts[2:], strict=True)
    return torch.stack(
        [
            spans[start:stop].max() if stop > start else spans.new_tensor(-1e4)
            for start, stop in bounds
        ]
    )


def train(
    network: Network, examples: Examples, held_out: Examples, epochs: int, keep: Path | None
) -> None:
    """Trains the network in place; prints how well it does on what is held out."""
    chance = np.random.default_rng(SEED)
    named = list(network.named_parameters())
    layers = [p for name, p in named if name.startswith("layers")]
    heads = [p for name, p in named if not name.startswith("layers")]
    groups = [{"params": layers}, {"params": heads}]
    optimiser = torch.optim.AdamW(groups, lr=RATE, weight_decay=DECAY)
    batches = [batch for _ in range(epochs) for batch in _batches(examples, chance)]
    started, losses = time.monotonic(), []
    for step, places in enumerate(batches):
        rate = RATE * min(1, (step + 1) / WARM_UP) * max(LOWEST, 1 - step / len(batches))
        for group, faster in zip(optimiser.param_groups, (1, HEADS_FASTER), strict=True):
            group["lr"] = rate * faster
        loss = _loss(network.train(), examples, places)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), LARGEST_STEP)
        optimiser.step()
        losses.append(loss.item())
        if (step + 1) % 300 == 0 or step + 1 == len(batches):
            seconds, mean = time.monotonic() - started, np.mean(losses[-300:])
            print(f"{step + 1} of {len(batches)} steps, {seconds:.0f} s, {mean:.3f}", flush=True)
        if (step + 1) % 1200 == 0 or step + 1 == len(batches):
            print(measured(network, held_out), flush=True)
            if keep:
                torch.save(network.state_dict(), keep / "pair_reader.pt")


def _batches(examples: Examples, chance: np.random.Generator) -> list[NDArray[np.intp]]:
    """One epoch: pairs of about the same length together."""
    order = chance.permutation(len(examples))
    lots = np.array_split(order, max(1, len(order) // (40 * BATCH)))
    order = np.concatenate([lot[np.argsort(examples.lengths[lot], kind="stable")] for lot in lots])
    batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    chance.shuffle(batches)
    return batches


def _loss(network: Network, examples: Examples, places: NDArray[np.intp]) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        answers, spans = network(*examples.batch(places))
    chosen = [examples.examples[place] for place in places]
    right = torch.tensor([float(example.answers) for example in chosen])
    loss = functional.binary_cross_entropy_with_logits(answers, right)
    for row, (place, example) in enumerate(zip(places, chosen, strict=True)):
        pair = examples.pairs[place]
        if 0 <= example.sentence < len(pair.starts) - 2:
            logits = _sentences(spans[row], pair)[None]
            one = functional.cross_entropy(logits, torch.tensor([example.sentence]))
            loss = loss + SENTENCE_SHARE * one / len(places)
    return loss


def measured(network: Network, examples: Examples) -> str:
    """Of the questions in each order: AUROC against near misses, siblings and others, and how often
    the best sentence is the one."""
    network.eval()
    answers, right = np.zeros(len(examples)), np.zeros(len(examples), bool)
    order = np.argsort(examples.lengths)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            logits, spans = network(*examples.batch(places))
            answers[places] = logits.numpy()
            for row, place in enumerate(places):
                best = int(_sentences(spans[row], examples.pairs[place]).argmax())
                right[place] = best == examples.examples[place].sentence
    told = []
    for number in range(4):
        own = examples.kinds == f"answer {number}"
        against = {
            "near miss": "near miss",
            "without": f"without {number}",
            "sibling": f"sibling {number}",
            "other": f"other {number}",
        }
        areas = [
            f"{name} {auroc(answers[own], answers[examples.kinds == kind]):.3f}"
            for name, kind in against.items()
            if kind in examples.kinds
        ]
        told.append(f"question {number}: {', '.join(areas)}, sentence {right[own].mean():.3f}")
    return "\n".join(told)


def auroc(above: NDArray[np.float64], below: NDArray[np.float64]) -> float:
    """How often one of the first lies above one of the second."""
    return float((above[:, None] > below).mean() + 0.5 * (above[:, None] == below).mean())


def served(network: Network, model: ModelFile) -> Arrays:
    """The arrays of the trained layers as `index.pair_reader` takes them."""
    smoothing = np.load(SMOOTHING)
    arrays = weights_of(model, smoothing, matrices_of(model, smoothing), LAYERS)
    trained = {key: tensor.numpy() for key, tensor in network.state_dict().items()}
    for place, number in enumerate(LAYERS):
        own, name = f"layers.{place}.", f"l{number}."
        attention, forward = np.exp2(smoothing[number].astype(np.float32))
        queries = np.split(trained[f"{own}qkv.weight"].copy(), 3)
        for part, whole in zip("qkv", queries, strict=True):
            arrays |= quantised(f"{name}{part}", whole, attention)
        arrays |= quantised(f"{name}fi", trained[f"{own}fi.weight"].copy(), forward)
        for part in ("ao", "fo"):
            arrays |= quantised(f"{name}{part}", trained[f"{own}{part}.weight"].copy(), 1)
        for part in ("qkv", "ao", "fi", "fo", "aln", "oln"):
            arrays[f"{name}{part}.b"] = trained[f"{own}{part}.bias"]
        for part in ("aln", "oln"):
            arrays[f"{name}{part}.w"] = trained[f"{own}{part}.weight"]
    shorter = {"w": "weight", "b": "bias"}
    for head in HEADS:
        name, _, part = head.partition(".")
        arrays[head] = trained[f"{name}.{shorter[part or 'w']}"].astype(np.float16)
    return arrays | {"revision": np.array(model.fingerprint())}


def main() -> None:
    """Trains, and writes what was learnt."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--epochs", type=int, default=EPOCHS)
    options.add_argument("--keep", type=Path, help="folder for the weights in full")
    options.add_argument("--out", type=Path, default=TRAINED)
    chosen = options.parse_args()
    if chosen.keep:
        chosen.keep.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    engine, model = OnnxE5(), model_file()
    learnt = Examples(Paragraphs(held_out=False), engine)
    held_out = Examples(Paragraphs(held_out=True), engine)
    print(f"{len(learnt)} pairs to learn from, {len(held_out)} held out", flush=True)
    network = Network(model)
    train(network, learnt, held_out, chosen.epochs, chosen.keep)
    np.savez(chosen.out, **served(network, model))


if __name__ == "__main__":
    main()
