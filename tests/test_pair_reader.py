"""Questions and passages read as one text, by the bundled model's trained layers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot import live
from bot.settings import Settings
from index.bundled import ModelFile, model_file
from index.confidence import READING_TRUST_BOUNDS, USUAL_READING, Calibration, with_reading
from index.embedder import PairEmbedder, Reading
from index.engines import open_embedder
from index.judge import TIE, Judge
from index.onnx_e5 import PARTS, OnnxE5
from index.pair_reader import HEADS, TRAINED, pair_of, trained_for

TITLE = "Kent kütüphanesi"
HOURS = (
    "Kütüphane kent meydanındadır.",
    "Hafta içi 09.00 ile 20.00, cumartesi 10.00 ile 16.00 arasında açıktır.",
    "Pazar günleri kapalıdır.",
)
CARDS = ("Üyelik kartı bir yıl geçerlidir.", "Kaybolan kart için 40 lira alınır.")


@pytest.fixture(scope="module")
def engine() -> OnnxE5:
    engine = open_embedder()
    assert isinstance(engine, OnnxE5)
    assert isinstance(engine, PairEmbedder)
    return engine


def read(engine: OnnxE5, question: str, sentences: tuple[str, ...]) -> Reading:
    reading = engine.read_pair(question, TITLE, sentences)
    assert reading is not None
    assert reading.sentences.shape == (len(sentences),)
    return reading


@pytest.mark.parametrize(
    ("question", "answers", "other", "place"),
    [
        ("Kütüphane cumartesi kaça kadar açık?", HOURS, CARDS, 1),
        ("kartımı kaybettim ne kadar öderim", CARDS, HOURS, 1),
        ("On which days is the library closed?", HOURS, CARDS, 2),
        ("Where is the library?", HOURS, CARDS, 0),
        ("Kütüphane nerede?", HOURS, CARDS, 0),
    ],
)
def test_what_answers_reads_better_and_its_sentence_best(
    engine: OnnxE5, question: str, answers: tuple[str, ...], other: tuple[str, ...], place: int
) -> None:
    reading = read(engine, question, answers)
    assert reading.answers > read(engine, question, other).answers
    assert int(reading.sentences.argmax()) == place


def test_a_reading_depends_on_nothing_that_is_read_beside_it(engine: OnnxE5) -> None:
    questions = [f"{number}. kat ne zaman açılır?" for number in range(8)]
    alone = [read(engine, question, HOURS).answers for question in questions]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda question: read(engine, question, HOURS).answers, questions))
    assert together == alone


def test_of_a_long_passage_its_beginning_is_read(engine: OnnxE5) -> None:
    reading = read(engine, "Kütüphane ne zaman açık?", HOURS * 40)
    seen = np.isfinite(reading.sentences)
    assert seen[:3].all()
    assert not seen[-1]
    assert (np.diff(seen.astype(int)) <= 0).all()


@pytest.mark.parametrize("sentences", [(), ("",), (" ", "\0\ud800"), ("x" * 20_000,)])
@pytest.mark.parametrize("question", ["", "\0", "Kaçta?" * 500])
def test_any_text_can_be_read(engine: OnnxE5, question: str, sentences: tuple[str, ...]) -> None:
    assert np.isfinite(read(engine, question, sentences).answers)


def test_a_pair_says_where_its_parts_begin() -> None:
    def cut(text: str) -> list[int]:
        return [ord(letter) for letter in text if letter.isalpha()]

    pair = pair_of(cut, 2, "ab", "T", ["cde", "fg"])
    assert pair.ids == [ord("a"), ord("b"), 2, ord("T"), *map(ord, "cdefg")]
    assert pair.starts == [4, 5, 8, 10]  # with the begin mark before
    assert pair.kinds.tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1]


def test_weights_are_for_one_revision_of_the_model_only() -> None:
    assert trained_for(model_file().fingerprint()) is not None
    assert trained_for("another") is None


def test_another_revision_answers_without_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ModelFile, "fingerprint", lambda _: "another")
    assert OnnxE5().read_pair("Kaçta?", TITLE, HOURS) is None


def test_what_is_read_weighs_more_where_the_search_is_surer() -> None:
    poor = USUAL_READING - 1
    moves = [with_reading(logit, poor) - logit for logit in (-4.0, 0.0, 1.0, 6.0)]
    assert moves == sorted(moves, reverse=True)
    assert (moves[0], moves[-1]) == pytest.approx([-bound for bound in READING_TRUST_BOUNDS])
    assert with_reading(2.0, USUAL_READING) == 2.0


@pytest.mark.heavy
def test_the_graph_computes_what_was_trained(engine: OnnxE5) -> None:
    torch = pytest.importorskip("torch")
    from tools.train_reader import Network

    network = Network(model_file()).eval()
    with np.load(TRAINED) as kept, torch.no_grad():
        for place, number in enumerate(PARTS["middle"]):
            layer, name = network.layers[place], f"l{number}."

            def whole(part: str, name: str = name) -> np.ndarray:
                smoothing = {"q": "qkv", "k": "qkv", "v": "qkv"}.get(part, part)
                matrix = kept[f"{name}{part}.w"].T * kept[f"{name}{part}.scale"][:, None]
                evened = f"{name}{smoothing}.smoothing"
                return matrix * kept[evened] if evened in kept.files else matrix

            layer.qkv.weight.copy_(torch.tensor(np.concatenate([whole(p) for p in "qkv"])))
            layer.qkv.bias.copy_(torch.tensor(kept[f"{name}qkv.b"]))
            for part in ("ao", "fi", "fo"):
                getattr(layer, part).weight.copy_(torch.tensor(whole(part)))
                getattr(layer, part).bias.copy_(torch.tensor(kept[f"{name}{part}.b"]))
            for part in ("aln", "oln"):
                getattr(layer, part).weight.copy_(torch.tensor(kept[f"{name}{part}.w"]))
                getattr(layer, part).bias.copy_(torch.tensor(kept[f"{name}{part}.b"]))
        for head in HEADS:
            name, _, part = head.partition(".")
            parameter = getattr(getattr(network, name), "bias" if part == "b" else "weight")
            parameter.copy_(torch.tensor(kept[head].astype(np.float32)))
        for question in ("Kütüphane cumartesi kaça kadar açık?", "Kart kaç lira?"):
            pair = engine.pair(question, TITLE, HOURS)
            states = torch.tensor(engine.pair_states(pair))[None]
            lengths, kinds = torch.tensor([states.shape[1]]), torch.tensor(pair.kinds)[None]
            answers, spans = network(states, lengths, kinds)
            reading = read(engine, question, HOURS)
            assert reading.answers == pytest.approx(float(answers), abs=0.15)
            bounds = zip(pair.starts[1:-1], pair.starts[2:], strict=True)
            best = [float(spans[0, start:stop].max()) for start, stop in bounds]
            assert reading.sentences == pytest.approx(best, abs=0.3)


@pytest.mark.heavy
def test_what_is_learnt_from_is_not_what_is_measured_by() -> None:
    pytest.importorskip("torch")
    from tools.train_reader import Paragraphs

    learnt, held_out = Paragraphs(held_out=False), Paragraphs(held_out=True)
    assert not {*learnt.texts} & {*held_out.texts}
    assert len(held_out.texts) == 640
    assert len(learnt.texts) == 5760
    for question in held_out.questions[:200]:
        spans = held_out.spans[question.paragraph]
        inside = [span.start <= question.answer < span.end for span in spans]
        assert sum(inside) == (question.answer >= 0)


@pytest.mark.parametrize(("lead", "place"), [(TIE / 20, 0), (TIE * 1.5, 1)])
def test_near_ties_come_in_the_order_that_reading_gives(
    tmp_path: Path, lead: float, place: int
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    fee = "Yüzme kursu için ayda 900 lira alınır. Kardeşlere indirim yapılır."
    days = "Yüzme kursu pazartesi ve çarşamba günleridir. Kurs yirmi kişiyle sınırlıdır."
    for number, text in enumerate((fee, days)):
        (seeds / f"{number}.md").write_text(f"# Deniz Kulübü\n\n{text}\n", encoding="utf-8")
    settings = Settings(_env_file=None, seeds_dir=seeds, index_dir=tmp_path / "index")
    live.build_index(settings)
    question = "Deniz Kulübü'nde yüzmeye ne öderim?"
    found = live.open_answerer(settings).find(question, k=3)
    right, other = found.ranking.hits
    hits = replace(right, score=0.6), replace(other, score=0.6 + lead)
    ranking = found.ranking.rescored([replace(hit, reading=None) for hit in hits])
    judge = Judge(found.index, Calibration(), None, found.reader)
    judged, _ = judge(question, ranking, found.tokens, "tr")
    records = found.index.passages(np.array([hit.row for hit in judged.hits]))
    assert records[place].text == fee
    assert all(hit.reading for hit in judged.hits[: 2 - place])
