"""What a build shows while it works, where there is no terminal."""

import pytest

from guide.commands import build_progress
from guide.commands.build_progress import ShownProgress, shown_progress


def test_each_stage_is_said_when_it_begins_and_then_every_so_often(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [100.0]
    monkeypatch.setattr(build_progress.time, "monotonic", lambda: now[0])
    with shown_progress() as progress:
        progress.say("Loading the model")
        for done in range(13):
            progress("reading", done, 40, f"tea-{done}.md")
            now[0] += 1
        progress("embedding", 0, 900)
    assert capsys.readouterr().err.splitlines() == [
        "Loading the model …",
        "Reading files: 0 of 40, tea-0.md",
        "Reading files: 5 of 40, tea-5.md",
        "Reading files: 10 of 40, tea-10.md",
        "Embedding: 0 of 900",
    ]


def test_on_a_terminal_each_stage_has_the_one_bar_with_the_file_that_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.progress import Progress

    bars = Progress(disable=True)
    progress = ShownProgress(bars)
    progress.say("Loading the model")
    progress("reading", 3, 40, "[tea].md")
    [task] = bars.tasks
    assert (task.description, task.completed, task.total, task.fields) == ("Reading files", 3, 40, {"file": "[tea].md"})
