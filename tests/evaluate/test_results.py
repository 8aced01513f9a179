"""Figures over rows, worked out by hand, and how they are printed, written and drawn."""

import importlib.util
import json
from pathlib import Path

import pytest

from guide.answering.confidence import threshold
from guide.evaluate.loaders import DataError
from guide.evaluate.measures import wilson
from guide.evaluate.plots import PlotError, check, draw
from guide.evaluate.report import table, tables, write
from guide.evaluate.results import ResultRow, Results, by_kind, figures, intervals


def row(id_: str, kind: str, confidence: float, *, hit: float | None = None) -> ResultRow:
    """A row of an answerable question if it says whether it is a `hit`; covered from a confidence of .5."""
    measured = {} if hit is None else {"hit@1": hit}
    return ResultRow(id_, kind, "Why?", "Why?", hit is not None, (), measured, confidence, confidence >= 0.5)


ROWS = (
    row("1", "direct", 0.9, hit=1),
    row("2", "direct", 0.8, hit=0),
    row("3", "keywords", 0.4, hit=0),
    row("4", "near", 0.6),
    row("5", "near", 0.1),
    row("6", "far", 0.0),
)


def test_figures_over_all_rows() -> None:
    found = figures(ROWS)
    assert found == {
        "hit@1": pytest.approx(1 / 3),
        "shown as covered": pytest.approx(2 / 3),
        "AUROC against near": pytest.approx(5 / 6),
        "refused of near": 1 / 2,
        "AUROC against far": 1.0,
        "refused of far": 1.0,
        "calibration error": pytest.approx((0.1 + 0.2 + 0.6 + 0.6 + 0.1 + 0) / 6),
    }


def test_figures_of_each_kind() -> None:
    assert by_kind(ROWS) == {
        "direct": {"questions": 2, "hit@1": 0.5, "covered": 1.0, "calibration error": pytest.approx(0.15)},
        "keywords": {"questions": 1, "hit@1": 0.0, "covered": 0.0, "calibration error": pytest.approx(0.6)},
        "near": {
            "questions": 2,
            "refused": 0.5,
            "AUROC": pytest.approx(5 / 6),
            "calibration error": pytest.approx(0.35),
        },
        "far": {"questions": 1, "refused": 1.0, "AUROC": 1.0, "calibration error": 0.0},
    }


def test_only_shares_have_intervals() -> None:
    assert intervals(ROWS) == {
        "hit@1": wilson(1, 3),
        "shown as covered": wilson(2, 3),
        "refused of near": wilson(1, 2),
        "refused of far": wilson(1, 1),
    }


def test_one_sort_of_question_alone_has_no_auroc() -> None:
    assert "AUROC against near" not in figures(ROWS[3:5])
    assert set(figures(ROWS[:1])) == {"hit@1", "shown as covered", "calibration error"}


def test_a_measure_that_a_row_lacks_is_a_mean_over_the_others() -> None:
    other = ResultRow("7", "direct", "Why?", "Why?", True, ("p",), {"hit@1": 1.0, "words": 80}, 0.9, True)
    assert figures((ROWS[0], other))["words"] == 80


def test_the_printed_tables() -> None:
    printed = tables(Results("tea", ROWS)).splitlines()
    assert printed[0] == "## tea: 6 questions"
    assert "| hit@1              | 0.333 | 0.061–0.792  |" in printed
    assert "| AUROC against near | 0.833 | –            |" in printed
    assert "| kind     | questions | hit@1 | covered | calibration error | refused | AUROC |" in printed
    assert "| near     | 2         | –     | –       | 0.350             | 0.500   | 0.833 |" in printed


def test_a_table_without_rows_is_its_header() -> None:
    assert table(("kind", "n"), []) == "| kind | n |\n|------|---|"


def test_what_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    write([Results("tea", ROWS)], folder)
    written = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert written["threshold"] == threshold()
    (tea,) = written["sets"]
    assert (tea["name"], tea["figures"]) == ("tea", figures(ROWS))
    assert tea["kinds"] == by_kind(ROWS)
    assert tea["intervals"]["hit@1"] == list(wilson(1, 3))
    assert [one["id"] for one in tea["rows"]] == ["1", "2", "3", "4", "5", "6"]
    assert tea["rows"][0] == {
        "id": "1",
        "kind": "direct",
        "question": "Why?",
        "searched_as": "Why?",
        "answerable": True,
        "found": [],
        "measures": {"hit@1": 1},
        "confidence": 0.9,
        "covered": True,
        "safety": "none",
    }
    pictures = sorted(path.name for path in folder.glob("*.png"))
    assert pictures == ["tea-abstention.png", "tea-by-kind.png", "tea-reliability.png"]


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(DataError, match=r"can't be written to .*out \(File exists\); name another folder"):
        write([Results("tea", ROWS)], tmp_path / "out")


@pytest.mark.parametrize("rows", [ROWS[:1], ROWS[3:], ROWS * 40], ids=["one answerable", "none answerable", "many"])
def test_any_rows_can_be_drawn(rows: tuple[ResultRow, ...], tmp_path: Path) -> None:
    paths = draw(Results("tea", rows), tmp_path)
    assert [path.read_bytes()[:4] for path in paths] == [b"\x89PNG"] * 3


def test_the_plots_show_the_figures() -> None:
    from matplotlib.figure import Figure

    from guide.evaluate import plots

    results = Results("tea", ROWS)
    bars, curve, dots = (Figure().subplots() for _ in range(3))
    plots._by_kind(results, bars)
    assert [bar.get_width() for bar in bars.patches] == [0.5, 0.0]
    assert [label.get_text() for label in bars.get_yticklabels()] == ["direct (2)", "keywords (1)"]
    plots._abstention(results, curve)
    lines = {line.get_label(): line for line in curve.lines}
    shown = dict(zip(*lines["answerable, shown (3)"].get_data(), strict=True))
    assert (shown[0.0], shown[0.5], shown[1.0]) == (1.0, pytest.approx(2 / 3), 0.0)
    refused = dict(zip(*lines["near, refused (2)"].get_data(), strict=True))
    assert (refused[0.0], refused[0.5], refused[1.0]) == (0.0, 0.5, 1.0)
    assert list(curve.lines[-1].get_xdata()) == [threshold(), threshold()]
    plots._reliability(results, dots)
    assert list(zip(*dots.lines[-1].get_data(), strict=True)) == [
        (pytest.approx(0.0), 0.0), (pytest.approx(0.1), 0.0), (pytest.approx(0.4), 1.0),
        (pytest.approx(0.6), 0.0), (pytest.approx(0.8), 1.0), (pytest.approx(0.9), 1.0),
    ]  # fmt: skip


def test_without_matplotlib_a_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "matplotlib" else real(name))
    with pytest.raises(
        PlotError, match=r"matplotlib, which isn't installed; run `pip install 'quoted-guide\[evaluate\]'`"
    ):
        check()
