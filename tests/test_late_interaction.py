"""Passages read token by token: in another language, and before a refusal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot import live
from bot.settings import Settings
from index.answerer import Answerer
from index.bundled import model_file
from index.confidence import DOUBTFUL, logit_of
from index.embedder import TokenEmbedder, Tokens
from index.expected import Expected
from index.finder import Finder, Found
from index.late_interaction import ACROSS, WITHIN, LateInteraction, Ties, matched, near_ties
from index.onnx_e5 import OnnxE5
from index.query_terms import QueryTerms
from index.retriever import SHIPPED, Hit, Ranking
from index.token_codes import unpack
from index.token_reader import TokenReader, reader_of
from tests.fakes import WordEmbedder

SEEDS = {
    "köprü": "Galata Köprüsü'nün bugünkü hâli 1994'te açıldı. Üstünden tramvay geçer. "
    "Altında balık lokantaları vardır.",
    "kule": "Galata Kulesi 1348'de Cenevizliler tarafından yaptırıldı. Kule bugün müzedir.",
    "göl": "Issık Göl kışın donmaz. Gölün en derin yeri 668 metredir.",
    "han": "Büyük Valide Han'ı 1651'de Kösem Sultan yaptırdı. Handa atölyeler vardır.",
}


@pytest.fixture(scope="module")
def engine() -> OnnxE5:
    return OnnxE5(threads=2)


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder = tmp_path_factory.mktemp("late")
    settings = settings_of(folder)
    settings.seeds_dir.mkdir()
    for name, text in SEEDS.items():
        (settings.seeds_dir / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
    live.build_index(settings)
    return live.open_answerer(settings)


def settings_of(folder: Path) -> Settings:
    return Settings(_env_file=None, seeds_dir=folder / "seeds", index_dir=folder / "index")


def paths(found: Found) -> list[str]:
    return [record.document.path for _, record in found.passages()]


def test_each_piece_counts_by_its_best_counterpart() -> None:
    states = np.array([[1, 0, 0], [0, 1, 0]], np.float32)
    asked = Tokens(states, np.array([0.75, 0.25], np.float32))
    towards_first = np.array([[1, 0, 0], [0, 0, 1]], np.float32)
    towards_second = np.array([[0, 1, 0]], np.float32)
    assert asked.met_by([towards_first, towards_second]).tolist() == [[1, 0], [0, 1]]
    assert matched(asked, [towards_first, towards_second]) == pytest.approx(1)
    assert matched(asked, [towards_second]) == pytest.approx(0.25)
    halfway = np.array([[1, 1, 0]], np.float32) / np.sqrt(2, dtype=np.float32)
    assert matched(asked, [halfway]) == pytest.approx(np.sqrt(0.5))


def test_nothing_to_compare_matches_nothing() -> None:
    none, some = np.empty((0, 3), np.float32), np.ones((2, 3), np.float32)
    assert matched(Tokens(none, np.empty(0, np.float32)), [some]) == 0.0
    asked = Tokens(some, np.full(2, 0.5, np.float32))
    assert matched(asked, []) == matched(asked, [none]) == 0.0
    assert asked.met_by([]).shape == (0, 2)


def hit(row: int, score: float, *, other: bool = True) -> Hit:
    vectors = np.zeros(1, np.float32)
    return Hit(row, score, 0.8, vectors, vectors, 0.0, other, 0.5, not other)


def ranking_of(*hits: Hit) -> Ranking:
    return Ranking(Expected(""), hits, np.empty(0), QueryTerms(), np.empty((len(hits), 0), bool))


@pytest.mark.parametrize(("ties", "other"), [(ACROSS, True), (WITHIN, False)])
def test_what_nearly_ties_in_languages_as_the_first_is_read(ties: Ties, other: bool) -> None:
    def found(row: int, down: float) -> Hit:
        return hit(row, 1.0 - down * ties.reach, other=other)

    first, near, far = found(0, 0), found(1, 0.9), found(3, 1.1)
    assert near_ties(ranking_of(first, near, far)) == [0, 1]
    different = hit(2, 1.0 - 0.5 * ties.reach, other=not other)
    assert 1 not in near_ties(ranking_of(first, different, near))
    many = ranking_of(*(found(row, 0) for row in range(2 * ties.passages)))
    assert len(near_ties(many)) == ties.passages


def test_without_a_tie_only_another_language_is_read() -> None:
    assert near_ties(ranking_of(hit(0, 1.0), hit(1, 0.5))) == [0]
    assert near_ties(ranking_of(hit(0, 1.0, other=False), hit(1, 0.5, other=False))) == []
    assert near_ties(ranking_of()) == []


def test_a_tie_within_a_language_is_broken_by_tokens(answerer: Answerer) -> None:
    finder = answerer.state
    assert isinstance(finder, Finder)
    question = "Galata Kulesi'ni kimler yaptırdı?"
    found = answerer.find(question, k=4)
    reader = reader_of(OnnxE5(), finder.index)
    assert reader is not None
    hits = [replace(hit, score=1.0 - 0.001 * n) for n, hit in enumerate(found.ranking.hits)]
    read = LateInteraction(reader)(found.ranking.rescored(hits), reader.asked(question))
    assert sum(hit.match is not None for hit in read.hits) == WITHIN.passages
    assert read.hits[0].row == hits[0].row


def test_it_is_the_same_whether_kept_or_read_now(answerer: Answerer, engine: OnnxE5) -> None:
    finder = answerer.state
    assert isinstance(finder, Finder)

    class Forgetful:
        sentence_tokens = staticmethod(lambda row: ())
        passages = finder.index.passages

    kept, now = TokenReader(engine, finder.index), TokenReader(engine, Forgetful())  # type: ignore[arg-type]
    wanted = {row: [1, 0] for row in range(len(finder.index))}
    for one, other in zip(kept.read(wanted), now.read(wanted), strict=True):
        assert len(one) == len(other) == 2
        for states, again in zip(one, other, strict=True):
            # a text read beside others of its length may round a state to the next level
            assert np.mean((states * again).sum(axis=1)) > 0.99
    assert [len(states) for states in kept.kept(0)] and now.kept(0) == []


def test_tokens_do_not_depend_on_their_neighbours(engine: OnnxE5) -> None:
    texts = ["Göl donmaz.", "Kule 1348'de yapıldı ve bugün müzedir.", ""]
    for text, codes in zip(texts, engine.tokens(texts), strict=True):
        assert np.array_equal(engine.tokens([text])[0], codes)
        assert len(codes) == len(engine.token_ids(text))


def test_vectors_and_tokens_come_together(engine: OnnxE5) -> None:
    texts = ["Göl donmaz.", "", "Kule 1348'de yapıldı ve bugün müzedir.", "söz " * 600]
    rows, tokens = engine.passages_and_tokens(texts)
    assert np.array_equal(rows, engine.passages(texts))
    for codes, alone in zip(tokens, engine.tokens(texts), strict=True):
        assert np.array_equal(codes, alone)


def test_a_question_has_a_state_of_length_1_for_each_piece(engine: OnnxE5) -> None:
    question = "Who built the tower?"
    tokens = engine.asked(question)
    assert len(tokens.states) == len(tokens.weights) == len(engine.token_ids(question))
    (same,) = map(unpack, engine.tokens([question]))
    for states in (tokens.states, same):
        assert np.linalg.norm(states, axis=1) == pytest.approx(1)
    assert (np.argmax(tokens.states @ same.T, axis=1) == np.arange(len(same))).all()


def test_states_tell_what_a_piece_means_in_another_language(engine: OnnxE5) -> None:
    asked, answer = "The old bridge was opened in that year.", "O yıl içinde eski köprü açıldı."
    (states,) = map(unpack, engine.tokens([answer]))
    nearest = (engine.asked(asked).states @ states.T).argmax(axis=1)
    english, turkish = engine.token_ids(asked), engine.token_ids(answer)
    for one, other in (("old", "eski"), ("opened", "açıldı"), ("year", "yıl")):
        (piece,), (counterpart,) = engine.token_ids(one), engine.token_ids(other)
        assert turkish[nearest[english.index(piece)]] == counterpart


def test_a_question_that_was_just_embedded_is_not_read_again(engine: OnnxE5) -> None:
    question = "Which bridge was opened in 1994?"
    vector = engine.query(question)
    states = engine.asked(question).states
    assert engine.asked(question).states is states
    fresh = OnnxE5(threads=2)
    assert np.array_equal(fresh.asked(question).states, states)
    assert np.array_equal(fresh.query(question), vector)


def test_a_word_tells_as_much_as_its_rarest_piece(engine: OnnxE5) -> None:
    common, name = engine.token_ids("the"), engine.token_ids("Kyzylzhuldyz")
    assert len(common) == 1
    assert len(name) > 4  # a name that nobody knows is cut into many pieces
    tokens = engine.asked("the Kyzylzhuldyz the")
    the, pieces = tokens.weights[0], tokens.weights[1:-1]
    assert tokens.weights.sum() == pytest.approx(1)
    assert tokens.weights[-1] == the
    rarity = np.maximum(-model_file().vocabulary.scores[[*common, *name]] - 4, 0.1)
    assert pieces.sum() / the == pytest.approx(rarity[1:].max() / rarity[0])


@pytest.mark.parametrize("text", ["", " ", "\0", "\ud800", "a" * 3_000, "何?" * 400, "🦊" * 600])
def test_any_text_has_tokens(engine: OnnxE5, text: str) -> None:
    tokens, (codes,) = engine.asked(text), engine.tokens([text])
    assert len(tokens.states) == len(tokens.weights) <= 128
    assert np.isfinite(tokens.states).all()
    assert np.isfinite(unpack(codes)).all()
    assert len(codes) <= 128


def test_english_question_finds_the_sentence_in_turkish_seeds(answerer: Answerer) -> None:
    answer = answerer.ask("Which sultan had the han built in 1651?")
    found = answer.citations or answer.nearest
    assert found[0].path == "han.txt"
    assert found[0].highlighted == ("Büyük Valide Han'ı 1651'de Kösem Sultan yaptırdı.",)


def test_rereading_moves_scores_by_the_lead_in_matches(answerer: Answerer) -> None:
    found = answerer.find("When was the Galata Bridge opened?", k=4)
    read = [hit for hit in found.ranking.hits if hit.match]
    assert read
    values = {hit.match.value: hit.match.gain for hit in read if hit.match}
    zero = [value for value, gain in values.items() if gain == 0]
    assert len(zero) == 1  # the passage that was first before
    for value, gain in values.items():
        assert gain == pytest.approx(ACROSS.weight * (value - zero[0]))
    scores = [hit.score for hit in found.ranking.hits]
    assert scores == sorted(scores, reverse=True)
    assert paths(found)[0] == "köprü.txt"


def test_a_sure_answer_in_the_same_language_is_not_read_again(answerer: Answerer) -> None:
    found = answerer.find("Galata Köprüsü ne zaman açıldı?", k=4)
    assert logit_of(found.confidence) > DOUBTFUL[1]
    assert [hit.match for hit in found.ranking.hits] == [None] * len(found.ranking.hits)


def test_what_is_far_off_is_refused_unread(answerer: Answerer) -> None:
    found = answerer.find("Limanda kaç gemi battı?", k=4)
    assert logit_of(found.confidence) < DOUBTFUL[0]
    assert found.ranking.hits[0].match is None


def test_before_a_refusal_the_first_passage_is_read(answerer: Answerer) -> None:
    found = answerer.find("Gölde hangi balıklar yaşar?", k=4)
    first, *others = found.ranking.hits
    assert first.match is not None
    assert first.match.gain == 0
    assert [hit.match for hit in others] == [None] * len(others)
    scores = [hit.score for hit in found.ranking.hits]
    assert scores == sorted(scores, reverse=True)


def test_what_was_read_decides_on_a_refusal(answerer: Answerer) -> None:
    finder = answerer.state
    assert isinstance(finder, Finder)
    found = answerer.find("Gölde hangi balıklar yaşar?", k=4)
    first, *others = found.ranking.hits
    assert first.match is not None
    confidences = []
    for match in (replace(first.match, value=0.1), None, replace(first.match, value=0.9)):
        ranking = replace(found.ranking, hits=(replace(first, match=match), *others))
        confidences.append(finder.reweighed(replace(found, ranking=ranking), SHIPPED).confidence)
    assert confidences == sorted(confidences)
    assert confidences[0] < confidences[1] < confidences[2]


def test_a_follow_up_is_read_before_a_refusal_too(answerer: Answerer) -> None:
    finder = answerer.state
    assert isinstance(finder, Finder)
    found = answerer.find("Gölde hangi balıklar yaşar?", k=4)
    last = [record.key for _, record in found.passages()][-1:]
    again = finder.continuing(found, last)
    assert again.ranking.hits[0].match is not None


def test_other_weights_keep_what_the_tokens_said(answerer: Answerer) -> None:
    finder = answerer.state
    assert isinstance(finder, Finder)
    found = answerer.find("Who built the tower?", k=4)
    again = finder.reweighed(found, SHIPPED)
    assert paths(again) == paths(found)
    assert [h.score for h in again.ranking.hits] == pytest.approx(
        [h.score for h in found.ranking.hits]
    )


def test_confidence_grows_with_the_match(answerer: Answerer) -> None:
    finder = answerer.state
    assert isinstance(finder, Finder)
    found = answerer.find("Who built the tower?", k=4)
    first = found.ranking.hits[0]
    assert first.match is not None
    confidences = []
    for value in (0.2, 0.4, 0.6):
        moved = replace(first, match=replace(first.match, value=value))
        ranking = found.ranking.rescored([moved, *found.ranking.hits[1:]])
        confidences.append(finder.reweighed(replace(found, ranking=ranking), SHIPPED).confidence)
    assert confidences == sorted(confidences)
    assert confidences[0] < confidences[-1]


def test_only_models_with_tokens_are_asked_for_them(engine: OnnxE5) -> None:
    assert isinstance(engine, TokenEmbedder)
    assert not isinstance(WordEmbedder(), TokenEmbedder)
