"""The benchmarks' own parts: what they print and draw is what they measured."""

from __future__ import annotations

import json
from pathlib import Path

from bench import near_misses, plots, scale
from bot import live
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
PNG = b"\x89PNG"


def test_table_has_a_row_for_each_figure_and_a_column_for_each_size() -> None:
    shown = scale.printed({1_000: {"cold ask, s": 0.5}, 10_000: {"cold ask, s": 0.6, "new, s": 2}})
    head, cold, new = shown.splitlines()
    assert head.split() == ["passages", "1,000", "10,000"]
    assert cold.split()[-2:] == ["0.500", "0.600"]
    assert new.split()[-1] == "2.000"


def test_every_picture_is_drawn_from_the_figures_that_there_are(tmp_path: Path) -> None:
    whole = {line.figure: 1.0 for plot in plots.PLOTS for line in plot.lines}
    plots.draw({1_000: whole, 10_000: {"cold ask, s": 0.6}}, tmp_path)
    drawn = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert drawn.keys() == {f"scale-{plot.name}.png" for plot in plots.PLOTS}
    assert all(picture.startswith(PNG) for picture in drawn.values())


def test_figures_of_the_docs_are_drawn(tmp_path: Path) -> None:
    file = ROOT / "docs" / "performance.json"
    plots.main([str(file), str(tmp_path)])
    drawn = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert len(drawn) == len(plots.PLOTS)
    assert all(picture.startswith(PNG) for picture in drawn.values())
    sizes = json.loads(file.read_text(encoding="utf-8"))["sizes"]
    measured = {name for figures in sizes.values() for name in figures}
    assert {line.figure for plot in plots.PLOTS for line in plot.lines} <= measured


def test_docs_show_every_picture_that_is_drawn() -> None:
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    for plot in plots.PLOTS:
        assert f"(scale-{plot.name}.png)" in page
        assert (ROOT / "docs" / f"scale-{plot.name}.png").read_bytes().startswith(PNG)


def test_near_misses_are_questions_whose_answer_was_left_out(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    texts = {
        "kule": "Saat Kulesi 1901 yılında Konak Meydanı'nda Sultan Abdülhamid için yaptırıldı.",
        "göl": "Issık Göl Kırgızistan'ın doğusunda yer alır ve kışın hiçbir zaman donmaz.\n\n"
        "Gölün en derin yeri 668 metre, kıyılarının uzunluğu 688 kilometredir.",
    }
    for name, text in texts.items():
        (seeds / f"{name}.txt").write_text(text, encoding="utf-8")
    settings = Settings(_env_file=None, seeds_dir=seeds, index_dir=tmp_path / "index")
    live.build_index(settings)
    found = list(near_misses.judged(settings, rounds=2))
    kinds = [one.kind for one in found]
    assert kinds.count("nothing left out") == 6
    assert kinds.count("its passage left out") == 6
    assert kinds.count("its document left out") == 4  # the tower has but one passage
    for one in found:
        row = one.searched.probe.sample.row
        assert bool(one.searched.left_out) == (
            row not in {h.row for h in one.searched.ranking.hits}
        )
    table = near_misses.figures(found).splitlines()
    assert table[-1].split()[-1] == "10"
    assert len(list(near_misses.shown(found, 4))) == 4
