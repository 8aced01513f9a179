"""Characters that are whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.text.normalise import whole_characters

HIGH, LOW = chr(0xD83D), chr(0xDE22)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("", ""),
        ("plain", "plain"),
        ("crème 😢", "crème 😢"),
        (f"sad {HIGH}", "sad �"),
        (f"{LOW} sad", "� sad"),
        (f"{HIGH}{LOW}", "😢"),
        (f"{LOW}{HIGH}", "��"),
        (f"{HIGH}{HIGH}{LOW}x", "�😢x"),
        (f"\ufeff{HIGH}", "\ufeff�"),  # what may be a mark of the byte order stays
        (chr(0xDCE9), "�"),  # a byte of the command line that isn't UTF-8
    ],
)
def test_a_sign_stands_for_each_half(text: str, whole: str) -> None:
    assert whole_characters(text) == whole


@given(st.text(st.characters(exclude_categories=[])))
def test_what_comes_out_is_whole_and_stays_so(text: str) -> None:
    whole = whole_characters(text)
    assert whole.encode().decode() == whole == whole_characters(whole)
