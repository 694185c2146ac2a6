"""A cross-encoder reorders what was found; a real one of chance, loaded from a folder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bot.cli import _parser
from bot.doctor import examine
from bot.evaluation import measure, report, report_json
from bot.settings import load_settings
from index.answer import Verdict
from index.comparison import differences
from index.errors import EmbedderError
from index.evaluate import Outcome
from index.questions_file import Case
from index.reranker import CrossEncoderReranker, reranked
from tests.telegram_bot import real_answerer, real_folder, real_settings
from tests.tiny_models import heavy, make_cross_encoder

QUESTION = "İzmir hangi şehirle kardeş?"


class TestCrossEncoder:
    pytestmark = heavy

    @pytest.fixture(scope="class")
    def folder(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return make_cross_encoder(tmp_path_factory.mktemp("models") / "cross")

    def test_scores_are_the_models_own(self, folder: Path) -> None:
        from sentence_transformers import CrossEncoder

        texts = ["Bişkek ile kardeştir.", "", "Göl donmaz. \0 \ud800"]
        scores = CrossEncoderReranker(str(folder)).scores(QUESTION, texts)
        assert scores.dtype == np.float32
        own = CrossEncoder(str(folder)).predict([(QUESTION, texts[0]), (QUESTION, texts[1])])
        np.testing.assert_allclose(scores[:2], own, atol=1e-6)
        assert CrossEncoderReranker(str(folder)).scores(QUESTION, []).shape == (0,)

    def test_passages_change_places_and_scores_stay(self, folder: Path) -> None:
        finder = real_answerer()._finder  # type: ignore[attr-defined]
        ranking = finder.find(QUESTION, k=10).ranking
        reranker = CrossEncoderReranker(str(folder), candidates=6)
        after = reranked(reranker, QUESTION, ranking, finder.index)
        assert [hit.score for hit in after.hits] == [hit.score for hit in ranking.hits]
        assert after.hits[6:] == ranking.hits[6:]
        rows = [hit.row for hit in ranking.hits[:6]]
        assert sorted(hit.row for hit in after.hits[:6]) == sorted(rows)
        records = finder.index.passages(np.array([hit.row for hit in after.hits[:6]]))
        texts = [". ".join(filter(None, (r.document.title, *r.headings, r.text))) for r in records]
        scores = reranker.scores(QUESTION, texts)
        assert scores.tolist() == sorted(scores.tolist(), reverse=True)
        for hit, matches in zip(after.hits, after.matches, strict=True):
            before = next(n for n, each in enumerate(ranking.hits) if each.row == hit.row)
            assert (matches == ranking.matches[before]).all()

    def test_answers_come_in_its_order_and_eval_says_what_it_changes(
        self,
        folder: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        settings = real_settings(real_folder())
        for name in ("seeds_dir", "index_dir", "state_dir"):
            monkeypatch.setenv(name.upper(), str(getattr(settings, name)))
        monkeypatch.setenv("DANIS_LANG", "tr")
        monkeypatch.setenv("RERANKER_MODEL", str(folder))
        monkeypatch.setenv("RERANKER_CANDIDATES", "5")
        file = tmp_path / "questions.jsonl"
        lines = Path("questions/seeds.jsonl").read_text(encoding="utf-8").splitlines()[:8]
        file.write_text("\n".join(lines), encoding="utf-8")
        measured = measure(load_settings(), _parser().parse_args(["eval", str(file)]))
        assert measured.without is not None
        places = [outcome.places for outcome in measured.outcomes]
        assert places != [outcome.places for outcome in measured.without]
        shown = report(measured, "tr")
        assert shown.splitlines()[0].split() == ["sıralayıcısız", "sıralayıcıyla"]
        assert "Sıralayıcının getirdiği" in shown
        figures = json.loads(report_json(measured))
        assert figures["without_reranker"]["recall_at_1"] > figures["recall_at_1"]  # it is chance
        assert figures["differences"][0]["worse"] > 0
        finding = next(f for f in examine(load_settings()) if f.subject == "reranker")
        assert finding.well and finding.text.startswith(f"{folder}: 5 parça")

    def test_a_model_with_several_labels_is_refused_at_once(self, tmp_path: Path) -> None:
        with pytest.raises(EmbedderError, match="is no reranker"):
            CrossEncoderReranker(str(make_cross_encoder(tmp_path / "labels", labels=3)))

    def test_a_folder_that_is_no_model_is_an_error_with_a_next_step(self, tmp_path: Path) -> None:
        (tmp_path / "config.json").write_text(json.dumps({"model_type": "nothing"}))
        with pytest.raises(EmbedderError, match="leave RERANKER_MODEL empty"):
            CrossEncoderReranker(str(tmp_path))

    def test_a_name_that_is_not_here_is_an_error_with_a_next_step(self) -> None:
        with pytest.raises(EmbedderError, match="danis models fetch nobody/nothing"):
            CrossEncoderReranker("nobody/nothing")


def outcome(number: int, place: int | None, verdict: Verdict = Verdict.ANSWERED) -> Outcome:
    case = Case(f"soru {number}", "a.txt", "")
    places = tuple(float(at == place) for at in range(10))
    return Outcome(case, 0.9, verdict, places, None, 0.01)


class TestDifferences:
    def test_a_change_of_every_question_is_clear(self) -> None:
        before = [outcome(n, 1) for n in range(20)]
        after = [outcome(n, 0) for n in range(20)]
        first = differences(before, after)[0]
        assert (first.figure, first.before, first.after) == ("R@1", 0.0, 1.0)
        assert (first.better, first.worse, first.clear) == (20, 0, True)

    def test_one_better_and_one_worse_is_not(self) -> None:
        before = [outcome(0, 0), outcome(1, 1), *(outcome(n, 0) for n in range(2, 10))]
        after = [outcome(0, 1), outcome(1, 0), *(outcome(n, 0) for n in range(2, 10))]
        first = differences(before, after)[0]
        assert (first.better, first.worse, first.clear) == (1, 1, False)
        assert first.low < 0 < first.high

    def test_a_right_verdict_is_the_right_seed_or_a_right_refusal(self) -> None:
        absent = Outcome(Case("?", None, ""), 0.1, Verdict.REFUSED, (), None, 0.01)
        before = [outcome(0, 0, Verdict.REFUSED), absent]
        after = [outcome(0, 0), absent]
        verdict = differences(before, after)[-1]
        assert (verdict.figure, verdict.before, verdict.after) == ("verdict", 0.5, 1.0)

    def test_different_questions_are_not_compared(self) -> None:
        with pytest.raises(ValueError, match="different questions"):
            differences([outcome(0, 0)], [outcome(1, 0)])
