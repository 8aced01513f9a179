"""Stems."""

import pytest

from guide.text.stems import is_content_word, stems


def test_stems_join_a_words_forms() -> None:
    assert stems("withdrawing") == stems("withdraws") == ["withdraw"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [("dose", True), ("numbness", True), ("about", False), ("don’t", False), ("they've", False), ("?", False)],
)
def test_content_words(word: str, expected: bool) -> None:
    assert is_content_word(word) is expected
