"""Two small articles, of both kinds of text, to build an index of."""

from pathlib import Path

import pytest


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with both."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "tea.md").write_text("# Tea\n\n## Green tea\n\nIt is mild.\n")
    (folder / "pots.txt").write_text("Pots\n\nOf Clay\n\nThey keep warm.\n")
    return folder
